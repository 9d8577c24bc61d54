using System.Text;
using CourseKit.Host.Site;

namespace CourseKit.Host.Language;

/// <summary>What is known about a name: how it is written, and what its documentation says.</summary>
/// <param name="Signatures">C# as it would be declared, one line each.</param>
/// <param name="Summary">What it does; may be empty.</param>
/// <param name="Sections">Title and entries: Parameters, Returns, Throws, Remarks. An entry's name may be empty.</param>
/// <param name="Source">The cell's own code, for what a cell declares; null for what comes from a library, or when it was not asked for.</param>
internal sealed record Explanation(
    IReadOnlyList<string> Signatures, string Summary, IReadOnlyList<(string Title, IReadOnlyList<(string Name, string Text)> Entries)> Sections, string? Source)
{
    /// <summary>As plain text.</summary>
    public string ToText()
    {
        var text = new StringBuilder().AppendJoin('\n', Signatures).Append('\n');
        if (Summary.Length > 0)
            text.Append('\n').Append(Summary).Append('\n');
        foreach (var (title, entries) in Sections)
        {
            text.Append($"\n{title}\n");
            foreach (var (name, words) in entries)
                text.Append("  ").Append(name).Append(name.Length > 0 && words.Length > 0 ? ": " : "").Append(words.Replace("\n", "\n  ", StringComparison.Ordinal)).Append('\n');
        }
        if (Source is not null)
            text.Append('\n').Append(Source).Append('\n');
        return text.ToString().TrimEnd('\n');
    }

    /// <summary>As HTML.</summary>
    public string ToHtml()
    {
        var html = new StringBuilder($"<pre><code>{CodeHighlighter.ToHtml(string.Join('\n', Signatures))}</code></pre>\n");
        if (Summary.Length > 0)
            html.Append($"<p>{Paragraphs(Summary)}</p>\n");
        foreach (var (title, entries) in Sections)
        {
            html.Append($"<p><strong>{title}</strong></p>\n<ul>\n");
            foreach (var (name, words) in entries)
                html.Append($"<li>{(name.Length > 0 ? $"<code>{HtmlText.Escape(name)}</code> " : "")}{Paragraphs(words)}</li>\n");
            html.Append("</ul>\n");
        }
        if (Source is not null)
            html.Append($"<pre><code>{CodeHighlighter.ToHtml(Source)}</code></pre>\n");
        return html.ToString();
    }

    private static string Paragraphs(string text) => HtmlText.Escape(text).Replace("\n", "<br>", StringComparison.Ordinal);
}
