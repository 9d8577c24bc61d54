using CourseKit.Host.Tests.Jupyter;

namespace CourseKit.Host.Tests.Commands;

public sealed class LabVerbTests : IDisposable
{
    // Notes how it was started, one line a word.
    private const string Fake = "printf '%s\\n' \"$0\" \"$PWD\" \"$JUPYTER_PATH\" \"$@\" > \"$HOME/started\"";

    private readonly JupyterUser _user = new();

    public LabVerbTests() => Directory.CreateDirectory(_user.Folder["home"]);

    public void Dispose() => _user.Dispose();

    private string Notebooks => Path.Combine(_user.Root, "notebooks");

    private string PrivateData => Path.Combine(_user.Root, "artifacts", "jupyter", "share", "jupyter");

    private string[] Started() => File.ReadAllLines(_user.Folder["home/started"]);

    private static string[] AsRoot(params string[] words) => Environment.IsPrivilegedProcess ? [.. words, "--allow-root"] : words;

    [Fact]
    public async Task Lab_NoJupyter_SaysInThreeLinesHowToGoOn()
    {
        var (code, output, error) = await _user.Call("lab");
        Assert.Equal((1, ""), (code, output));
        var lines = error.TrimEnd('\n').Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Equal("lab: neither JupyterLab nor Jupyter Notebook is on the PATH.", lines[0]);
        Assert.StartsWith("Get one: ", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("without Jupyter: dotnet run coursekit.cs site --serve", lines[2], StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Notebooks));
        Assert.False(Directory.Exists(PrivateData));
    }

    [UnixFact]
    public async Task Lab_LabAndNotebook_StartsLabWithAPrivateKernelspecFirst()
    {
        var lab = _user.Script("jupyter-lab", Fake);
        _user.Script("jupyter-notebook", "exit 9");
        _user.Variables["JUPYTER_PATH"] = "/users/own";
        JupyterUser.Foreign(_user.Kernels, ".net-csharp");
        var before = JupyterUser.Content(_user.Data).ToList();

        var (code, output, error) = await _user.Call("lab", "--port", "9123", "--no-browser");
        Assert.Equal((0, "", $"lab: JupyterLab ({lab}) on {Notebooks}. Ctrl-C stops it and its kernels.\n"), (code, output, error));
        Assert.Equal([lab, Notebooks, $"{PrivateData}:/users/own", $"--notebook-dir={Notebooks}", .. AsRoot("--port=9123", "--no-browser")], Started());
        Assert.True(new Host.Jupyter.KernelsFolder(PrivateData).Find(".net-csharp")!.IsOurs);
        Assert.Equal(before, JupyterUser.Content(_user.Data));

        // A second time, and without options.
        _user.Variables.Remove("JUPYTER_PATH");
        Assert.Equal(0, (await _user.Call("lab")).Code);
        Assert.Equal([lab, Notebooks, PrivateData, .. AsRoot($"--notebook-dir={Notebooks}")], Started());
    }

    [UnixFact]
    public async Task Lab_NotebookInTheCourse_OpensItFromItsNameOrPath()
    {
        _user.Script("jupyter-notebook", Fake);
        var notebook = _user.Folder.Notebook("project/notebooks/00-a.ipynb", "1");
        foreach (var word in new[] { "00-a.ipynb", notebook })
        {
            Assert.Equal(0, (await _user.Call("lab", word)).Code);
            Assert.Equal(AsRoot($"--notebook-dir={Notebooks}").Append(notebook), Started()[3..]);
        }
        var elsewhere = _user.Folder.Notebook("mine.ipynb", "1");
        Assert.Equal(0, (await _user.Call("lab", elsewhere)).Code);
        Assert.Equal(AsRoot($"--notebook-dir={_user.Folder.Path}").Append(elsewhere), Started()[3..]);

        var (code, _, error) = await _user.Call("lab", _user.Folder["mien.ipynb"]);
        Assert.Equal(2, code);
        Assert.StartsWith($"{_user.Folder["mien.ipynb"]}: no such file. Did you mean mine.ipynb? ", error, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task Lab_JupyterFails_SaysSo()
    {
        _user.Script("jupyter-lab", "exit 3");
        var (code, _, error) = await _user.Call("lab");
        Assert.Equal(1, code);
        Assert.EndsWith("\nlab: JupyterLab ended with exit code 3; its last lines above say why.\n", error, StringComparison.Ordinal);

        File.WriteAllText(_user.Folder["bin/jupyter-lab"], "#!/no/such/python\n");
        (code, _, error) = await _user.Call("lab");
        Assert.Equal(1, code);
        Assert.Matches($"\nlab: {_user.Folder["bin/jupyter-lab"]} does not start: .+ Install Jupyter again.\n$", error);
    }

    [Theory]
    [InlineData("lab --port 0", "lab: --port must be a whole number from 1 to 65535, but got \"0\".")]
    [InlineData("lab a b", "lab: \"b\" is one word too many. It takes one NOTEBOOK; see: help lab")]
    public async Task Words_Wrong_AreNamedWithTheMend(string line, string message) =>
        Assert.Equal((2, "", message + "\n"), await _user.Call(line.Split(' ')));

    [UnixFact]
    public async Task Lab_NoNotebooksOrAColonInThePath_IsRefused()
    {
        _user.Script("jupyter-lab", Fake);
        Directory.Delete(Notebooks);
        Assert.Equal((2, "", $"lab: there is no folder {Notebooks}. Take a fresh copy of the project.\n"), await _user.Call("lab"));

        Directory.CreateDirectory(_user.Folder["a:b/notebooks"]);
        using var error = new StringWriter();
        var code = await Host.Commands.CommandLine.RunAsync(["lab"], _user.Terminal with { Error = error, Root = _user.Folder["a:b"] });
        Assert.Equal(2, code);
        Assert.StartsWith($"lab: JUPYTER_PATH cannot hold {_user.Folder["a:b"]}", error.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(_user.Folder["home/started"]));
    }

    [UnixTheory]
    [InlineData("trap 'echo asked > \"$HOME/asked\"; exit 0' TERM; echo > \"$HOME/up\"; while :; do sleep 0.1; done", true)]
    [InlineData("echo > \"$HOME/up\"; exec sleep 1000", false)]
    public Task Lab_Cancelled_AsksJupyterToStopAndIsWell(string script, bool asked) => Cancel(script, asked);

    [UnixFact]
    [Trait("Category", "Long")]
    public async Task Lab_CancelledAndJupyterIsDeaf_KillsItWithItsKernels()
    {
        await Cancel("trap '' TERM; sleep 1000 & echo $! > \"$HOME/child\"; echo > \"$HOME/up\"; while :; do sleep 0.1; done", asked: false);
        // Nothing, or what waits for its parent to notice.
        Assert.Matches("^(Z.*\n)?$", (await HostProcess.Shell($"ps -o stat= -p {File.ReadAllText(_user.Folder["home/child"])}")).Out);
    }

    private async Task Cancel(string script, bool asked)
    {
        _user.Script("jupyter-lab", script);
        _user.Variables["PATH"] += ":/usr/bin:/bin";
        using var stop = new CancellationTokenSource();
        var running = Host.Commands.CommandLine.RunAsync(["lab"], _user.Terminal with { Cancellation = stop.Token });
        while (!File.Exists(_user.Folder["home/up"]) && !running.IsCompleted)
            await Task.Delay(20);
        await stop.CancelAsync();
        Assert.Equal(0, await running.WaitAsync(TimeSpan.FromSeconds(40)));
        Assert.Equal(asked, File.Exists(_user.Folder["home/asked"]));
    }
}
