using CourseKit.Host.Notebooks;

namespace CourseKit.Host.Tests.Commands;

public sealed class SiteVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private void Notebook(string name, string prose, string code) =>
        new NotebookDocument([new NotebookCell(CellKind.Markdown, prose), new NotebookCell(CellKind.Code, code)]).Save(_folder[$"notebooks/{name}"]);

    [Fact]
    public async Task Site_TwoNotebooks_WritesPagesWithOutputsAndPrintsThePath()
    {
        Notebook("00-a.ipynb", "# First\n\n## Goal\n\nSee $x^2$.", "6 * 7");
        Notebook("01-b.ipynb", "# Second", "HTML(\"<b>bold</b>\")");
        var (code, output, error) = await HostProcess.Call(_folder.Path, "site");
        Assert.Equal(0, code);
        Assert.Equal(_folder["artifacts/site/index.html"] + "\n", output);
        Assert.Contains("site: 2 notebooks, ", error, StringComparison.Ordinal);
        Assert.Contains("First", File.ReadAllText(_folder["artifacts/site/index.html"]), StringComparison.Ordinal);
        var page = File.ReadAllText(_folder["artifacts/site/00-a.html"]);
        Assert.Contains("42", page, StringComparison.Ordinal);
        Assert.Contains("<math", page, StringComparison.Ordinal);
        Assert.Contains("<b>bold</b>", File.ReadAllText(_folder["artifacts/site/01-b.html"]), StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["artifacts/executed/01-b.ipynb"]));
    }

    [Fact]
    public async Task Site_CellFails_Exits1AndLeavesTheOldSite()
    {
        Directory.CreateDirectory(_folder["site"]);
        Notebook("00-a.ipynb", "# A", "1");
        Notebook("01-b.ipynb", "# B", "throw new Exception(\"no\");");
        var (code, output, error) = await HostProcess.Call(_folder.Path, "site", "--out", _folder["site"]);
        Assert.Equal(1, code);
        Assert.Equal("", output);
        Assert.EndsWith("\n01-b.ipynb, cell 1, line 1: no\n", error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["site"]));
    }

    [Fact]
    public async Task Site_UnknownTeX_IsSaidBeforeAnythingRuns()
    {
        Notebook("00-a.ipynb", "# A", "System.IO.File.WriteAllText(\"ran\", \"\")");
        Notebook("01-b.ipynb", "$\\nosuchcommand$", "1");
        var (code, _, error) = await HostProcess.Call(_folder.Path, "site");
        Assert.Equal(1, code);
        Assert.StartsWith("01-b.ipynb, cell 1: ", error, StringComparison.Ordinal);
        Assert.Contains("nosuchcommand", error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["notebooks/ran"]));
    }

    [Fact]
    public async Task Site_NothingToShow_IsRefused()
    {
        var (code, _, error) = await HostProcess.Call(_folder.Path, "site");
        Assert.Equal(2, code);
        Assert.Equal($"site: there are no notebooks in {_folder["notebooks"]}. Take a fresh copy of the project.\n", error);
    }
}
