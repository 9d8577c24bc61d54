using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CourseKit.Host.Language;

/// <summary>Names that can stand where the cursor is: members after a dot, properties in an object initialiser, names of arguments, names in scope, paths in strings.</summary>
/// <param name="files">Completes paths.</param>
internal sealed class Completer(FileCompleter files)
{
    private const int Most = 1000;

    private static readonly string[] Keywords =
    [
        "abstract", "as", "async", "await", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const", "continue", "decimal", "default", "delegate",
        "do", "double", "else", "enum", "event", "false", "finally", "float", "for", "foreach", "get", "goto", "if", "in", "init", "int", "interface", "internal", "is", "lock",
        "long", "nameof", "namespace", "new", "not", "null", "object", "or", "out", "override", "params", "private", "protected", "public", "readonly", "record", "ref", "return",
        "sbyte", "sealed", "set", "short", "sizeof", "static", "string", "struct", "switch", "this", "throw", "true", "try", "typeof", "uint", "ulong", "ushort", "using", "var",
        "virtual", "void", "when", "where", "while", "with", "yield",
    ];

    /// <summary>Completes.</summary>
    /// <param name="compilation">The cells so far and this one.</param>
    /// <param name="cursor">An index into this cell's source.</param>
    public CompletionList Complete(Compilation compilation, int cursor)
    {
        var tree = compilation.SyntaxTrees.Last();
        var (root, source) = (tree.GetRoot(), tree.GetText().ToString());
        if (PathAt(root, source, cursor) is { } path)
            return path;
        var start = cursor;
        while (start > 0 && (SyntaxFacts.IsIdentifierPartCharacter(source[start - 1]) || source[start - 1] == '@'))
            start--;
        var typed = source[start..cursor].TrimStart('@');
        // A number, a comment, the text of a string.
        if ((typed.Length > 0 && char.IsAsciiDigit(typed[0])) || IsText(root, cursor))
            return new(cursor, []);

        var model = compilation.GetSemanticModel(tree);
        var before = start == 0 ? default : root.FindToken(start - 1);
        var isAfterDot = before.Kind() is SyntaxKind.DotToken && before.Span.End <= start;
        if (!isAfterDot && start > 0 && source[start - 1] == '.')
            return new(cursor, []);
        IEnumerable<Completion> found = isAfterDot
            ? Of(Members(model, before, start))
            : [.. Initialized(model, root, start), .. ArgumentNames(model, before, start), .. Of(model.LookupSymbols(start)), .. Keywords.Select(word => new Completion(word, "keyword"))];
        return new(start, Best(found, typed));
    }

    private static IReadOnlyList<Completion> Best(IEnumerable<Completion> found, string typed)
    {
        var distinct = found.DistinctBy(item => item.Text).ToList();
        var fitting = distinct.Where(item => item.Text.StartsWith(typed, StringComparison.OrdinalIgnoreCase)).ToList();
        if (fitting.Count == 0)
            fitting = distinct.FindAll(item => item.Text.Contains(typed, StringComparison.OrdinalIgnoreCase));
        // What comes first is nearer: OrderBy keeps the order of equals.
        return [.. fitting.OrderBy(item => item.Text.StartsWith(typed, StringComparison.Ordinal) ? 0 : 1).ThenBy(item => item.Kind switch
        {
            "argument" => 0,
            "keyword" => 2,
            _ => IsOfEveryObject(item.Text) ? 3 : 1,
        }).Take(Most)];
    }

    private static IEnumerable<Completion> Of(IEnumerable<ISymbol> symbols) => symbols
        .Where(symbol => symbol.CanBeReferencedByName && symbol.Name.Length > 0 && !symbol.Name.StartsWith('<') && !IsHidden(symbol))
        .OrderBy(symbol => symbol.Locations.Any(location => location.IsInSource) || symbol.ContainingType is { TypeKind: TypeKind.Enum } ? 0 : symbol is INamespaceOrTypeSymbol ? 2 : 1)
        .ThenBy(symbol => symbol.Name, StringComparer.OrdinalIgnoreCase)
        .Select(symbol => new Completion(symbol.Name, KindOf(symbol)));

    private static string KindOf(ISymbol symbol) => symbol switch
    {
        IMethodSymbol => "function",
        IPropertySymbol => "property",
        IFieldSymbol { IsConst: true } or IFieldSymbol { ContainingType.TypeKind: TypeKind.Enum } => "constant",
        IFieldSymbol or ILocalSymbol or IParameterSymbol or IRangeVariableSymbol => "variable",
        IEventSymbol => "event",
        INamespaceSymbol => "module",
        INamedTypeSymbol { TypeKind: TypeKind.Interface } => "interface",
        INamedTypeSymbol { TypeKind: TypeKind.Enum } => "enum",
        ITypeSymbol => "class",
        _ => "name",
    };

    private static bool IsHidden(ISymbol symbol) => symbol.GetAttributes().Any(attribute => attribute.AttributeClass?.Name switch
    {
        "EditorBrowsableAttribute" => attribute.ConstructorArguments is [{ Value: 1 }],
        "ObsoleteAttribute" => attribute.ConstructorArguments is [_, { Value: true }],
        _ => false,
    });

    private static bool IsOfEveryObject(string name) => name is "Equals" or "GetHashCode" or "GetType" or "ToString" or "ReferenceEquals" or "MemberwiseClone" or "Finalize";

