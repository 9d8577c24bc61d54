using CourseKit.Host.Commands;
using CourseKit.Host.Notebooks;
using CourseKit.Host.Site;

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

    [Fact]
    public async Task Serve_BuildsOnceAndAgainWhenANotebookChanged()
    {
        Notebook("00-a.ipynb", "# First", "6 * 7");
        var (code, error, page) = await Serve();
        Assert.Equal(0, code);
        Assert.StartsWith("00-a.ipynb: cell 1 of 1, ", error, StringComparison.Ordinal);
        Assert.EndsWith("site: Ctrl-C ends it.\n", error, StringComparison.Ordinal);
        Assert.Contains("First", page, StringComparison.Ordinal);

        (code, error, page) = await Serve();
        Assert.Equal(0, code);
        Assert.Equal($"site: {_folder["artifacts/site"]} is up to date\nsite: Ctrl-C ends it.\n", error);
        Assert.Contains("First", page, StringComparison.Ordinal);

        Notebook("00-a.ipynb", "# Second", "6 * 7");
        (_, error, page) = await Serve();
        Assert.StartsWith("00-a.ipynb: cell 1 of 1, ", error, StringComparison.Ordinal);
        Assert.Contains("Second", page, StringComparison.Ordinal);

        // A site of another build, or one from before there were fingerprints.
        File.WriteAllText(_folder["artifacts/site/.coursekit-site"], "");
        (_, error, _) = await Serve();
        Assert.StartsWith("00-a.ipynb: cell 1 of 1, ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_CellFails_Exits1WithoutServing()
    {
        Notebook("00-a.ipynb", "# A", "throw new Exception(\"no\");");
        var (code, output, error) = await HostProcess.Call(_folder.Path, "site", "--serve");
        Assert.Equal((1, ""), (code, output));
        Assert.EndsWith("\n00-a.ipynb, cell 1, line 1: no\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_PortTaken_IsSaidBeforeAnythingRuns()
    {
        Notebook("00-a.ipynb", "# A", "System.IO.File.WriteAllText(\"ran\", \"\")");
        using var other = SiteServer.Open(null);
        var port = new Uri(other.Url).Port;
        var (code, output, error) = await HostProcess.Call(_folder.Path, "site", "--serve", "--port", $"{port}");
        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith($"site: port {port} is taken by another program. ", error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["notebooks/ran"]));
    }

    [Theory]
    [InlineData("--port 8000", "site: --port needs --serve. Write both, or neither.")]
    [InlineData("--serve --port 0", "site: --port must be a whole number from 1 to 65535, but got \"0\".")]
    [InlineData("--serve --port 65536", "site: --port must be a whole number from 1 to 65535, but got \"65536\".")]
    public async Task Port_Wrong_IsRefused(string options, string message)
    {
        var (code, output, error) = await HostProcess.Call(_folder.Path, ["site", .. options.Split(' ')]);
        Assert.Equal((2, "", message + "\n"), (code, output, error));
    }

    // Serves until its first page has been read.
    private async Task<(int Code, string Error, string Page)> Serve()
    {
        using var stop = new CancellationTokenSource();
        using FirstLine output = new();
        using StringWriter error = new();
        var running = CommandLine.RunAsync(["site", "--serve"], new Terminal(output, error, _folder.Path, stop.Token));
        using var client = new HttpClient();
        var page = await client.GetStringAsync(new Uri(await output.Line.WaitAsync(TimeSpan.FromMinutes(2))));
        await stop.CancelAsync();
        return (await running, error.ToString(), page);
    }

    private sealed class FirstLine : StringWriter
    {
        private readonly TaskCompletionSource<string> _line = new();

        public Task<string> Line => _line.Task;

        public override void WriteLine(string? value) => _line.TrySetResult(value!);
    }
}
