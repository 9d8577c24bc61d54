namespace CourseKit.Host.Tests.Commands;

public sealed class CommandLineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private async Task<string> Refused(params string[] words)
    {
        var (code, output, error) = await HostProcess.Call(_folder.Path, words);
        Assert.Equal("", output);
        Assert.Equal(2, code);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
        return error.TrimEnd('\n');
    }

    [Theory]
    [InlineData("rnu", "no verb \"rnu\". Did you mean run? Verbs: ")]
    [InlineData("tset", "no verb \"tset\". Did you mean test? Verbs: ")]
    [InlineData("docter", "no verb \"docter\". Did you mean doctor? Verbs: ")]
    [InlineData("frobnicate", "no verb \"frobnicate\". Verbs: ")]
    public async Task Verb_Unknown_SuggestsTheNearest(string verb, string message) =>
        Assert.StartsWith(message, await Refused(verb), StringComparison.Ordinal);

    [Theory]
    [InlineData("run", "run: FILE.ipynb is missing. Write: run FILE.ipynb [options]")]
    [InlineData("run a b", "run: \"b\" is one word too many. It takes one FILE.ipynb; see: help run")]
    [InlineData("run a --tiemout 3", "run: no option --tiemout. Did you mean --timeout? See: help run")]
    [InlineData("run a --time 3", "run: no option --time. Did you mean --timeout? See: help run")]
    [InlineData("run a --xyz", "run: no option --xyz. See: help run")]
    [InlineData("run a --timeout", "run: --timeout needs a value: --timeout SECONDS")]
    [InlineData("run a --timeout soon", "run: --timeout must be a number above 0, with a point for decimals, but got \"soon\".")]
    [InlineData("run a --timeout=-1", "run: --timeout must be a number above 0, with a point for decimals, but got \"-1\".")]
    [InlineData("run a --timeout 1,5", "run: --timeout must be a number above 0, with a point for decimals, but got \"1,5\".")]
    [InlineData("run a --timeout 1 --timeout 2", "run: --timeout is given twice. Leave one out.")]
    [InlineData("test --long=yes", "test: --long takes no value. Write it alone: --long")]
    [InlineData("doctor now", "doctor: \"now\" is one word too many. It takes options only; see: help doctor")]
    [InlineData("help rum", "no verb \"rum\". Did you mean run? ")]
    public async Task Words_Wrong_AreNamedWithTheMend(string line, string message) =>
        Assert.StartsWith(message, await Refused(line.Split(' ')), StringComparison.Ordinal);

    [Fact]
    public async Task File_Missing_SuggestsItsNeighbour()
    {
        _folder.Notebook("names.ipynb");
        Assert.StartsWith($"{_folder["nmaes.ipynb"]}: no such file. Did you mean names.ipynb? Check the path; it is relative to ", await Refused("run", _folder["nmaes.ipynb"]), StringComparison.Ordinal);
        Assert.Equal($"{_folder.Path}: is a folder. Name a file in it.", await Refused("run", _folder.Path));
    }

    [Fact]
    public async Task Run_NotANotebook_IsRefused()
    {
        File.WriteAllBytes(_folder["binary.ipynb"], [0, 1, 2, 0xFF]);
        Assert.Equal("binary.ipynb: not a notebook, the file is not JSON (at line 1). Take a fresh copy, or save it again in Jupyter.", await Refused("run", _folder["binary.ipynb"]));
        File.WriteAllText(_folder["python.ipynb"], "{\"nbformat\": 4, \"cells\": [], \"metadata\": {\"kernelspec\": {\"name\": \"python3\", \"language\": \"python\"}}}");
        Assert.StartsWith("python.ipynb: the notebook asks for kernel \"python3\" (language \"python\"), but CourseKit runs \".net-csharp\"", await Refused("run", _folder["python.ipynb"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OutputIsTheNotebookItself_IsRefused() =>
        Assert.Equal("run: --out is the notebook itself, which is kept without outputs. Name another file.", await Refused("run", _folder.Notebook("a.ipynb", "1"), "--out", _folder["a.ipynb"]));

    [Fact]
    public async Task Run_GoodAndBadNotebook_WriteTheExecutedNotebook()
    {
        var (code, output, error) = await HostProcess.Call(_folder.Path, "run", _folder.Notebook("a.ipynb", "6 * 7"));
        Assert.Equal(0, code);
        Assert.EndsWith($" s, written to {_folder["artifacts/executed/a.ipynb"]}\n", output, StringComparison.Ordinal);
        Assert.StartsWith("a.ipynb: cell 1 of 1, ", error, StringComparison.Ordinal);
        Assert.Contains("\"42\"", File.ReadAllText(_folder["artifacts/executed/a.ipynb"]), StringComparison.Ordinal);

        (code, _, error) = await HostProcess.Call(_folder.Path, "run", _folder.Notebook("b.ipynb", "1", "throw new Exception(\"no\");"), "--out", _folder["deep/er/b.ipynb"]);
        Assert.Equal(1, code);
        Assert.EndsWith("\nb.ipynb, cell 2, line 1: no\n", error, StringComparison.Ordinal);
        Assert.Contains("\"evalue\": \"no\"", File.ReadAllText(_folder["deep/er/b.ipynb"]), StringComparison.Ordinal);
        Assert.DoesNotContain(_folder.Files(), file => file.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_OutputIsAFolder_IsOneLine()
    {
        var (code, _, error) = await HostProcess.Call(_folder.Path, "run", _folder.Notebook("a.ipynb", "1"), "--out", _folder.Path);
        Assert.Equal(1, code);
        Assert.Equal($"run: cannot write {_folder.Path}: it is a folder. Free some space, or choose a folder that you may write to.\n", error);
    }

    [Fact]
    public async Task Help_ListsEveryVerbAndExplainsEach()
    {
        var (code, list, _) = await HostProcess.Call(_folder.Path, "help");
        Assert.Equal(0, code);
        Assert.Equal(list, (await HostProcess.Call(_folder.Path)).Out);
        Assert.Equal(list, (await HostProcess.Call(_folder.Path, "--help")).Out);
        foreach (var verb in Host.Commands.CommandLine.Verbs)
        {
            Assert.Contains($"  {verb.Name} ", list, StringComparison.Ordinal);
            var (explained, text, _) = await HostProcess.Call(_folder.Path, "help", verb.Name);
            Assert.Equal(0, explained);
            Assert.StartsWith($"dotnet run coursekit.cs {verb.Name}", text, StringComparison.Ordinal);
            Assert.All(verb.Options, option => Assert.Contains($"  {option.Name} ", text, StringComparison.Ordinal));
            Assert.Equal(text, (await HostProcess.Call(_folder.Path, verb.Name, "--help")).Out);
        }
    }
}
