using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CourseKit.Host.Commands;

/// <summary>Runs a program that works until it is stopped, with this program's output and without its input.</summary>
internal static class ForegroundProcess
{
    private const int Terminate = 15;

    /// <summary>How long a program has that a terminal's Ctrl-C has reached too: a second signal would disturb its tidying up.</summary>
    private static readonly TimeSpan AloneLimit = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);

    /// <summary>Runs it to its end; when cancelled, asks it to stop, and kills it with all its children only when it does not.</summary>
    /// <param name="start">The program.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>Its exit code, also after it was stopped.</returns>
    /// <exception cref="System.ComponentModel.Win32Exception">It does not start.</exception>
    public static async Task<int> RunAsync(ProcessStartInfo start, CancellationToken cancellation)
    {
        // With a terminal as its input Jupyter would ask whether to stop, and wait for the answer.
        start.RedirectStandardInput = true;
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            // A terminal signals every program of its group. Windows has no other way to ask.
            var asked = OperatingSystem.IsWindows() || (!Console.IsInputRedirected && await EndsAsync(process, AloneLimit));
            if (!asked && !process.HasExited)
                _ = Kill(process.Id, Terminate);
            if (!await EndsAsync(process, StopLimit))
                process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
        return process.ExitCode;
    }

    private static async Task<bool> EndsAsync(Process process, TimeSpan limit)
    {
        using var end = new CancellationTokenSource(limit);
        try
        {
            await process.WaitForExitAsync(end.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
