using System.Text.Json.Nodes;
using CourseKit.Host.Site;

namespace CourseKit.Host.Tests.Site;

public class MarkdownRendererTests
{
    private static readonly HashSet<string> Pages = ["other.ipynb"];

    [Theory]
    [InlineData("A book costs $5 and a pen $10.", "<p>A book costs $5 and a pen $10.</p>\n")]
    [InlineData("Prices: $5, $10 and $15.", "<p>Prices: $5, $10 and $15.</p>\n")]
    [InlineData("Code `$x$` stays.", "<p>Code <code>$x$</code> stays.</p>\n")]
    [InlineData("An escaped \\$x\\$.", "<p>An escaped $x$.</p>\n")]
    [InlineData("a < b & c", "<p>a &lt; b &amp; c</p>\n")]
    [InlineData("H<sub>2</sub>O<br>x", "<p>H<sub>2</sub>O<br>x</p>\n")]
    [InlineData("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;\n")]
    [InlineData("x <img src=x onerror=alert(1)> y", "<p>x &lt;img src=x onerror=alert(1)&gt; y</p>\n")]
    [InlineData("<details onclick=\"x()\">", "&lt;details onclick=&quot;x()&quot;&gt;\n")]
    [InlineData("<!-- a note -->", "\n")]
    [InlineData("[a](other.ipynb#With-the-library)", "<p><a href=\"other.html#with-the-library\">a</a></p>\n")]
    [InlineData("[a *b*](../datasets/README.md) c", "<p>a <em>b</em> c</p>\n")]
    [InlineData("[a](https://example.org/x)", "<p><a href=\"https://example.org/x\">a</a></p>\n")]
    [InlineData("```csharp\nvar x = 1;\n```", "<div class=\"source\" data-name=\"code\"><pre class=\"code\"><code><span class=\"k\">var</span> x = <span class=\"n\">1</span>;</code></pre></div>\n")]
    [InlineData("```text\na < b\n```", "<div class=\"source\" data-name=\"code\"><pre class=\"code\"><code>a &lt; b</code></pre></div>\n")]
    public void Render_Markdown_GivesThisHtml(string markdown, string expected) => Assert.Equal(expected, Render(markdown).Html);

    [Theory]
    [InlineData("in $x_t$ text", "<math alttext=\"x_t\">")]
    [InlineData("a $ \\alpha $ b", "<mi>α</mi>")]
    [InlineData("$a_b$ and $c_d$", "<msub><mi>c</mi><mi>d</mi></msub>")]
    [InlineData("$$\nx\n$$", "<div class=\"equation\"><math display=\"block\"")]
    [InlineData("$$ x $$", "<div class=\"equation\"><math display=\"block\"")]
    [InlineData("so $$ x $$ holds", "<p>so <span class=\"equation\"><math display=\"block\"")]
    [InlineData("| a |\n|---|\n| $x$ |", "<td><math")]
    [InlineData("- item:\n\n  $$\n  x\n  $$", "<div class=\"equation\"><math display=\"block\"")]
    public void Render_Equation_BecomesMathMl(string markdown, string expected) => Assert.Contains(expected, Render(markdown).Html);

    [Theory]
    [InlineData("The gate \\sigma is open.", "\\sigma stands outside an equation.")]
    [InlineData("\\begin{align} a &= b \\end{align}", "\\begin stands outside an equation.")]
    public void Render_TexOutsideAnEquation_IsAnErrorWithTheMend(string markdown, string expected)
    {
        var message = Assert.Throws<SiteException>(() => Render(markdown)).Message;
        Assert.Equal(
            expected + " Put the equation between $ and $, or on lines of its own between $$ and $$; put code in backticks.", message);
    }

    [Theory]
    [InlineData("<details>\n\ntext", "the tag <details> is not closed. Close it in the same cell.")]
    [InlineData("a <b>b", "the tag <b> is not closed. Close it in the same cell.")]
    [InlineData("a b</b>", "the tag </b> closes what is not open. Open it in the same cell.")]
    public void Render_TagNotPaired_IsAnErrorWithTheMend(string markdown, string expected) =>
        Assert.Equal(expected, Assert.Throws<SiteException>(() => Render(markdown)).Message);

    [Fact]
    public void Render_TitleGoalAndHeadings_AreTakenOut()
    {
        var part = Render("# The title\n\n## Goal\n\nTo *see* $h$.\n\nMore.\n\n### Detail\n\n#### Deep");
        Assert.Equal("The title", part.Title);
        Assert.DoesNotContain("<h1", part.Html);
        Assert.StartsWith("To <em>see</em> <math", part.Goal);
        Assert.Equal([(2, "goal", "Goal"), (3, "detail", "Detail")], part.Headings.Select(h => (h.Level, h.Id, h.Html)));
        Assert.Contains("<h3 id=\"detail\">Detail</h3>", part.Html);
    }

    [Fact]
    public void Render_Picture_IsPutIntoThePage()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        File.WriteAllBytes(Path.Combine(folder, "a b.png"), [1, 2, 3]);
        Assert.Contains("src=\"data:image/png;base64,AQID\"", new MarkdownRenderer(folder, Pages).Render("![x](a%20b.png)").Html);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Render_PastedPicture_IsPutIntoThePage() => Assert.Contains("src=\"data:image/png;base64,AQID\"", new MarkdownRenderer(".", Pages)
        .Render("![x](attachment:p.png)", new JsonObject { ["p.png"] = new JsonObject { ["image/png"] = "AQID" } }).Html);

    [Theory]
    [InlineData("![x](https://example.org/a.png)", "the picture https://example.org/a.png would be loaded from the network. Save it beside the notebook and name that file.")]
    [InlineData("![x](missing.png)", "the picture missing.png does not exist. Its path is relative to the notebook's folder.")]
    [InlineData("![x](a.bmp)", "the picture a.bmp is of an unknown type. Use png, jpg, gif, svg or webp.")]
    [InlineData("![x](attachment:p.png)", "the pasted picture p.png is not in the cell. Paste it again.")]
    public void Render_PictureThatCannotBeShown_IsAnErrorWithTheMend(string markdown, string expected) =>
        Assert.Equal(expected, Assert.Throws<SiteException>(() => Render(markdown)).Message);

    [Theory]
    [InlineData("What we saw", "what-we-saw")]
    [InlineData("  C# & $h_t$! ", "c-h-t")]
    [InlineData("!?", "section")]
    public void Slug_Heading_KeepsLettersAndDigits(string heading, string expected) => Assert.Equal(expected, HeadingIds.Slug(heading));

    private static MarkdownPart Render(string markdown) => new MarkdownRenderer(".", Pages).Render(markdown);
}
