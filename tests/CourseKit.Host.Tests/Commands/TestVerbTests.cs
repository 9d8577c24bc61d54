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
}
