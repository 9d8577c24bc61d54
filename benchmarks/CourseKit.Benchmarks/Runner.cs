using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace CourseKit.Benchmarks;

/// <summary>
/// A process that measures one case, the kit's or a peer's. It says when it is ready, then waits for a request on its input, answers it with one line, and waits again
/// without disturbing others. It ends when its input does, and so with this program.
/// </summary>
internal sealed class Runner : IDisposable
{
    private static readonly List<Process> s_running = [];

    private readonly Process _process;
    private readonly Dictionary<string, List<double>> _samples = [];
    private string _lastError = "";
    private bool _isDisposed;

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="name">The program and its version, for output.</param>
    /// <param name="threads">How many threads it uses.</param>
    /// <param name="start">How to start it.</param>
    /// <param name="settings">What else it was told, for output; null for nothing.</param>
    /// <exception cref="RunnerException">It does not start.</exception>
    public Runner(string name, int threads, ProcessStartInfo start, string? settings = null)
    {
        (Name, Threads, Settings) = (name, threads, settings);
        start.UseShellExecute = false;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        try
        {
            _process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new RunnerException($"{name} does not start: {e.Message}");
        }

        lock (s_running)
            s_running.Add(_process);
        _process.ErrorDataReceived += (_, data) => _lastError = string.IsNullOrWhiteSpace(data.Data) ? _lastError : data.Data.Trim();
        _process.BeginErrorReadLine();
        Answer();
    }

    /// <summary>The program and its version.</summary>
    public string Name { get; }

    /// <summary>How many threads it uses.</summary>
    public int Threads { get; }

    /// <summary>What else it was told; null for nothing.</summary>
    public string? Settings { get; }

    /// <summary>Asks once and keeps the answer as one more sample.</summary>
    /// <param name="what">step, forward, recurrent, generate, peak, memory or difference.</param>
    /// <param name="seconds">For how long to measure.</param>
    /// <exception cref="RunnerException">It has ended.</exception>
    public void Measure(string what, double seconds = 0)
    {
        try
        {
            _process.StandardInput.WriteLine(seconds > 0 ? FormattableString.Invariant($"{what} {seconds}") : what);
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // It has ended, which the missing answer says with the reason.
        }

        if (Answer() is { } value)
        {
            if (!_samples.TryGetValue(what, out var samples))
                _samples[what] = samples = [];
            samples.Add(value);
        }
    }

    /// <summary>The median of the answers so far; null when there is none.</summary>
    public double? Median(string what) => _samples.TryGetValue(what, out var samples) ? Timing.Median(samples) : null;

    /// <summary>The greatest of the answers so far; null when there is none.</summary>
    public double? Most(string what) => _samples.TryGetValue(what, out var samples) ? samples.Max() : null;

    /// <summary>Forgets the answers so far, which were a trial.</summary>
    public void Forget(string what) => _samples.Remove(what);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        lock (s_running)
            s_running.Remove(_process);
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    /// <summary>Ends every runner, whatever it is doing.</summary>
    public static void EndAll()
    {
        lock (s_running)
        {
            foreach (var process in s_running)
                process.Kill(entireProcessTree: true);
        }
    }

    private double? Answer()
    {
        if (_process.StandardOutput.ReadLine() is not { } line)
        {
            _process.WaitForExit();
            throw new RunnerException($"{Name} ended with exit code {_process.ExitCode}{(_lastError.Length > 0 ? $": {_lastError}" : ".")}");
        }

        using var json = JsonDocument.Parse(line);
        return json.RootElement.TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
    }
}
