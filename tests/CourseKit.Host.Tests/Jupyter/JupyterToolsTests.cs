using System.Diagnostics;
using System.Text.RegularExpressions;
using CourseKit.Host.Notebooks;
using CourseKit.Host.Tests.Notebooks;

namespace CourseKit.Host.Tests.Jupyter;

/// <summary>The kernel under Jupyter's own tools: its suite for kernels, and nbconvert, which runs notebooks.</summary>
[Collection("console")]
public sealed partial class JupyterToolsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Notebooks => CourseFiles.All;

    public void Dispose() => _folder.Dispose();

    [KernelSuiteFact]
    public async Task KernelSuite_GenericTests_Pass()
    {
        var (code, output) = await RunAsync(PythonModules.PythonWith("jupyter_kernel_test")!, Path.Combine(CourseFiles.Root, "tests", "CourseKit.Host.Tests", "Jupyter", "kernel_suite.py"));

        Assert.True(code == 0, output);
        Assert.Equal(["test_clear_output", "test_pager"], Skipped().Matches(output).Select(match => match.Groups["test"].Value).Order(StringComparer.Ordinal));
        Assert.True(int.Parse(Count().Match(output).Groups["tests"].ValueSpan) >= 12, output);
    }

    [NbconvertTheory]
    [MemberData(nameof(Notebooks))]
    public async Task Nbconvert_ExecutesEveryNotebook(string name)
    {
        var (code, output) = await RunAsync(PythonModules.PythonWith("nbconvert")!, "-m", "nbconvert", "--to", "notebook", "--execute", "--ExecutePreprocessor.timeout=300",
            "--output-dir", _folder.Path, CourseFiles.PathOf(name));

        Assert.True(code == 0, output);
        ExecutedNotebooksTests.RequireResults(name, NotebookDocument.Load(_folder[name]));
    }

    private async Task<(int Code, string Output)> RunAsync(string program, params string[] words)
    {
        Assert.Equal(0, (await HostProcess.Call(CourseFiles.Root, "kernel", "install", "--prefix", _folder.Path)).Code);
        var start = new ProcessStartInfo(program, words) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["JUPYTER_PATH"] = _folder["share/jupyter"];
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }

    [GeneratedRegex(@"^(?<test>test_\w+) .*skipped", RegexOptions.Multiline)]
    private static partial Regex Skipped();

    [GeneratedRegex(@"^Ran (?<tests>\d+) tests", RegexOptions.Multiline)]
    private static partial Regex Count();
}
