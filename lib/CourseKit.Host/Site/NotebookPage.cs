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
/// <param name="Blocks">Styles and scripts that the body needs.</param>
/// <param name="Sections">What the search looks through; the first section stands before the first heading.</param>
internal sealed record NotebookPage(
    SiteNotebook Notebook, string Title, string TitleHtml, string Goal, IReadOnlyList<PageHeading> Headings, string Body, SharedBlocks Blocks, IReadOnlyList<PageSection> Sections)
{
    /// <summary>A cell that took these seconds or more says so; the set-up, whose time is the first compilation's, does not.</summary>
    private const double LongCell = 2;

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
        var blocks = new SharedBlocks();
        var headings = new List<PageHeading>();
        var sections = new List<PageSection> { new("", "") };
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
                    foreach (var (heading, words) in part.Words)
                    {
                        if (heading is not null)
                            sections.Add(new(heading.Id, HtmlText.Words(heading.Html)));
                        sections[^1].AddProse(words);
                    }
                    if (part.Html.Length > 0)
                        body.Append("<div class=\"prose\">\n").Append(part.Html).Append("</div>\n");
                }
                else if (cell.Kind == CellKind.Code)
                {
                    Code(body, cell, blocks);
                    if (!IsSetUp(cell))
                        sections[^1].AddCode(cell.Source);
                }
            }
            catch (Exception e) when (e is TexException or SiteException)
            {
                throw new SiteException($"{notebook.FileName}, cell {i + 1}: {e.Message}", e);
            }
        }
        var name = Path.GetFileNameWithoutExtension(notebook.FileName);
        return new NotebookPage(
            notebook, Unnumbered(titled?.Title ?? name, notebook.Number), Unnumbered(titled?.TitleHtml ?? HtmlText.Escape(name), notebook.Number),
            goal ?? "", headings, body.ToString(), blocks, sections);
    }

    // The pages show the number beside the title, so a title that begins with it would show it twice.
    private static string Unnumbered(string title, string number) =>
        number != "" && title.StartsWith(number, StringComparison.Ordinal) && title[number.Length..].TrimStart(' ', '.', ':', '-', '–', '—') is { Length: > 0 } rest
            ? rest
            : title;

    // The cell that loads the kit is the same everywhere and no part of the story: it is there for who opens it.
    private static bool IsSetUp(NotebookCell cell) => cell.Source.StartsWith("#r ", StringComparison.Ordinal);

    private static void Code(StringBuilder body, NotebookCell cell, SharedBlocks blocks)
    {
        if (cell.Source.Trim().Length == 0 && cell.Outputs.Count == 0)
            return;
        var code = CodeBox.Of(CodeHighlighter.ToHtml(cell.Source.TrimEnd()), cell.ExecutionCount is { } number ? $"code of cell {number}" : "code");
        if (IsSetUp(cell))
            code = $"<details class=\"setup\"><summary>Set-up</summary>\n{code}</details>";
        body.Append("<div class=\"cell\">\n").Append(code).Append('\n');
        if (cell.Seconds >= LongCell && !IsSetUp(cell))
            body.Append($"<p class=\"took\">took {PageTemplate.Seconds(cell.Seconds.Value)}</p>\n");
        foreach (var html in cell.Outputs.Select(OutputRenderer.ToHtml).Where(html => html.Length > 0))
            body.Append("<div class=\"output\">").Append(blocks.Take(html)).Append("</div>\n");
        body.Append("</div>\n");
    }
}
