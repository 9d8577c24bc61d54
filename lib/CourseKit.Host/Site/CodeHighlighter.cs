using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CourseKit.Host.Site;

/// <summary>
/// Colours C# at build time: Roslyn reads the cell as a script, and each token that has a role gets a span with a short class:
/// k keyword, s string, n number, c comment, t type, m method, d directive. Every character of the source stays.
/// </summary>
internal static class CodeHighlighter
{
    private static readonly CSharpParseOptions Script = new(LanguageVersion.Preview, DocumentationMode.None, SourceCodeKind.Script);

    /// <summary>The source as HTML; broken code is coloured as far as it can be read.</summary>
    /// <param name="code">A cell's source.</param>
    public static string ToHtml(string code)
    {
        var html = new StringBuilder();
        foreach (var token in CSharpSyntaxTree.ParseText(code, Script).GetRoot().DescendantTokens())
        {
            Trivia(html, token.LeadingTrivia);
            Append(html, Class(token), token.Text);
            Trivia(html, token.TrailingTrivia);
        }
        return html.ToString();
    }

    private static void Trivia(StringBuilder html, SyntaxTriviaList list)
    {
        foreach (var trivia in list)
            Append(html, trivia switch
            {
                _ when trivia.IsDirective => "d",
                _ when trivia.Kind() is SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia or
                    SyntaxKind.SingleLineDocumentationCommentTrivia or SyntaxKind.MultiLineDocumentationCommentTrivia => "c",
                _ => null,
            }, trivia.ToFullString());
    }

    private static string? Class(SyntaxToken token) => token.Kind() switch
    {
        SyntaxKind.StringLiteralToken or SyntaxKind.CharacterLiteralToken or SyntaxKind.SingleLineRawStringLiteralToken or
            SyntaxKind.MultiLineRawStringLiteralToken or SyntaxKind.Utf8StringLiteralToken or
            SyntaxKind.Utf8SingleLineRawStringLiteralToken or SyntaxKind.Utf8MultiLineRawStringLiteralToken or
            SyntaxKind.InterpolatedStringStartToken or SyntaxKind.InterpolatedVerbatimStringStartToken or
            SyntaxKind.InterpolatedSingleLineRawStringStartToken or SyntaxKind.InterpolatedMultiLineRawStringStartToken or
            SyntaxKind.InterpolatedStringTextToken or SyntaxKind.InterpolatedStringEndToken or
            SyntaxKind.InterpolatedRawStringEndToken => "s",
        SyntaxKind.NumericLiteralToken => "n",
        SyntaxKind.IdentifierToken => Identifier(token),
        _ when token.IsKeyword() || SyntaxFacts.IsContextualKeyword(token.Kind()) => "k",
        _ => null,
    };

    private static string? Identifier(SyntaxToken token) => token.Parent switch
    {
        IdentifierNameSyntax { IsVar: true } or IdentifierNameSyntax { Identifier.Text: "var" or "nint" or "nuint" } => "k",
        BaseTypeDeclarationSyntax or DelegateDeclarationSyntax or ConstructorDeclarationSyntax or TypeParameterSyntax => "t",
        MethodDeclarationSyntax or LocalFunctionStatementSyntax => "m",
        SimpleNameSyntax name when Invoked(name) => "m",
        SimpleNameSyntax name when IsType(name) => "t",
        _ => null,
    };

    private static bool Invoked(SimpleNameSyntax name) => name.Parent switch
    {
        InvocationExpressionSyntax invocation => invocation.Expression == name,
        MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax invocation } access =>
            access.Name == name && invocation.Expression == access,
        MemberBindingExpressionSyntax { Parent: InvocationExpressionSyntax } => true,
        _ => false,
    };

    // Without a compilation a name in an expression could be anything; by convention a capitalised word before a dot is a type;
    // a lone capital is a matrix.
    private static bool IsType(SimpleNameSyntax name) => name switch
    {
        { Parent: UsingDirectiveSyntax or NamespaceDeclarationSyntax or FileScopedNamespaceDeclarationSyntax } => false,
        GenericNameSyntax => true,
        { Parent: QualifiedNameSyntax { Parent: UsingDirectiveSyntax or QualifiedNameSyntax } } => false,
        { Parent: MemberAccessExpressionSyntax access } => access.Expression == name && name.Identifier.Text is [>= 'A' and <= 'Z', _, ..],
        {
            Parent: TypeSyntax or TypeArgumentListSyntax or BaseTypeSyntax or VariableDeclarationSyntax or ObjectCreationExpressionSyntax or
            ArrayTypeSyntax or ParameterSyntax or CastExpressionSyntax or TypeOfExpressionSyntax or DefaultExpressionSyntax or
            TupleElementSyntax or DeclarationPatternSyntax or DeclarationExpressionSyntax or RecursivePatternSyntax or
            TypePatternSyntax or TypeConstraintSyntax or CatchDeclarationSyntax or AttributeSyntax
        } => !name.IsMissing,
        { Parent: ForEachStatementSyntax each } => each.Type == name,
        { Parent: MethodDeclarationSyntax method } => method.ReturnType == name,
        { Parent: LocalFunctionStatementSyntax function } => function.ReturnType == name,
        { Parent: PropertyDeclarationSyntax property } => property.Type == name,
        _ => false,
    };

    private static void Append(StringBuilder html, string? role, string text)
    {
        if (text.Length == 0)
            return;
        var escaped = HtmlText.Escape(text);
        html.Append(role is null ? escaped : $"<span class=\"{role}\">{escaped}</span>");
    }
}
