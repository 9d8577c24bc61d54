using System.Text.RegularExpressions;
using CourseKit.Host.Execution;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CourseKit.Host.Language;

/// <summary>Whether a source can be run as it stands.</summary>
internal enum Completeness
{
    /// <summary>It can.</summary>
    Complete,

    /// <summary>It goes on in another line.</summary>
    Incomplete,

    /// <summary>It cannot, however it goes on.</summary>
    Invalid,
}

/// <summary>What an editor asks about the cell that is being written, answered out of the cells that have run.</summary>
/// <param name="session">Those cells.</param>
/// <param name="folder">The notebook's folder.</param>
internal sealed partial class LanguageService(ScriptSession session, string folder)
{
    private readonly Completer _completer = new(new FileCompleter(folder));
    private readonly Explainer _explainer = new();

    /// <summary>What can stand at the cursor.</summary>
    /// <param name="source">The cell.</param>
    /// <param name="cursor">An index into it.</param>
    public CompletionList Complete(string source, int cursor) => _completer.Complete(session.Compile(source), cursor);

    /// <summary>What the name at the cursor means; null when there is none.</summary>
    /// <param name="source">The cell.</param>
    /// <param name="cursor">An index into it.</param>
    /// <param name="withSource">Whether the code of what a cell declares is wanted too.</param>
    public Explanation? Explain(string source, int cursor, bool withSource) => _explainer.Explain(session.Compile(source), cursor, withSource);

    /// <summary>Whether the source is whole, and how far its next line would be indented.</summary>
    /// <param name="source">The cell.</param>
    public static (Completeness State, string Indent) Check(string source)
    {
        var tree = CSharpSyntaxTree.ParseText(source, new CSharpParseOptions(LanguageVersion.CSharp14, DocumentationMode.None, SourceCodeKind.Script));
        if (!SyntaxFactory.IsCompleteSubmission(tree))
        {
            var last = source.TrimEnd().Split('\n')[^1];
            return (Completeness.Incomplete, LeadingBlank().Match(last).Value + (last.EndsWith('{') ? "    " : ""));
        }
        return (tree.GetDiagnostics().Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error) ? Completeness.Invalid : Completeness.Complete, "");
    }

    [GeneratedRegex("^[ \t]*")]
    private static partial Regex LeadingBlank();
}
