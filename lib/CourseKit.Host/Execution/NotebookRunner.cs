using System.Diagnostics;
using System.Globalization;
using CourseKit.Host.Notebooks;

namespace CourseKit.Host.Execution;

/// <summary>How to run a notebook.</summary>
internal sealed record RunOptions
{
    /// <summary>The longest that one cell may take; then its process is killed. 300 s by default.</summary>
    public TimeSpan CellTimeout { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>Gets a line for every finished cell; null for none.</summary>
    public TextWriter? Progress { get; init; }
}

/// <summary>An executed notebook.</summary>
/// <param name="Document">Outputs, numbers and seconds of all cells up to the error, or of all cells.</param>
/// <param name="Error">Null when every cell ended well, else one line: "NAME.ipynb, cell 7, line 3: message".</param>
/// <param name="Seconds">From the start of the process to the end of the last cell that ran.</param>
internal sealed record NotebookRun(NotebookDocument Document, string? Error, double Seconds);

/// <summary>Runs a notebook from top to bottom, in a process of its own whose working folder is the notebook's.</summary>
internal static class NotebookRunner
{
    /// <summary>Runs all code cells; stops at the first error.</summary>
    /// <param name="path">An .ipynb file. It is not changed.</param>
    /// <param name="options">Limits and progress.</param>
    /// <param name="cancellation">Stops the run and kills the process with all its children.</param>
    /// <returns>The executed document, also when a cell failed. Seconds stand in the metadata, as coursekit.seconds.</returns>
    /// <exception cref="NotebookException">The file is not a notebook that CourseKit runs.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Task<NotebookRun> RunAsync(string path, RunOptions options, CancellationToken cancellation) =>
        RunAsync(NotebookDocument.Load(path), path, options, cancellation);

    /// <summary>Runs a document's code cells, as if they stood in a file.</summary>
    /// <param name="document">The cells. Their outputs, numbers and seconds are replaced.</param>
    /// <param name="path">The file as which it runs: it gives the working folder and the name in messages.</param>
    /// <param name="options">Limits and progress.</param>
    /// <param name="cancellation">Stops the run and kills the process with all its children.</param>
    /// <returns>The same document, executed.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static async Task<NotebookRun> RunAsync(NotebookDocument document, string path, RunOptions options, CancellationToken cancellation)
    {
        var name = Path.GetFileName(path);
        var code = document.Cells.Where(cell => cell.Kind == CellKind.Code).ToList();
        foreach (var cell in code)
        {
            cell.Outputs.Clear();
            cell.ExecutionCount = null;
            cell.Seconds = null;
        }
        code.RemoveAll(cell => string.IsNullOrWhiteSpace(cell.Source));
        var total = Stopwatch.StartNew();
        string? error = null;
        await using (var process = await NotebookProcess.StartAsync(Path.GetDirectoryName(Path.GetFullPath(path))!, cancellation))
        {
            var number = 0;
            foreach (var cell in code)
            {
                var watch = Stopwatch.StartNew();
                cell.ExecutionCount = ++number;
                error = await RunCellAsync(process, cell, display => code.ForEach(earlier => OutputCollector.Replace(earlier.Outputs, display)), name, options.CellTimeout, cancellation);
                cell.Seconds = watch.Elapsed.TotalSeconds;
                options.Progress?.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{name}: cell {number} of {code.Count}, {cell.Seconds:0.0} s{(error is null ? "" : ", failed")}"));
                if (error is not null)
                    break;
            }
        }
        var seconds = total.Elapsed.TotalSeconds;
        document.Seconds = seconds;
        return new NotebookRun(document, error, seconds);
    }

    private static async Task<string?> RunCellAsync(
        NotebookProcess process, NotebookCell cell, Action<DisplayOutput> elsewhere, string name, TimeSpan timeout, CancellationToken cancellation)
    {
        var number = cell.ExecutionCount!.Value;
        var outputs = new OutputCollector(elsewhere);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        string? message = null;
        try
        {
            if (await process.ExecuteAsync(cell.Source, number, outputs, limit.Token) is not { } failure)
                return null;
            message = string.Create(CultureInfo.InvariantCulture,
                $"{name}, cell {number}{(failure.Line is { } line ? $", line {line}" : "")}: {failure.Message}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            message = string.Create(CultureInfo.InvariantCulture,
                $"{name}, cell {number}: did not end within {timeout.TotalSeconds:0.##} s and was stopped. Give it more time: --timeout SECONDS.");
        }
        finally
        {
            var all = outputs.Take();
            if (message is not null && !all.OfType<ErrorOutput>().Any())
                all.Add(new ErrorOutput("Stopped", message, [message]));
            cell.Outputs.AddRange(all);
        }
        return message;
    }
}