    private static IEnumerable<ISymbol> Members(SemanticModel model, SyntaxToken dot, int cursor)
    {
        if (LeftOf(dot) is not { } left)
            return [];
        var symbol = model.GetSymbolInfo(left).Symbol ?? model.GetSpeculativeSymbolInfo(left.SpanStart, left, SpeculativeBindingOption.BindAsExpression).Symbol;
        if (symbol is INamespaceSymbol space)
            return model.LookupNamespacesAndTypes(cursor, space);
        if (symbol is INamedTypeSymbol named)
            return model.LookupStaticMembers(cursor, named);
        var type = model.GetTypeInfo(left).Type is { TypeKind: not TypeKind.Error } known
            ? known
            : model.GetSpeculativeTypeInfo(left.SpanStart, left, SpeculativeBindingOption.BindAsExpression).Type;
        return type is null or { TypeKind: TypeKind.Error } or { SpecialType: SpecialType.System_Void }
            ? []
            : model.LookupSymbols(cursor, type, includeReducedExtensionMethods: true).Where(member => !member.IsStatic && member is not INamedTypeSymbol);
    }

    // The whole of what ends before the dot: in a.b(c).d the call, not c or b alone.
    private static ExpressionSyntax? LeftOf(SyntaxToken dot) => dot.Parent switch
    {
        MemberAccessExpressionSyntax access => access.Expression,
        QualifiedNameSyntax name => name.Left,
        MemberBindingExpressionSyntax binding => binding.Ancestors().OfType<ConditionalAccessExpressionSyntax>().FirstOrDefault()?.Expression,
        _ => dot.GetPreviousToken().Parent?.AncestorsAndSelf().TakeWhile(node => node.Span.End <= dot.SpanStart).OfType<ExpressionSyntax>().LastOrDefault(),
    };

    // new Options { Na| = ... }: what can be set and is not yet.
    private static IEnumerable<Completion> Initialized(SemanticModel model, SyntaxNode root, int cursor)
    {
        var token = cursor == 0 ? default : root.FindToken(cursor - 1);
        if (token.Kind() is not (SyntaxKind.OpenBraceToken or SyntaxKind.CommaToken)
            || token.Parent is not InitializerExpressionSyntax { Parent: BaseObjectCreationExpressionSyntax or WithExpressionSyntax } initializer)
            return [];
        var type = initializer.Parent is WithExpressionSyntax with ? model.GetTypeInfo(with.Expression).Type : model.GetTypeInfo((ExpressionSyntax)initializer.Parent!).ConvertedType;
        if (type is null)
            return [];
        var set = initializer.Expressions.OfType<AssignmentExpressionSyntax>().Where(assignment => assignment.Span.End < cursor).Select(assignment => assignment.Left.ToString()).ToHashSet();
        return model.LookupSymbols(cursor, type)
            .Where(member => !member.IsStatic && !set.Contains(member.Name) && (member is IPropertySymbol { SetMethod: not null } or IFieldSymbol { IsReadOnly: false, IsConst: false }))
            .OrderBy(member => member.Name, StringComparer.OrdinalIgnoreCase).Select(member => new Completion(member.Name, "argument"));
    }

    // Sample(prompt, te|): the names of the parameters.
    private static IEnumerable<Completion> ArgumentNames(SemanticModel model, SyntaxToken before, int cursor)
    {
        if (before.Kind() is not (SyntaxKind.OpenParenToken or SyntaxKind.CommaToken) || before.Parent is not ArgumentListSyntax { Parent: ExpressionSyntax call } list)
            return [];
        var given = list.Arguments.Where(argument => argument.Span.End < cursor && argument.NameColon is not null).Select(argument => argument.NameColon!.Name.ToString()).ToHashSet();
        return Overloads.Of(model, call).SelectMany(method => method.Parameters).Where(parameter => !given.Contains(parameter.Name))
            .Select(parameter => new Completion($"{parameter.Name}:", "argument"));
    }

    private CompletionList? PathAt(SyntaxNode root, string source, int cursor)
    {
        var line = source.LastIndexOf('\n', Math.Max(0, cursor - 1)) + 1;
        if (line <= cursor && source[line..cursor].TrimStart() is var text && (text.StartsWith("#r ", StringComparison.Ordinal) || text.StartsWith("#load ", StringComparison.Ordinal)))
        {
            var quote = text.IndexOf('"', StringComparison.Ordinal);
            return quote < 0 || text.IndexOf('"', quote + 1) >= 0 ? new(cursor, []) : Paths(text[(quote + 1)..], text[1] == 'r' ? ".dll" : null);
        }
        if (cursor == 0 || root.FindToken(cursor - 1) is not { RawKind: (int)SyntaxKind.StringLiteralToken } literal || cursor <= literal.SpanStart
            || (cursor == literal.Span.End && literal.Text is ['"', _, .., '"']))
            return null;
        var typed = source[(literal.SpanStart + 1)..cursor];
        return typed.Contains('/', StringComparison.Ordinal) ? Paths(typed, null) : null;

        CompletionList Paths(string typed, string? extension) => new(cursor - FileCompleter.LengthOfName(typed), files.Complete(typed, extension));
    }

    private static bool IsText(SyntaxNode root, int at)
    {
        if (at == 0)
            return false;
        var trivia = root.FindTrivia(at - 1);
        if (trivia.Kind() is SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia)
            return true;
        var token = root.FindToken(at - 1);
        return token.Kind() switch
        {
            SyntaxKind.InterpolatedStringTextToken or SyntaxKind.InterpolatedStringStartToken or SyntaxKind.InterpolatedVerbatimStringStartToken => true,
            SyntaxKind.StringLiteralToken or SyntaxKind.CharacterLiteralToken or SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken =>
                token.SpanStart < at && (at < token.Span.End || token.ContainsDiagnostics),
            _ => false,
        };
    }
}
