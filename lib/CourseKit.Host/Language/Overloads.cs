using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CourseKit.Host.Language;

/// <summary>The methods or constructors that a call could mean.</summary>
internal static class Overloads
{
    /// <summary>All of that name, the one that is meant first where that is known; empty for what calls nothing.</summary>
    /// <param name="model">Of the cell.</param>
    /// <param name="call">A call, or an object's creation.</param>
    public static IReadOnlyList<IMethodSymbol> Of(SemanticModel model, ExpressionSyntax call)
    {
        var info = model.GetSymbolInfo(call);
        IEnumerable<IMethodSymbol> all = call switch
        {
            InvocationExpressionSyntax invocation => OfGroup(model, invocation.Expression),
            ObjectCreationExpressionSyntax creation when model.GetSymbolInfo(creation.Type).Symbol is INamedTypeSymbol type => type.InstanceConstructors,
            ImplicitObjectCreationExpressionSyntax creation when model.GetTypeInfo(creation).ConvertedType is INamedTypeSymbol type => type.InstanceConstructors,
            _ => [],
        };
        return Ordered(info.Symbol, all.Concat(info.CandidateSymbols.OfType<IMethodSymbol>()));
    }

    /// <summary>All methods that a name could mean, the one that is meant first; empty for what names none.</summary>
    /// <param name="model">Of the cell.</param>
    /// <param name="name">An expression.</param>
    public static IReadOnlyList<IMethodSymbol> OfName(SemanticModel model, SyntaxNode name) => Ordered(model.GetSymbolInfo(name).Symbol, OfGroup(model, name));

    private static IEnumerable<IMethodSymbol> OfGroup(SemanticModel model, SyntaxNode name) => model.GetMemberGroup(name).OfType<IMethodSymbol>();

    private static IReadOnlyList<IMethodSymbol> Ordered(ISymbol? meant, IEnumerable<IMethodSymbol> all) =>
    [
        .. all.Where(method => method.DeclaredAccessibility == Accessibility.Public || method.Locations.Any(location => location.IsInSource))
            .Prepend(meant as IMethodSymbol).OfType<IMethodSymbol>().DistinctBy<IMethodSymbol, ISymbol>(method => (method.ReducedFrom ?? method).OriginalDefinition, SymbolEqualityComparer.Default),
    ];
}
