using System.Diagnostics;

namespace CourseKit.Host.Commands;

/// <summary>Runs another program to its end and passes its lines on.</summary>
internal static class ChildProcess
{
    /// <summary>Runs it; when cancelled, kills it with all its children.</summary>
    /// <param name="start">The program.</param>
    /// <param name="line">Gets every line of its output and error streams, one at a time.</param>
    /// <param name="cancellation">Kills it.</param>
    /// <returns>Its exit code.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static async Task<int> RunAsync(ProcessStartInfo start, Action<string> line, CancellationToken cancellation)
    {
        start.UseShellExecute = false;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        process.StandardInput.Close();
        var gate = new Lock();
        var streams = Task.WhenAll(Pump(process.StandardOutput), Pump(process.StandardError));
        try
        {
            await process.WaitForExitAsync(cancellation);
            await streams.WaitAsync(TimeSpan.FromSeconds(5), cancellation);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        catch (TimeoutException)
        {
            // A grandchild that lives on (a build server) holds the pipe; what the child itself wrote has arrived.
        }
        return process.ExitCode;

        async Task Pump(StreamReader reader)
        {
            while (await reader.ReadLineAsync(CancellationToken.None) is { } text)
            {
                lock (gate)
                    line(text);
            }
        }
    }
}
