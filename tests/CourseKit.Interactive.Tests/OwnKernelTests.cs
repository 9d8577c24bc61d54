using System.Diagnostics;
using CourseKit.Host.Tests.Notebooks;

namespace CourseKit.Interactive.Tests;

/// <summary>The extension's cell in the kit's own runner, where a learner may well leave it standing.</summary>
public sealed class OwnKernelTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("coursekit-own-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Load_InTheKitsOwnKernel_SaysThatItIsNotNeeded()
    {
        var (code, error) = await RunAsync(InteractiveKernel.Setup, InteractiveKernel.Load);
        Assert.Equal(1, code);
        Assert.Contains(
            "cell 2, line 5: KitInteractive.LoadAsync: must run in a cell of .NET Interactive, but this program is another one. Leave the call out: the kit's own displays and charts need no extension.",
            error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task References_InTheKitsOwnKernel_ChangeNothing()
    {
        var references = string.Join('\n', InteractiveKernel.Load.Split('\n')[..4]);
        var (code, error) = await RunAsync(InteractiveKernel.Setup, references, "Chart.Line([1, 2, 3])");
        Assert.True(code == 0, error);
    }

    private async Task<(int Code, string Error)> RunAsync(params string[] cells)
    {
        var notebook = Path.Combine(_folder, "cells.ipynb");
        LearnersNotebook.Write(notebook, cells);
        var host = Path.Combine(CourseFiles.Root, "lib", "CourseKit.Host", "bin", "Release", "net10.0", "CourseKit.Host.dll");
        using var process = Process.Start(new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [host, "run", notebook, "--out", Path.Combine(_folder, "run.ipynb")])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }
}
