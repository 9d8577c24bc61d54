using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace CourseKit.Host.Commands;

/// <summary>Runs another program to its end and passes its lines on.</summary>
internal static class ChildProcess
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    /// <summary>Runs it; when cancelled, kills it with all its children.</summary>
    /// <param name="start">The program.</param>
    /// <param name="line">Gets every line of its output and error streams, one at a time.</param>
    /// <param name="cancellation">Kills it.</param>
    /// <returns>Its exit code.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Task<int> RunAsync(ProcessStartInfo start, Action<string> line, CancellationToken cancellation) => RunAsync(start, line, line, cancellation);

    /// <summary>Asks a program something that it answers at once.</summary>
    /// <param name="start">The program.</param>
    /// <param name="cancellation">Kills it.</param>
    /// <returns>Its output without the blanks around; null when it does not start, fails, or takes longer than 5 s.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static async Task<string?> OutputAsync(ProcessStartInfo start, CancellationToken cancellation)
    {
        var output = new StringBuilder();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(AnswerLimit);
        try
        {
            return await RunAsync(start, line => output.Append(line).Append('\n'), _ => { }, limit.Token) == 0 ? output.ToString().Trim() : null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Runs it to its end; when cancelled, kills it with all its children.</summary>
    /// <param name="start">The program.</param>
    /// <param name="line">Gets every line of its output, and <paramref name="errorLine"/> every one of its error stream, one at a time.</param>
    /// <param name="errorLine">See there.</param>
    /// <param name="cancellation">Kills it.</param>
    /// <returns>Its exit code.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static async Task<int> RunAsync(ProcessStartInfo start, Action<string> line, Action<string> errorLine, CancellationToken cancellation)
    {
        start.UseShellExecute = false;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        process.StandardInput.Close();
        var gate = new Lock();
        var streams = Task.WhenAll(Pump(process.StandardOutput, line), Pump(process.StandardError, errorLine));
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

        async Task Pump(StreamReader reader, Action<string> take)
        {
            while (await reader.ReadLineAsync(CancellationToken.None) is { } text)
            {
                lock (gate)
                    take(text);
            }
        }
    }
}
