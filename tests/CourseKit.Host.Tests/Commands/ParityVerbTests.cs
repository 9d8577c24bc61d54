namespace CourseKit.Host.Tests.Commands;

public sealed class ParityVerbTests : IDisposable
{
    private static readonly string Golden = Path.Combine(ProjectRoot.Find(), "tests", "CourseKit.Tests", "Fixtures");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Parity_FilesThatAgree_PrintsARowEachAndReturns0()
    {
        Copy("lstm_l1");
        Copy("keras_gru_last");
        var (code, output, error) = await HostProcess.Call(_folder.Path, "parity", _folder.Path);

        Assert.Equal("", error);
        Assert.Matches(@"^ok   keras_gru_last  \d\.\dE-\d\d at y, 12 numbers\nok   lstm_l1         \d\.\dE-\d\d at \w+(\.\w+)?, \d+ numbers\n2 of 2 files agree to 0\.00001\n$", output);
        Assert.Equal(0, code);
    }

    [Fact]
    public async Task Parity_FileThatDiffersAndFileThatIsNotUnderstood_ReturnsRowsAnd1()
    {
        File.WriteAllText(_folder["changed.json"], File.ReadAllText(Path.Combine(Golden, "lstm_l1.json")).Replace("\"loss\": ", "\"loss\": 1e1, \"was\": ", StringComparison.Ordinal));
        Copy("gru_l1");
        File.WriteAllText(_folder["other.json"], "{\"a\": 1}");
        File.WriteAllText(_folder["cut.json"], "{\"a\": ");
        var (code, output, _) = await HostProcess.Call(_folder.Path, "parity", _folder.Path);

        Assert.Matches(@"(?m)^FAIL changed  \d\.\dE\+\d\d at loss, ", output);
        Assert.Matches(@"(?m)^FAIL cut      the file is not whole JSON \(", output);
        Assert.Matches(@"(?m)^ok   gru_l1   ", output);
        Assert.Contains("FAIL other    the file is none of the kinds that are known\n", output, StringComparison.Ordinal);
        Assert.EndsWith("\n1 of 4 files agree to 0.00001\n", output, StringComparison.Ordinal);
        Assert.Equal(1, code);
    }

    [Fact]
    public async Task Parity_NothingToCompare_IsUsage()
    {
        var (code, _, error) = await HostProcess.Call(_folder.Path, "parity", _folder["none"]);
        Assert.StartsWith($"parity: there is no folder {_folder["none"]}. Check the path; ", error, StringComparison.Ordinal);
        Assert.Equal(2, code);

        (code, _, error) = await HostProcess.Call(_folder.Path, "parity", _folder.Path);
        Assert.StartsWith($"parity: {_folder.Path} holds no .json file.", error, StringComparison.Ordinal);
        Assert.Equal(2, code);

        (code, _, error) = await HostProcess.Call(_folder.Path, "parity");
        Assert.Equal("parity: DIR is missing. Write: parity DIR\n", error);
        Assert.Equal(2, code);
    }

    private void Copy(string name) => File.Copy(Path.Combine(Golden, name + ".json"), _folder[name + ".json"]);
}
