using System.Diagnostics;
using System.Text.Json.Nodes;
using CourseKit.Host.Tests.Notebooks;

namespace CourseKit.Interactive.Tests;

/// <summary>The real dotnet-repl, on the PATH or in artifacts/tools.</summary>
internal static class DotnetRepl
{
    /// <summary>Its program; null when it is not installed.</summary>
    public static string? Program { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Prepend(Path.Combine(CourseFiles.Root, "artifacts", "tools")).Where(folder => folder.Length > 0)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "dotnet-repl.exe" : "dotnet-repl")).FirstOrDefault(File.Exists);

    /// <summary>Why a test that needs it is skipped; null when it is not.</summary>
    public static string? Missing => Program is null ? "There is no dotnet-repl. Install it: dotnet tool install dotnet-repl --tool-path artifacts/tools" : null;

    /// <summary>Runs a notebook in the course's folder, as its relative references ask for, and gives the code cells with their outputs.</summary>
    public static async Task<IReadOnlyList<JsonNode>> RunAsync(string notebook, string output)
    {
        var start = new ProcessStartInfo(Program!, ["--run", notebook, "--exit-after-run", "--output-format", "ipynb", "--output-path", output])
        {
            WorkingDirectory = CourseFiles.PathOf(""),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (shown, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await shown + await error);
        return [.. JsonNode.Parse(await File.ReadAllTextAsync(output))!["cells"]!.AsArray().Where(cell => (string)cell!["cell_type"]! == "code").Select(cell => cell!)];
    }
}

/// <summary>A test that needs a real dotnet-repl.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReplFactAttribute : FactAttribute
{
    public ReplFactAttribute() => Skip = DotnetRepl.Missing;
}

/// <summary>Cases that need a real dotnet-repl.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReplTheoryAttribute : TheoryAttribute
{
    public ReplTheoryAttribute() => Skip = DotnetRepl.Missing;
}
