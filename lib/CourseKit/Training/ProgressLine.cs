using System.Diagnostics;
using CourseKit.Data;

namespace CourseKit.Training;

/// <summary>One line about a running training: step, loss, rate, time left. At a terminal it is written over in place, from the first step on; elsewhere a line comes now and then.</summary>
internal sealed class ProgressLine : IDisposable
{
    private static readonly TimeSpan InPlacePause = TimeSpan.FromSeconds(0.25), LinePause = TimeSpan.FromSeconds(10);

    private readonly TextWriter? writer;
    private readonly string symbols;
    private readonly long? steps;
    private readonly History history;
    private readonly bool inPlace;
    private readonly int before;
    private readonly long start = Stopwatch.GetTimestamp();
    private long inputs;
    private bool countsSymbols;
    private TimeSpan next;
    private int reported, width;

    /// <param name="writer">Null writes nothing.</param>
    /// <param name="symbols">What ids are: "characters".</param>
    /// <param name="steps">All steps to come; null when unknown.</param>
    /// <param name="history">The steps taken; those that are there already were taken before a stop, and say nothing about the speed.</param>
    public ProgressLine(TextWriter? writer, string symbols, long? steps, History history)
        : this(writer, symbols, steps, history, ReferenceEquals(writer, Console.Out) && !Console.IsOutputRedirected, history.Steps.Count)
    {
    }

    internal ProgressLine(TextWriter? writer, string symbols, long? steps, History history, bool inPlace, int before = 0)
    {
        (this.writer, this.symbols, this.steps, this.history, this.inPlace, this.before) = (writer, symbols, steps, history, inPlace, before);
        reported = before;
        next = inPlace ? TimeSpan.Zero : LinePause;
    }

    public double Seconds => Math.Max(Stopwatch.GetElapsedTime(start).TotalSeconds, 1e-9);

    /// <summary>"61,200 characters/s"; "12.3 steps/s" where inputs are numbers.</summary>
    public string Pace => countsSymbols
        ? FormattableString.Invariant($"{inputs / Seconds:N0} {symbols}/s")
        : FormattableString.Invariant($"{(history.Steps.Count - before) / Seconds:N1} steps/s");

    /// <summary>How long the steps to come will take, at the pace so far; null when their number is unknown or no step is taken.</summary>
    public TimeSpan? Left => steps is { } all && history.Steps.Count > before
        ? TimeSpan.FromSeconds(Seconds / (history.Steps.Count - before) * Math.Max(0, all - history.Steps.Count))
        : null;

    /// <summary>Call it after every step.</summary>
    public void Report(Batch batch)
    {
        inputs += batch.InputCount;
        countsSymbols = batch.Ids is not null;
        var elapsed = Stopwatch.GetElapsedTime(start);
        if (writer is null || elapsed < next)
            return;
        next = elapsed + (inPlace ? InPlacePause : LinePause);
        Write();
    }

    /// <summary>The last state of the line, and an end to it.</summary>
    public void Dispose()
    {
        if (writer is null || history.Steps.Count == before)
            return;
        if (reported != history.Steps.Count)
            Write();
        if (inPlace)
            writer.WriteLine();
        writer.Flush();
    }

    /// <summary>"step 812/2000  loss 1.612  61,200 characters/s  0:32 left"; the first step, which also compiles, tells no speed.</summary>
    internal string Text()
    {
        var taken = history.Steps.Count;
        var text = FormattableString.Invariant($"step {taken}{(steps is null ? "" : $"/{steps}")}  loss {history.RecentLoss():0.000}");
        if (taken == before + 1 && taken != steps)
            return text;
        text += $"  {Pace}";
        if (Left is not { } left)
            return text;
        var (time, word) = taken == steps ? (TimeSpan.FromSeconds(Seconds), "in all") : (left, "left");
        return text + FormattableString.Invariant($"  {(int)time.TotalMinutes}:{time.Seconds:00} {word}");
    }

    private void Write()
    {
        reported = history.Steps.Count;
        var text = Text();
        if (!inPlace)
        {
            writer!.WriteLine(text);
            return;
        }
        // Spaces cover what a longer line left; a line wider than the window would not go back to its start.
        var most = Math.Max(20, WindowWidth() - 1);
        if (text.Length > most)
            text = text[..most];
        writer!.Write("\r" + text.PadRight(Math.Min(width, most)));
        writer.Flush();
        width = text.Length;
    }

    private static int WindowWidth()
    {
        try
        {
            return Console.WindowWidth;
        }
        catch (IOException)
        {
            return 80;
        }
    }
}
