namespace CourseKit.Host.Jupyter;

/// <summary>Lines for whoever runs Jupyter, on the error stream that the process started with; not more than anybody reads.</summary>
internal sealed class KernelLog
{
    private const int MostLines = 200;

    private readonly TextWriter _writer = Console.Error;
    private int _lines;

    /// <summary>Writes one line.</summary>
    /// <param name="text">Without its end.</param>
    public void Write(string text)
    {
        var line = Interlocked.Increment(ref _lines);
        if (line <= MostLines)
            _writer.WriteLine($"coursekit kernel: {text}{(line == MostLines ? " (further lines are left out)" : "")}");
    }
}
