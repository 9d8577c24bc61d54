using System.Globalization;
using CourseKit.Host.Execution;

namespace CourseKit.Host.Commands;

/// <summary>run FILE.ipynb</summary>
internal sealed class RunVerb : Verb
{
    /// <summary>The option that the verbs which run notebooks share.</summary>
    public static readonly Option Timeout = Option.Number("--timeout", "SECONDS", "longest time of one cell; default 300");

    public override string Name => "run";

    public override string Summary => "runs a notebook from top to bottom and writes the executed notebook";

    public override string FileWord => "FILE.ipynb";

    public override int LeastFiles => 1;

    public override IReadOnlyList<Option> Options { get; } =
    [
        Option.Text("--out", "FILE", "the executed notebook; default artifacts/executed/NAME.ipynb"),
        Timeout,
    ];

    public override async Task<int> RunAsync(Arguments arguments, Terminal terminal)
    {
        var file = arguments.ExistingFile();
        var output = Path.GetFullPath(arguments.Text("--out") ?? Path.Combine(terminal.Root, "artifacts", "executed", Path.GetFileName(file)));
        if (output == Path.GetFullPath(file))
            throw new UsageException("run: --out is the notebook itself, which is kept without outputs. Name another file.");
        AtomicFile.CheckWritable(output);
        var options = new RunOptions { CellTimeout = TimeoutOf(arguments), Progress = terminal.Error };
        var run = await NotebookRunner.RunAsync(file, options, terminal.Cancellation);
        run.Document.Save(output);
        if (run.Error is not null)
            terminal.Error.WriteLine(run.Error);
        terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(file)}: {run.Seconds:0.0} s, written to {output}"));
        return run.Error is null ? 0 : 1;
    }

    /// <summary>The value of --timeout.</summary>
    /// <param name="arguments">Of a verb that takes it.</param>
    public static TimeSpan TimeoutOf(Arguments arguments) => TimeSpan.FromSeconds(Math.Min(arguments.Number(Timeout.Name, 300), 1e6));
}
