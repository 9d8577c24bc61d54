using System.Text;
using CourseKit.Host.Notebooks;

namespace CourseKit.Host.Site;

/// <summary>The content of one notebook's page, rendered: what the page itself and the index need.</summary>
/// <param name="Notebook">Where it comes from.</param>
/// <param name="Title">The notebook's title as plain text, without the number; its file name when it has no heading of level 1.</param>
/// <param name="TitleHtml">The same as HTML.</param>
/// <param name="Goal">The first paragraph under its heading Goal, as HTML; empty when it has none.</param>
/// <param name="Headings">What the table of contents lists.</param>
/// <param name="Body">Prose, code and outputs.</param>
internal sealed record NotebookPage(
    SiteNotebook Notebook, string Title, string TitleHtml, string Goal, IReadOnlyList<PageHeading> Headings, string Body)
{
    /// <summary>Seconds that the notebook's execution took, or null when it was not executed.</summary>
    public double? Seconds => Notebook.Document.Seconds;

    /// <summary>Renders a notebook.</summary>
    /// <param name="notebook">An executed notebook.</param>
    /// <param name="pages">File names of all notebooks of the site: links to them become links to their pages.</param>
    /// <exception cref="SiteException">A cell cannot be rendered; the message names notebook and cell.</exception>
    public static NotebookPage Render(SiteNotebook notebook, IReadOnlySet<string> pages)
    {
        var markdown = new MarkdownRenderer(notebook.Folder, pages);
        var body = new StringBuilder();
        var headings = new List<PageHeading>();
        MarkdownPart? titled = null;
        string? goal = null;
        for (var i = 0; i < notebook.Document.Cells.Count; i++)
        {
            var cell = notebook.Document.Cells[i];
            try
            {
                if (cell.Kind == CellKind.Markdown)
                {
                    var part = markdown.Render(cell.Source, cell.Attachments);
                    titled ??= part.Title is null ? null : part;
                    goal ??= part.Goal;
                    headings.AddRange(part.Headings);
                    if (part.Html.Length > 0)
                        body.Append("<div class=\"prose\">\n").Append(part.Html).Append("</div>\n");
                }
                else if (cell.Kind == CellKind.Code)
                    Code(body, cell);
            }
            catch (Exception e) when (e is TexException or SiteException)
            {
                throw new SiteException($"{notebook.FileName}, cell {i + 1}: {e.Message}", e);
            }
        }
        var name = Path.GetFileNameWithoutExtension(notebook.FileName);
        return new NotebookPage(
            notebook, Unnumbered(titled?.Title ?? name, notebook.Number), Unnumbered(titled?.TitleHtml ?? HtmlText.Escape(name), notebook.Number),
            goal ?? "", headings, body.ToString());
    }

    // The pages show the number beside the title, so a title that begins with it would show it twice.
    private static string Unnumbered(string title, string number) =>
        number != "" && title.StartsWith(number, StringComparison.Ordinal) && title[number.Length..].TrimStart(' ', '.', ':', '-', '–', '—') is { Length: > 0 } rest
            ? rest
            : title;

    private static void Code(StringBuilder body, NotebookCell cell)
    {
        if (cell.Source.Trim().Length == 0 && cell.Outputs.Count == 0)
            return;
        var code = $"<pre class=\"code\"><code>{CodeHighlighter.ToHtml(cell.Source.TrimEnd())}</code></pre>";
        // The cell that loads the kit is the same everywhere and no part of the story: it is there for who opens it.
        if (cell.Source.StartsWith("#r ", StringComparison.Ordinal))
            code = $"<details class=\"setup\"><summary>Set-up</summary>\n{code}</details>";
        body.Append("<div class=\"cell\">\n").Append(code).Append('\n');
        foreach (var html in cell.Outputs.Select(OutputRenderer.ToHtml).Where(html => html.Length > 0))
            body.Append("<div class=\"output\">").Append(html).Append("</div>\n");
        body.Append("</div>\n");
    }
}
