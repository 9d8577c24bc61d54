using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Markdig;
using Markdig.Extensions.Mathematics;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace CourseKit.Host.Site;

/// <summary>Renders the Markdown cells of one notebook: equations as MathML, pictures inside the page, links to other pages of the site.</summary>
/// <param name="folder">The notebook's folder, where its pictures lie.</param>
/// <param name="pages">File names of the notebooks that have a page on the site.</param>
internal sealed partial class MarkdownRenderer(string folder, IReadOnlySet<string> pages)
{
    private static readonly MarkdownPipeline Pipeline =
        new MarkdownPipelineBuilder().UsePipeTables().UseMathematics().UseAutoLinks().Build();

    private readonly HeadingIds _ids = new();

    /// <summary>Renders one cell.</summary>
    /// <param name="markdown">Its source.</param>
    /// <param name="attachments">Pictures pasted into the cell, as the notebook holds them; null for none.</param>
    /// <exception cref="TexException">An equation cannot be converted.</exception>
    /// <exception cref="SiteException">A picture is missing or on the network, or TeX stands outside an equation.</exception>
    public MarkdownPart Render(string markdown, JsonObject? attachments = null)
    {
        var document = Markdown.Parse(markdown, Pipeline);
        foreach (var literal in document.Descendants<LiteralInline>())
            RequireNoTex(literal.Content.ToString());
        MarkdownObjects.RequireBalance(document);
        foreach (var link in document.Descendants<LinkInline>().ToList())
            Resolve(link, attachments);

        var title = document.OfType<HeadingBlock>().FirstOrDefault(heading => heading.Level == 1);
        if (title is not null)
            document.Remove(title);
        var said = new List<HeadedWords> { new(null, "") };
        string? goal = null;
        foreach (var block in document)
        {
            if (block is HeadingBlock heading)
            {
                var words = Words(heading);
                var id = _ids.Next(words);
                heading.GetAttributes().Id = id;
                if (words.Equals("goal", StringComparison.OrdinalIgnoreCase))
                    goal ??= document.SkipWhile(other => other != heading).Skip(1).FirstOrDefault() is ParagraphBlock paragraph ? Inner(paragraph) : null;
                if (heading.Level is 2 or 3)
                {
                    said.Add(new(new PageHeading(heading.Level, id, Inner(heading)), ""));
                    continue;
                }
            }
            said[^1] = said[^1] with { Words = $"{said[^1].Words} {HtmlText.Words(Html(block))}".Trim() };
        }
        return new MarkdownPart(Html(document), title is null ? null : Words(title), title is null ? null : Inner(title), goal, said);
    }

    private static string Html(MarkdownObject block)
    {
        using var text = new StringWriter();
        Renderer(text).Render(block);
        return text.ToString();
    }

    private static string Inner(LeafBlock block)
    {
        using var text = new StringWriter();
        if (block.Inline is not null)
            Renderer(text).WriteChildren(block.Inline);
        return text.ToString();
    }

    private static HtmlRenderer Renderer(TextWriter text)
    {
        var renderer = new HtmlRenderer(text);
        Pipeline.Setup(renderer);
        MarkdownObjects.Register(renderer);
        return renderer;
    }

    private static string Words(HeadingBlock heading) => string.Concat(heading.Inline?.Descendants().Select(inline => inline switch
    {
        LiteralInline literal => literal.Content.ToString(),
        CodeInline code => code.Content,
        MathInline math => math.Content.ToString(),
        _ => "",
    }) ?? []).Trim();

    private static void RequireNoTex(string text)
    {
        if (TexCommand().Match(text) is { Success: true } command)
            throw new SiteException(
                $"{command.Value} stands outside an equation. Put the equation between $ and $, or on lines of its own between $$ and $$; put code in backticks.");
    }

    private void Resolve(LinkInline link, JsonObject? attachments)
    {
        var url = link.Url ?? "";
        if (link.IsImage)
            link.Url = Picture(url, attachments);
        else if (url.StartsWith('#'))
            link.Url = "#" + HeadingIds.Slug(Uri.UnescapeDataString(url[1..]));
        else if (!Scheme().IsMatch(url))
        {
            var (path, fragment) = url.IndexOf('#') is >= 0 and var at ? (url[..at], url[at..]) : (url, "");
            if (pages.Contains(path))
                link.Url = Path.ChangeExtension(path, ".html") + (fragment == "" ? "" : "#" + HeadingIds.Slug(Uri.UnescapeDataString(fragment[1..])));
            else
                Unlink(link);
        }
    }

    // A file of the repository is not on the site: its name stays as text, rather than as a dead link.
    private static void Unlink(LinkInline link)
    {
        foreach (var child in link.ToList())
        {
            child.Remove();
            link.InsertBefore(child);
        }
        link.Remove();
    }

    private string Picture(string url, JsonObject? attachments)
    {
        if (url.StartsWith("data:", StringComparison.Ordinal))
            return url;
        if (url.StartsWith("attachment:", StringComparison.Ordinal))
        {
            var name = Uri.UnescapeDataString(url["attachment:".Length..]);
            var pasted = (attachments?[name] as JsonObject)?.FirstOrDefault(pair => pair.Key.StartsWith("image/", StringComparison.Ordinal));
            return pasted is { Value: JsonValue value } pair
                ? $"data:{pair.Key};base64,{value}"
                : throw new SiteException($"the pasted picture {name} is not in the cell. Paste it again.");
        }
        if (Scheme().IsMatch(url))
            throw new SiteException($"the picture {url} would be loaded from the network. Save it beside the notebook and name that file.");
        var type = Path.GetExtension(url).ToLowerInvariant() switch
        {
            ".png" => "image/png",
            ".jpg" or ".jpeg" => "image/jpeg",
            ".gif" => "image/gif",
            ".svg" => "image/svg+xml",
            ".webp" => "image/webp",
            _ => throw new SiteException($"the picture {url} is of an unknown type. Use png, jpg, gif, svg or webp."),
        };
        var file = Path.Combine(folder, Uri.UnescapeDataString(url));
        return File.Exists(file)
            ? $"data:{type};base64,{Convert.ToBase64String(File.ReadAllBytes(file))}"
            : throw new SiteException($"the picture {url} does not exist. Its path is relative to the notebook's folder.");
    }

    [GeneratedRegex(@"\\[A-Za-z]{2,}")]
    private static partial Regex TexCommand();

    [GeneratedRegex(@"^([A-Za-z][A-Za-z0-9+.-]*:|//)")]
    private static partial Regex Scheme();
}
