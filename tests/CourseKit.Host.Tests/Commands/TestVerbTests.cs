using CourseKit.Host.Commands;

namespace CourseKit.Host.Tests.Commands;

public sealed class TestVerbTests
{
    [Theory]
    [InlineData("StreamTextTests.Collapse_Overwriting", "6 passed, 0 failed, 0 skipped", "")]
    [InlineData("NoSuchTestAnywhere(x)", "0 passed, 0 failed, 0 skipped", "test: no test's name contains \"NoSuchTestAnywhere(x)\".\n")]
    public async Task Test_Filter_CountsWhatRanInItsLastLine(string filter, string last, string complaint)
    {
        var (code, output, error) = await HostProcess.Call(ProjectRoot.Find(), "test", filter);
        Assert.Equal(complaint, error);
        Assert.Equal(last, output.TrimEnd('\n').Split('\n')[^1]);
        if (complaint.Length > 0)
            Assert.Equal(1, code);
    }

    [Fact]
    public void Runs_WithoutFilter_RepeatTheKernelsUnderEachSwitch()
    {
        var verb = new TestVerb();
        var runs = TestVerb.Runs(new Arguments(verb, []), "Some.sln").ToList();
        Assert.Equal(["Some.sln", "tests/CourseKit.Tests", "tests/CourseKit.Tests", "tests/CourseKit.Tests"], runs.Select(run => run.Project));
        Assert.Equal([null, "DOTNET_EnableAVX512", "DOTNET_EnableAVX2", "DOTNET_EnableHWIntrinsic"], runs.Select(run => run.Switch));
        Assert.Equal("Category!=Long", runs[0].Filter);
        Assert.All(runs[1..], run => Assert.Contains("CpuBackendAvx512Contract", run.Filter, StringComparison.Ordinal));
        Assert.Single(TestVerb.Runs(new Arguments(verb, ["Lstm"]), "Some.sln"));
    }
}
