using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CourseKit.Host.Language;

/// <summary>Finds out what the name at the cursor means and what its documentation says; in the brackets of a call, what is called.</summary>
internal sealed class Explainer
{
    private const int MostOverloads = 12;

    private static readonly SymbolDisplayFormat Format = new(
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters,
        memberOptions: SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeContainingType
            | SymbolDisplayMemberOptions.IncludeModifiers | SymbolDisplayMemberOptions.IncludeConstantValue | SymbolDisplayMemberOptions.IncludeRef,
        delegateStyle: SymbolDisplayDelegateStyle.NameAndSignature,
        extensionMethodStyle: SymbolDisplayExtensionMethodStyle.Default,
        parameterOptions: SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeDefaultValue
            | SymbolDisplayParameterOptions.IncludeParamsRefOut | SymbolDisplayParameterOptions.IncludeExtensionThis,
        propertyStyle: SymbolDisplayPropertyStyle.ShowReadWriteDescriptor,
        kindOptions: SymbolDisplayKindOptions.IncludeTypeKeyword | SymbolDisplayKindOptions.IncludeNamespaceKeyword,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private readonly XmlDocumentation _documentation = new();

    /// <summary>Explains.</summary>
    /// <param name="compilation">The cells so far and this one.</param>
    /// <param name="cursor">An index into this cell's source.</param>
    /// <param name="withSource">Whether the code of what a cell declares is wanted too.</param>
    /// <returns>Null when there is nothing to explain.</returns>
    public Explanation? Explain(Compilation compilation, int cursor, bool withSource)
    {
        var tree = compilation.SyntaxTrees.Last();
        var (root, model) = (tree.GetRoot(), compilation.GetSemanticModel(tree));
        var symbols = At(root, model, cursor);
        if (symbols.Count == 0)
            return null;
        var documented = symbols.Select(symbol => _documentation.Of(Documented(symbol), compilation)).FirstOrDefault(member => member is not null);
        var signatures = symbols.Take(MostOverloads).Select(Signature).ToList();
        if (symbols.Count > MostOverloads)
            signatures.Add($"// and {symbols.Count - MostOverloads} more");
        // A constructor says how to make it; what it is, with its equation, stands at the class.
        var made = symbols[0] is IMethodSymbol { MethodKind: MethodKind.Constructor } ? _documentation.Of(symbols[0].ContainingType, compilation) : null;
        return new(signatures, documented?.Element("summary") is { } summary ? DocumentationText.Of(summary) : "",
            [.. Sections(documented), .. About(made, symbols[0].ContainingType?.Name)],
            withSource ? symbols[0].DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax().ToString() : null);
    }

    private static List<ISymbol> At(SyntaxNode root, SemanticModel model, int cursor)
    {
        // The name that the cursor is in, or at the end of.
        foreach (var at in (int[])[cursor, cursor - 1])
        {
            var token = at < 0 || at >= root.FullSpan.End ? default : root.FindToken(at);
            if (token.IsKind(SyntaxKind.None) || at < token.SpanStart || at >= token.Span.End)
                continue;
            if (token.Parent is { } parent && (token.IsKind(SyntaxKind.IdentifierToken) || parent is PredefinedTypeSyntax || token.IsKind(SyntaxKind.NewKeyword)))
                return Meant(parent, model);
        }
        // In the brackets of a call, what is called.
        for (var node = root.FindToken(Math.Clamp(cursor - 1, 0, Math.Max(0, root.FullSpan.End - 1))).Parent; node is not null; node = node.Parent)
        {
            if (node is ArgumentListSyntax { Parent: ExpressionSyntax call } && node.SpanStart < cursor)
                return [.. Overloads.Of(model, call)];
        }
        return [];
    }

    private static List<ISymbol> Meant(SyntaxNode node, SemanticModel model)
    {
        if (node is NameColonSyntax { Name: var named })
            node = named;
        if (node is BaseObjectCreationExpressionSyntax creation)
            return [.. Overloads.Of(model, creation)];
        if (node.Parent is ObjectCreationExpressionSyntax { Type: var type } create && type == node && Overloads.Of(model, create) is { Count: > 0 } constructors)
            return [.. constructors];
        if (model.GetDeclaredSymbol(node) is { } declared)
            return [declared];
        if (Overloads.OfName(model, node) is { Count: > 0 } methods)
            return [.. methods];
        var info = model.GetSymbolInfo(node);
        return info.Symbol is { } symbol ? [symbol] : [.. info.CandidateSymbols];
    }

    // A variable is explained by its type, a constructor without words of its own by its class.
    private static ISymbol Documented(ISymbol symbol) => symbol switch
    {
        ILocalSymbol local => local.Type,
        IParameterSymbol parameter => parameter.Type,
        IFieldSymbol { ContainingType.IsScriptClass: true } field => field.Type,
        IAliasSymbol alias => alias.Target,
        _ => symbol,
    };

    private static string Signature(ISymbol symbol) => symbol switch
    {
        ILocalSymbol local => $"{local.Type.ToDisplayString(Format)} {local.Name}",
        IFieldSymbol { ContainingType.IsScriptClass: true } field => $"{field.Type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)} {field.Name}",
        IMethodSymbol { ContainingType.IsScriptClass: true } method => method.ToDisplayString(Format.RemoveMemberOptions(SymbolDisplayMemberOptions.IncludeContainingType)),
        IMethodSymbol { MethodKind: MethodKind.Constructor } method => "new " + method.ToDisplayString(Format.RemoveMemberOptions(SymbolDisplayMemberOptions.IncludeContainingType)),
        _ => symbol.ToDisplayString(Format),
    };

    private static IEnumerable<(string Title, IReadOnlyList<(string Name, string Text)> Entries)> About(XElement? type, string? name)
    {
        var parts = new[] { type?.Element("summary"), type?.Element("remarks") }.OfType<XElement>().Select(part => (Name: "", Text: DocumentationText.Of(part))).ToList();
        return parts.Count == 0 ? [] : [(name!, parts)];
    }

    private static IEnumerable<(string Title, IReadOnlyList<(string Name, string Text)> Entries)> Sections(XElement? member)
    {
        if (member is null)
            yield break;
        foreach (var (title, element, attribute) in new[] { ("Parameters", "param", "name"), ("Returns", "returns", ""), ("Value", "value", ""), ("Throws", "exception", "cref"), ("Remarks", "remarks", "") })
        {
            var entries = member.Elements(element).Select(part => (
                Name: attribute.Length == 0 ? "" : DocumentationText.ShortName(part.Attribute(attribute)?.Value ?? ""), Text: DocumentationText.Of(part)))
                .Where(entry => entry.Text.Length > 0 || entry.Name.Length > 0).ToList();
            if (entries.Count > 0)
                yield return (title, entries);
        }
    }
}
