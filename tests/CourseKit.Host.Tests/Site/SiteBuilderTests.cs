using System.Text.RegularExpressions;
using CourseKit.Host.Commands;
using CourseKit.Host.Notebooks;
using CourseKit.Host.Site;

namespace CourseKit.Host.Tests.Site;

public class SiteBuilderTests(SampleSite site) : IClassFixture<SampleSite>
{
    private const string Everything = "00-everything.html";

    [Fact]
    public void Build_Folder_HoldsIndexPagesAndNotebooksOnly() => Assert.Equal(
        [".coursekit-site", Everything, "00-everything.ipynb", "index.html", "second.html", "second.ipynb", "third.html", "third.ipynb"],
        Directory.GetFiles(site.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("index.html")]
    [InlineData(Everything)]
    [InlineData("second.html")]
    public void Build_Page_LoadsNothingFromAnywhere(string name)
    {
        var page = site.Page(name);
        Assert.DoesNotMatch("""(?i)\b(src|srcset|poster)\s*=\s*(?>["']?)(?!data:)""", page);
        Assert.DoesNotMatch("""(?i)<link\b(?! rel="icon" href="data:)|@import|url\(""", page);
        Assert.All(Regex.Matches(page, "https?://[^\"'< ]*"), url => Assert.Equal("http://www.w3.org/2000/svg", url.Value));
        Assert.Contains("content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'\"", page);
    }

    [Theory]
    [InlineData("index.html")]
    [InlineData(Everything)]
    public void Build_Page_ShowsNoRawTex(string name)
    {
        var shown = Regex.Replace(site.Page(name), "(?s) alttext=\"[^\"]*\"|<pre.*?</pre>|<script.*?</script>|<style.*?</style>", "");
        Assert.DoesNotContain('\\', shown);
        Assert.DoesNotContain("$$", shown);
        Assert.Contains("<math", shown);
    }

    [Fact]
    public void Build_Page_HasEachIdOnce()
    {
        var ids = Regex.Matches(site.Page(Everything), "\\bid=\"([^\"]*)\"").Select(m => m.Groups[1].Value).ToList();
        Assert.Contains("goal", ids);
        Assert.Contains("goal-2", ids);
        Assert.Equal(ids.Distinct(), ids);
    }

    [Theory]
    [InlineData("index.html")]
    [InlineData(Everything)]
    [InlineData("second.html")]
    [InlineData("third.html")]
    public void Build_Links_LeadToPagesAndHeadingsThatExist(string name)
    {
        var page = site.Page(name);
        foreach (var link in Regex.Matches(page, "href=\"(?!data:)([^\"]*)\"").Select(m => m.Groups[1].Value))
        {
            var (file, fragment) = link.IndexOf('#') is >= 0 and var at ? (link[..at], link[(at + 1)..]) : (link, "");
            var target = file == "" ? page : site.Page(file);
            if (fragment != "")
                Assert.Contains($"id=\"{fragment}\"", target);
        }
    }

    [Theory]
    [InlineData(Everything, null, "second.html")]
    [InlineData("second.html", Everything, "third.html")]
    [InlineData("third.html", "second.html", null)]
    public void Build_Navigation_LeadsToNeighbours(string name, string? previous, string? next)
    {
        var links = Regex.Matches(site.Page(name), "rel=\"(prev|next)\"[^>]*href=\"([^\"]*)\"").Select(m => (m.Groups[1].Value, m.Groups[2].Value)).Distinct().ToList();
        Assert.Equal(previous, links.Find(link => link.Item1 == "prev").Item2);
        Assert.Equal(next, links.Find(link => link.Item1 == "next").Item2);
        Assert.Contains("href=\"index.html\"", site.Page(name));
    }

    [Fact]
    public void Build_Index_ListsTitleGoalAndMeasuredTime()
    {
        var index = site.Page("index.html");
        Assert.Contains("<span class=\"number\">00</span>", index);
        Assert.Contains("<span class=\"name\">Second &amp; last &lt;but one&gt;</span>", index);
        Assert.Contains("<span class=\"goal\">To stand in the middle.</span>", index);
        Assert.Equal(["0.7 min", "2.1 min", "3.0 s"], Regex.Matches(index, "<span class=\"time\">([^<]*)<").Select(m => m.Groups[1].Value));
        Assert.Contains("Times are measured on 2 cores: 2.8 min in all.", index);
        Assert.DoesNotMatch("(?s)<a class=\"card\"[^>]*>(?:(?!</a>).)*<a ", index);
    }

    [Fact]
    public void Build_PageHeader_GivesMeasuredTimeAndNotebook()
    {
        Assert.Contains("measured 41 s on 2 cores · <a href=\"00-everything.ipynb\" download>", site.Page(Everything));
        Assert.Contains("measured 2 min 5 s on 2 cores", site.Page("second.html"));
        Assert.Contains("<h1>third</h1>", site.Page("third.html"));
    }

    [Theory]
    [InlineData("# 07 Gates", "<h1><span class=\"number\">07</span> Gates</h1>")]
    [InlineData("# 07: Gates", "<h1><span class=\"number\">07</span> Gates</h1>")]
    [InlineData("# 07", "<h1><span class=\"number\">07</span> 07</h1>")]
    [InlineData("# Gates", "<h1><span class=\"number\">07</span> Gates</h1>")]
    [InlineData("Text.", "<h1><span class=\"number\">07</span> gates</h1>")]
    public void Build_Title_ShowsTheNumberOnce(string markdown, string expected)
    {
        var page = NotebookPage.Render(SampleSite.Small("07-gates.ipynb", markdown), new HashSet<string>());
        Assert.Contains(expected, PageTemplate.Notebook(page, null, null, 2, ""));
    }

    [Theory]
    [InlineData("07-gates.ipynb", "07-gates.ipynb", "notebooks/07-gates.ipynb")]
    [InlineData("07 & gates.ipynb", "\"07 & gates.ipynb\"", "\"notebooks/07 & gates.ipynb\"")]
    public void Build_Page_SaysHowToRunIt(string name, string word, string file)
    {
        var page = PageTemplate.Notebook(NotebookPage.Render(SampleSite.Small(name, "# Gates"), new HashSet<string>()), null, null, 2, "");
        var run = page[page.IndexOf("<details class=\"run\">", StringComparison.Ordinal)..];
        var commands = Regex.Matches(run, "<pre class=\"code\"><code>([^<]*)</code>").Select(m => System.Net.WebUtility.HtmlDecode(m.Groups[1].Value)).ToList();
        Assert.Equal([$"dotnet run coursekit.cs lab {word}", $"dotnet run coursekit.cs run {file}"], commands);
        _ = new Arguments(CommandLine.Find("lab"), [word.Trim('"')]);
        _ = new Arguments(CommandLine.Find("run"), [file.Trim('"')]);
    }

    [Fact]
    public void Build_CellThatTakesLong_SaysHowLong()
    {
        NotebookCell Code(double seconds, string source = "1") => new(CellKind.Code, source) { Seconds = seconds };
        var page = NotebookPage.Render(new SiteNotebook("a.ipynb", new NotebookDocument([Code(5, "#r \"kit.dll\""), Code(1.99), Code(2), Code(75)]), "."), new HashSet<string>());
        Assert.Equal(["took 2.0 s", "took 75 s"], Regex.Matches(page.Body, "<p class=\"took\">([^<]*)</p>").Select(m => m.Groups[1].Value));
    }

    [Fact]
    public void Build_EveryPage_HoldsTheSameSearch()
    {
        var indexes = new[] { "index.html", Everything, "second.html" }
            .Select(name => Regex.Match(site.Page(name), "<script type=\"text/plain\" id=\"search-index\">([A-Za-z0-9+/=]+)</script>").Groups[1].Value).ToList();
        Assert.NotEqual("", indexes[0]);
        Assert.Single(indexes.Distinct());
    }

    [Fact]
    public void Build_SetUpCell_IsFolded()
    {
        var page = site.Page(Everything);
        Assert.Contains("<details class=\"setup\"><summary>Set-up</summary>\n<div class=\"source\" data-name=\"code of cell 1\"><pre class=\"code\"><code><span class=\"d\">#r ", page);
        Assert.Single(Regex.Matches(page, "<details class=\"setup\">"));
    }

    [Fact]
    public void Build_Outputs_StandInOrderEachInItsForm()
    {
        var page = site.Page(Everything);
        string[] inOrder =
        [
            "<pre class=\"stream stdout\">step    0: loss 3.300 &lt;nats&gt;\n",
            "<pre class=\"stream stderr\">warning: the rate is high\n</pre>",
            "<pre class=\"value\">4</pre>",
            "<table><thead><tr><th>layer</th>",
            "<figure id=\"sample-chart\"",
            "<script>(() =>",
            "<div class=\"output\"><svg xmlns=\"http://www.w3.org/2000/svg\" width=\"220\"",
            "<img alt=\"Output of the cell above\" src=\"data:image/png;base64,iVBOR",
            "<pre class=\"error\"><strong>ShapeException</strong>: Lstm(inputSize: 8, hiddenSize: 32): x must be",
            "<pre class=\"value wrap\">0 1 2 3",
        ];
        var places = inOrder.Select(text => page.IndexOf(text, StringComparison.Ordinal)).ToList();
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
        Assert.DoesNotContain("<?xml", page);
        Assert.DoesNotContain('\x1b', page);
    }

    [Fact]
    public void Build_EquationThatCannotBeConverted_NamesNotebookAndCell()
    {
        var error = Fails(SampleSite.Small("05-gates.ipynb", "Text $a + \\foo$."));
        Assert.StartsWith("05-gates.ipynb, cell 1: Equation, position 4: \\foo is not supported.", error.Message);
    }

    [Fact]
    public void Build_OutputFromTheNetwork_NamesNotebookCellAndAddress()
    {
        var cell = new NotebookCell(CellKind.Code, "chart")
        {
            Outputs = { DisplayOutput.Of(1, ("text/html", "<script src=\"https://cdn.example/plotly.js\"></script>")) },
        };
        var error = Fails(new SiteNotebook("a.ipynb", new NotebookDocument([new NotebookCell(CellKind.Markdown, "x"), cell]), "."));
        Assert.Equal(
            "a.ipynb, cell 2: the output loads https://cdn.example/plotly.js from the network. Pages must work offline: show a picture that holds all it needs.",
            error.Message);
    }

    [Fact]
    public void Build_Error_LeavesNothingBehind()
    {
        var root = Directory.CreateTempSubdirectory().FullName;
        Assert.Throws<SiteException>(() => SiteBuilder.Build([SampleSite.Small("a.ipynb", "$\\foo$")], Path.Combine(root, "site"), 2));
        Assert.Empty(Directory.GetFileSystemEntries(root));
        Directory.Delete(root);
    }

    [Fact]
    public void Build_Again_ReplacesTheWholeSite()
    {
        var root = Directory.CreateTempSubdirectory().FullName;
        var folder = Path.Combine(root, "site");
        SiteBuilder.Build([SampleSite.Small("a.ipynb", "one")], folder, 2, "first");
        Assert.Equal("first", SiteFolder.FingerprintOf(folder));
        var index = SiteBuilder.Build([SampleSite.Small("b.ipynb", "two")], folder, 2);
        Assert.Equal(Path.Combine(folder, "index.html"), index);
        Assert.Null(SiteFolder.FingerprintOf(folder));
        Assert.Null(SiteFolder.FingerprintOf(root));
        Assert.False(File.Exists(Path.Combine(folder, "a.html")));
        Assert.True(File.Exists(Path.Combine(folder, "b.html")));
        Assert.Equal([folder], Directory.GetFileSystemEntries(root));
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public void Build_FolderWithOtherFiles_IsLeftAlone()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        File.WriteAllText(Path.Combine(folder, "thesis.txt"), "years of work");
        var error = Assert.Throws<SiteException>(() => SiteBuilder.Build([SampleSite.Small("a.ipynb", "x")], folder, 2));
        Assert.Equal($"site: {folder} holds files that are not a site of this course. Choose an empty or new folder with --out DIR.", error.Message);
        Assert.Equal("years of work", File.ReadAllText(Path.Combine(folder, "thesis.txt")));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Build_FolderIsAFile_SaysSo()
    {
        var file = Path.GetTempFileName();
        var error = Assert.Throws<SiteException>(() => SiteBuilder.Build([SampleSite.Small("a.ipynb", "x")], file, 2));
        Assert.Equal($"site: {file} is a file. Choose another folder with --out DIR.", error.Message);
        File.Delete(file);
    }

    [Fact]
    public void Build_FolderCannotBeWritten_NamesFolderAndMendInOneLine()
    {
        var file = Path.GetTempFileName();
        var folder = Path.Combine(file, "site");
        var error = Assert.Throws<SiteException>(() => SiteBuilder.Build([SampleSite.Small("a.ipynb", "x")], folder, 2));
        Assert.StartsWith($"site: cannot write {folder} (", error.Message);
        Assert.EndsWith("). Choose a folder that you may write, on a disk with room, with --out DIR.", error.Message);
        Assert.DoesNotContain('\n', error.Message);
        File.Delete(file);
    }

    [Fact]
    public void SiteFolder_NeverCommitted_LeavesNothingBehind()
    {
        var root = Directory.CreateTempSubdirectory().FullName;
        using (var folder = new SiteFolder(Path.Combine(root, "site")))
            folder.Write("index.html", [1]);
        Assert.Empty(Directory.GetFileSystemEntries(root));
        Directory.Delete(root);
    }

    [TinyDiskFact]
    public void Build_DiskFull_KeepsTheOldSiteAndNothingElse()
    {
        using var disk = new TinyDisk("size=256k");
        var folder = Path.Combine(disk.Path, "site");
        SiteBuilder.Build([SampleSite.Small("a.ipynb", "old")], folder, 2);
        var big = SampleSite.Small("b.ipynb", new string('x', 300_000));
        var error = Assert.Throws<SiteException>(() => SiteBuilder.Build([big], folder, 2));
        Assert.StartsWith($"site: cannot write {folder} (", error.Message);
        Assert.EndsWith(", on a disk with room, with --out DIR.", error.Message);
        Assert.Equal([folder], Directory.GetFileSystemEntries(disk.Path));
        Assert.Contains("old", File.ReadAllText(Path.Combine(folder, "a.html")));
    }

    [TinyDiskFact]
    public void Build_ReadOnlyDisk_NamesFolderAndMend()
    {
        using var disk = new TinyDisk("size=256k");
        disk.MakeReadOnly();
        var folder = Path.Combine(disk.Path, "site");
        var error = Assert.Throws<SiteException>(() => SiteBuilder.Build([SampleSite.Small("a.ipynb", "x")], folder, 2));
        Assert.StartsWith($"site: cannot write {folder} (", error.Message);
        Assert.EndsWith("). Choose a folder that you may write, on a disk with room, with --out DIR.", error.Message);
    }

    private static SiteException Fails(SiteNotebook notebook)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"coursekit-{Guid.NewGuid():N}");
        return Assert.Throws<SiteException>(() => SiteBuilder.Build([notebook], folder, 2));
    }
}
