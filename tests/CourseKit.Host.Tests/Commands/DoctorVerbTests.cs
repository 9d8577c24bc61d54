namespace CourseKit.Host.Tests.Commands;

public sealed class DoctorVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Doctor_EmptyFolder_NamesWhatIsMissingAndTheMend()
    {
        var (code, output, _) = await HostProcess.Call(_folder.Path, "doctor");
        Assert.Equal(1, code);
        Assert.Matches("(?m)^ok   \\.NET SDK   10\\.", output);
        Assert.Matches("(?m)^ok   cores      [1-9]", output);
        Assert.Matches("(?m)^ok   speed      [1-9][0-9]* GFLOP/s on one core, [1-9][0-9]* on all ", output);
        Assert.Contains($"ok   artifacts  {_folder["artifacts"]}\n", output, StringComparison.Ordinal);
        Assert.Contains($"MEND kit        {_folder["artifacts/kit/CourseKit.Notebooks.dll"]}: missing: delete artifacts/built.txt and call again, which builds it\n", output, StringComparison.Ordinal);
        Assert.Contains($"MEND notebooks  0 in {_folder["notebooks"]}: none: take a fresh copy of the project\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_KitAndNotebooksPresent_IsWell()
    {
        Directory.CreateDirectory(_folder["artifacts/kit"]);
        File.WriteAllText(_folder["artifacts/kit/CourseKit.Notebooks.dll"], "");
        Directory.CreateDirectory(_folder["notebooks"]);
        _folder.Notebook("notebooks/a.ipynb", "1");
        var (code, output, _) = await HostProcess.Call(_folder.Path, "doctor");
        Assert.Equal(0, code);
        Assert.Contains($"ok   notebooks  1 in {_folder["notebooks"]}\n", output, StringComparison.Ordinal);
    }
}
