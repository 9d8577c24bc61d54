using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CourseKit.Host.Language;

/// <summary>The methods or constructors that a call could mean.</summary>
internal static class Overloads
{
    /// <summary>The one that is meant when that is known, else all of that name; empty for what calls nothing.</summary>
    /// <param name="model">Of the cell.</param>
    /// <param name="call">A call, or an object's creation.</param>
    public static IReadOnlyList<IMethodSymbol> Of(SemanticModel model, ExpressionSyntax call)
    {
        if (model.GetSymbolInfo(call).Symbol is IMethodSymbol method)
            return [method];
        var candidates = model.GetSymbolInfo(call).CandidateSymbols.OfType<IMethodSymbol>();
        IEnumerable<IMethodSymbol> all = call switch
        {
            InvocationExpressionSyntax invocation => model.GetMemberGroup(invocation.Expression).OfType<IMethodSymbol>(),
            ObjectCreationExpressionSyntax creation when model.GetSymbolInfo(creation.Type).Symbol is INamedTypeSymbol type => type.InstanceConstructors,
            ImplicitObjectCreationExpressionSyntax creation when model.GetTypeInfo(creation).ConvertedType is INamedTypeSymbol type => type.InstanceConstructors,
            _ => [],
        };
        return [.. all.Concat(candidates).Where(candidate => candidate.DeclaredAccessibility == Accessibility.Public || candidate.Locations.Any(location => location.IsInSource))
            .Distinct<IMethodSymbol>(SymbolEqualityComparer.Default)];
    }
}
