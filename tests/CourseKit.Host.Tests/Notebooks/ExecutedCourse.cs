using System.Collections.Concurrent;
using CourseKit.Host.Execution;
using CourseKit.Host.Notebooks;

namespace CourseKit.Host.Tests.Notebooks;

/// <summary>The course's notebooks, each run once for all tests, with one more cell that prints the numbers which its prose quotes.</summary>
internal static class ExecutedCourse
{
    // The course promises 60 s on two idle cores; the pages of the site print the measured time. Here other tests may run beside it.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private static readonly ConcurrentDictionary<string, Lazy<Task<NotebookRun>>> Runs = new();

    /// <summary>A notebook's run. The document holds the notebook's own cells only.</summary>
    public static async Task<NotebookRun> RunAsync(string name) => await Runs.GetOrAdd(name, _ => new(() => StartAsync(name))).Value;

    /// <summary>What the added cell printed: the quoted numbers, in the order of <see cref="Quote.Of"/>.</summary>
    public static ConcurrentDictionary<string, NotebookCell> Numbers { get; } = new();

    private static async Task<NotebookRun> StartAsync(string name)
    {
        using var patience = new CancellationTokenSource(Longest);
        var document = NotebookDocument.Load(CourseFiles.PathOf(name));
        var quotes = Quote.Of(name);
        var numbers = new NotebookCell(CellKind.Code, Quote.Cell(quotes));
        if (quotes.Count > 0)
            document.Cells.Add(numbers);
        var run = await NotebookRunner.RunAsync(document, CourseFiles.PathOf(name), new RunOptions(), patience.Token);
        document.Cells.Remove(numbers);
        Numbers[name] = numbers;
        return run;
    }
}
