using System.Diagnostics;
using CourseKit.Host.Commands;
using CourseKit.Host.Execution;

namespace CourseKit.Host.Tests;

/// <summary>Runs the command line: inside the test, or as a process of its own.</summary>
internal static class HostProcess
{
    /// <summary>Inside the test.</summary>
    public static async Task<(int Code, string Out, string Error)> Call(string root, params string[] words)
    {
        using StringWriter output = new(), error = new();
        var code = await CommandLine.RunAsync(words, new Terminal(output, error, root, CancellationToken.None));
        return (code, output.ToString().ReplaceLineEndings("\n"), error.ToString().ReplaceLineEndings("\n"));
    }

    /// <summary>As a process; its streams are redirected.</summary>
    public static Process Start(params IEnumerable<string> words)
    {
        var start = DotnetCommand.ThisProgram(words);
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        return Process.Start(start)!;
    }

    /// <summary>Runs a shell command to its end.</summary>
    public static async Task<(int Code, string Out, string Error)> Shell(string command)
    {
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}
