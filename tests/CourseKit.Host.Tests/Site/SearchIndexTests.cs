using System.IO.Compression;
using System.Text.Json.Nodes;
using CourseKit.Host.Notebooks;
using CourseKit.Host.Site;

namespace CourseKit.Host.Tests.Site;

public class SearchIndexTests
{
    [Fact]
    public void Of_Notebook_HoldsHeadingsProseAndCodeOfEachSection()
    {
        var pages = Read(Page("03-gates.ipynb",
            new(CellKind.Markdown, "# 03 The *gates* of $h_t$\n\nBefore all.\n\n## One `cell` & <more>\n\nA gate **opens**,\nor [shuts](https://example.org).\n\n| a | b |\n|---|---|\n| 1 | 2 |"),
            new(CellKind.Code, "#r \"../artifacts/kit/CourseKit.dll\""),
            new(CellKind.Markdown, "$$f_t = \\sigma(x_t)$$"),
            new(CellKind.Code, "var gate = 1 < 2;\n\n"),
            new(CellKind.Markdown, "### Deeper\n\n<details><summary>Answer</summary>\n\nYes.\n\n</details>\n\n#### Deepest\n\n```csharp\nvar x = \"<b>\";\n```"),
            new(CellKind.Code, "gate"), new(CellKind.Code, "  "), new(CellKind.Code, "!gate")));
        Assert.Equal(
            """[["03-gates.html","03","The gates of ht",[["","","Before all.",""],["one-cell","One cell & <more>","A gate opens, or shuts. a b 1 2 ft=σ(xt)","var gate = 1 < 2;"],["deeper","Deeper","Answer Yes. Deepest var x = \"<b>\";","gate\n!gate"]]]]""",
            pages.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    }

    [Fact]
    public void Of_PageWithoutWords_HoldsItsTitle() =>
        Assert.Equal("""[["a.html","","a",[["","","",""]]]]""", Read(Page("a.ipynb")).ToJsonString());

    [Fact]
    public void Of_CourseOf27Notebooks_TakesLessThan300KB()
    {
        // As long as the course's longest notebook, and no word of one helps to shorten another.
        var random = new Random(1);
        var pages = Enumerable.Range(0, 27).Select(i => Page($"{i:00}.ipynb", [.. Enumerable.Range(0, 10).Select(section =>
            new NotebookCell(CellKind.Markdown, $"## Section {section}\n\n{string.Join(' ', Enumerable.Range(0, 280).Select(_ => Word(random)))}"))]));
        Assert.InRange(SearchIndex.Of(pages).Length, 100_000, 300_000);
    }

    // As frequent as words are: the n-th with a chance of about 1/n, of 5000.
    private static string Word(Random random) => $"w{(int)Math.Exp(random.NextDouble() * Math.Log(5000)):x}";

    private static NotebookPage Page(string name, params IEnumerable<NotebookCell> cells) =>
        NotebookPage.Render(new SiteNotebook(name, new NotebookDocument(cells), "."), new HashSet<string>());

    private static JsonNode Read(params IEnumerable<NotebookPage> pages)
    {
        using var bytes = new MemoryStream(Convert.FromBase64String(SearchIndex.Of(pages)));
        using var json = new DeflateStream(bytes, CompressionMode.Decompress);
        return JsonNode.Parse(json)!;
    }
}
