using System.Diagnostics;
using System.Globalization;
using System.IO.Pipes;
using CourseKit.Host.Notebooks;

namespace CourseKit.Host.Execution;

/// <summary>The runner's side of the process in which one notebook runs. Disposing kills the process with all its children.</summary>
internal sealed class NotebookProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly CellPipe _pipe;
    private readonly Task _rawOutput;
    private OutputCollector? _outputs;
    private string? _lastWords;

    private NotebookProcess(Process process, CellPipe pipe)
    {
        (_process, _pipe) = (process, pipe);
        _rawOutput = Task.WhenAll(Pump(process.StandardOutput, "stdout"), Pump(process.StandardError, "stderr"));
    }

    /// <summary>Starts a fresh process in the notebook's folder.</summary>
    /// <param name="folder">The working folder.</param>
    /// <param name="cancellation">Ends the wait; the process is killed.</param>
    /// <exception cref="InvalidOperationException">The process does not start.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static async Task<NotebookProcess> StartAsync(string folder, CancellationToken cancellation)
    {
        var name = "coursekit-" + Guid.NewGuid().ToString("N")[..12];
        var server = new NamedPipeServerStream(name, PipeDirection.InOut, 1, PipeTransmissionMode.Byte, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);
        var start = DotnetCommand.ThisProgram(CellServer.Verb, name, folder);
        start.WorkingDirectory = folder;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        var process = Process.Start(start) ?? throw new InvalidOperationException("The process of the notebook did not start.");
        process.StandardInput.Close();
        var started = new NotebookProcess(process, new CellPipe(server));
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(StartLimit);
            var connected = server.WaitForConnectionAsync(limit.Token);
            if (await Task.WhenAny(connected, process.WaitForExitAsync(limit.Token)) != connected)
                throw new InvalidOperationException("The process of the notebook did not start: " + await started.LastWordsAsync());
            await connected;
            return started;
        }
        catch (Exception e)
        {
            await started.DisposeAsync();
            if (e is OperationCanceledException && !cancellation.IsCancellationRequested)
                throw new InvalidOperationException($"The process of the notebook did not start within {StartLimit.TotalSeconds} s.", e);
            throw;
        }
    }

    /// <summary>Runs one cell to its end.</summary>
    /// <param name="source">C#.</param>
    /// <param name="number">The cell's number.</param>
    /// <param name="outputs">Gets the outputs as they come.</param>
    /// <param name="cancellation">Ends the wait; dispose afterwards, the process is in an unknown state.</param>
    /// <returns>Null when the cell ended well, else what happened and on which line.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<(string Message, int? Line)?> ExecuteAsync(string source, int number, OutputCollector outputs, CancellationToken cancellation)
    {
        _outputs = outputs;
        try
        {
            _pipe.Send(new() { ["cell"] = number, ["source"] = source });
        }
        catch (IOException)
        {
            return (await LastWordsAsync(), null);
        }
        while (true)
        {
            var message = await _pipe.ReceiveAsync(cancellation);
            cancellation.ThrowIfCancellationRequested();
            if (message is null)
                return (await LastWordsAsync(), null);
            if (CellPipe.OutputIn(message) is { } output)
                outputs.Add(output);
            else
                return (bool)message["failed"]! ? ((string)message["message"]!, (int?)message["line"]) : null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Before the pipe closes: a process that ends by itself would leave its own children behind.
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
        _pipe.Dispose();
        await _process.WaitForExitAsync(CancellationToken.None);
        await Task.WhenAny(_rawOutput, Task.Delay(1000));
        _process.Dispose();
    }

    /// <summary>Why the process is gone.</summary>
    private async Task<string> LastWordsAsync()
    {
        using var limit = new CancellationTokenSource(5000);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
            await _rawOutput.WaitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            return "the process of the notebook no longer answers.";
        }
        var code = _process.ExitCode.ToString(CultureInfo.InvariantCulture);
        return $"the process of the notebook ended (exit code {code})" + (_lastWords is null ? "." : $": {_lastWords}");
    }

    /// <summary>Text that bypasses the cell's console: native code, and the runtime's report of a crash.</summary>
    private async Task Pump(StreamReader reader, string stream)
    {
        const int mostLines = 200;
        for (var lines = 0; await reader.ReadLineAsync() is { } line; lines++)
        {
            if (stream == "stderr" && line.Length > 0)
                _lastWords ??= line;
            if (lines < mostLines)
                _outputs?.Add(new StreamOutput(stream, line + "\n"));
        }
    }
}
