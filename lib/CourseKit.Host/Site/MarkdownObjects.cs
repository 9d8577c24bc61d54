using System.Text.RegularExpressions;
using Markdig.Extensions.Mathematics;
using Markdig.Extensions.Tables;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Renderers.Html.Inlines;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace CourseKit.Host.Site;

/// <summary>How those parts of Markdown are written that Markdig's own renderers do not write as this site needs.</summary>
internal static partial class MarkdownObjects
{
    /// <summary>Puts these renderers in the place of Markdig's.</summary>
    public static void Register(HtmlRenderer renderer)
    {
        renderer.ObjectRenderers.RemoveAll(r =>
            r is HtmlMathInlineRenderer or ParagraphRenderer or HtmlMathBlockRenderer or CodeBlockRenderer or HtmlBlockRenderer or HtmlInlineRenderer or HtmlTableRenderer);
        renderer.ObjectRenderers.AddRange([new InlineMath(), new Paragraph(), new BlockMath(), new Code(), new BlockHtml(), new InlineHtml(), new ScrollingTable()]);
    }

    /// <summary>Raw HTML: the few tags a notebook needs pass without attributes, comments go, everything else is shown as text.</summary>
    public static string SafeHtml(string html) => Markup().Replace(html, match =>
    {
        if (match.Groups["comment"].Success)
            return "";
        if (!match.Groups["tag"].Success)
            return HtmlText.Escape(match.Value);
        var open = match.Groups["open"].Success ? " open" : "";
        return $"<{match.Groups["slash"].Value}{match.Groups["tag"].Value.ToLowerInvariant()}{open}>";
    });

    /// <summary>Requires that each tag that passes is closed in the same cell: an open one would reach into the rest of the page.</summary>
    /// <exception cref="SiteException">A tag is not closed, or closed without being open.</exception>
    public static void RequireBalance(MarkdownDocument document)
    {
        var open = new Stack<string>();
        foreach (var html in document.Descendants().Select(node => node switch
        {
            HtmlBlock block => SafeHtml(block.Lines.ToString()),
            HtmlInline inline => SafeHtml(inline.Tag),
            _ => "",
        }))
        {
            foreach (Match tag in PassedTag().Matches(html))
            {
                var name = tag.Groups["name"].Value;
                if (name is "br" or "hr")
                    continue;
                if (tag.Groups["slash"].Length == 0)
                    open.Push(name);
                else if (!open.TryPop(out var last) || last != name)
                    throw new SiteException($"the tag </{name}> closes what is not open. Open it in the same cell.");
            }
        }
        if (open.TryPop(out var left))
            throw new SiteException($"the tag <{left}> is not closed. Close it in the same cell.");
    }

    /// <summary>Rendered words without their links, for a place that is a link itself.</summary>
    public static string WithoutLinks(string html) => Anchor().Replace(html, "");

    private static void Equation(HtmlRenderer renderer, string tex)
    {
        renderer.EnsureLine();
        renderer.WriteLine($"<div class=\"equation\">{TexToMathMl.Convert(tex, display: true)}</div>");
    }

    private sealed class InlineMath : HtmlObjectRenderer<MathInline>
    {
        protected override void Write(HtmlRenderer renderer, MathInline math)
        {
            var display = math.DelimiterCount == 2;
            var equation = TexToMathMl.Convert(math.Content.ToString(), display);
            // A span, for it stands inside a paragraph; the style sheet makes it a block that scrolls.
            renderer.Write(display ? $"<span class=\"equation\">{equation}</span>" : equation);
        }
    }

    private sealed class Paragraph : ParagraphRenderer
    {
        protected override void Write(HtmlRenderer renderer, ParagraphBlock paragraph)
        {
            // A paragraph that is one equation is that equation, as if its dollar signs stood on lines of their own.
            if (paragraph.Inline is { FirstChild: MathInline { DelimiterCount: 2, NextSibling: null } math })
                Equation(renderer, math.Content.ToString());
            else
                base.Write(renderer, paragraph);
        }
    }

    private sealed class BlockMath : HtmlObjectRenderer<MathBlock>
    {
        protected override void Write(HtmlRenderer renderer, MathBlock math) => Equation(renderer, math.Lines.ToString());
    }

    private sealed class Code : HtmlObjectRenderer<CodeBlock>
    {
        protected override void Write(HtmlRenderer renderer, CodeBlock block)
        {
            var language = (block as FencedCodeBlock)?.Info?.ToLowerInvariant();
            var code = block.Lines.ToString();
            var html = language is "csharp" or "cs" or "c#" ? CodeHighlighter.ToHtml(code) : HtmlText.Escape(code);
            renderer.EnsureLine();
            renderer.WriteLine(CodeBox.Of(html, "code"));
        }
    }

    private sealed class BlockHtml : HtmlObjectRenderer<HtmlBlock>
    {
        protected override void Write(HtmlRenderer renderer, HtmlBlock block)
        {
            renderer.EnsureLine();
            renderer.WriteLine(SafeHtml(block.Lines.ToString()));
        }
    }

    private sealed class InlineHtml : HtmlObjectRenderer<HtmlInline>
    {
        protected override void Write(HtmlRenderer renderer, HtmlInline html) => renderer.Write(SafeHtml(html.Tag));
    }

    private sealed class ScrollingTable : HtmlTableRenderer
    {
        protected override void Write(HtmlRenderer renderer, Table table)
        {
            renderer.EnsureLine();
            renderer.WriteLine("<div class=\"scroll\">");
            base.Write(renderer, table);
            renderer.WriteLine("</div>");
        }
    }

    [GeneratedRegex("<(?<slash>/?)(?<name>[a-z]+)( open)?>")]
    private static partial Regex PassedTag();

    [GeneratedRegex("</?a( [^>]*)?>")]
    private static partial Regex Anchor();

    [GeneratedRegex(
        @"(?<comment><!--.*?(?:-->|$))|<(?<slash>/?)(?<tag>details|summary|br|hr|sub|sup|kbd|b|i|em|strong|small)(?:\s+(?<open>open))?\s*/?>|[<>""]|&(?!#?\w+;)",
        RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Markup();
}
