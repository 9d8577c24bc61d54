using System.Globalization;
using CourseKit.Backends.Cpu;
using CourseKit.Notebooks;

namespace CourseKit.Benchmarks;

/// <summary>`bench --sizes FILE.svg`: the time of a training step of an LSTM character model against hidden size, batch size and time steps, as a table and as a chart.</summary>
internal static class SizeReport
{
    private const int Vocabulary = 65, Hidden = 128, Batch = 32, Time = 50;

    private static readonly Sweep[] s_sweeps =
    [
        new($"hidden size (batch {Batch}, {Time} time steps)", [32, 64, 128, 256, 512, 1024], size => Case(size, Batch, Time)),
        new($"batch size (hidden {Hidden}, {Time} time steps)", [1, 2, 4, 8, 16, 32, 64, 128, 256], size => Case(Hidden, size, Time)),
        new($"time steps (hidden {Hidden}, batch {Batch})", [10, 20, 50, 100, 200, 500, 1000], size => Case(Hidden, Batch, size)),
    ];

    private sealed record Sweep(string Name, int[] Sizes, Func<int, BenchCase> Case);

    /// <summary>Measures, prints and draws.</summary>
    /// <param name="file">The SVG file.</param>
    /// <param name="options">Threads, seconds and rounds.</param>
    public static int Run(string file, BenchOptions options)
    {
        var backend = CpuBackend.Default = new CpuBackend(options.Threads);
        var heading = $"A training step of an LSTM: {backend.Name}";
        Console.WriteLine(heading);
        var points = s_sweeps.SelectMany(sweep => sweep.Sizes.Select(size => new Point(sweep, size, new KitModel(sweep.Case(size))))).ToList();
        points.ForEach(point => Timing.WarmUp(point.Model.Step, options.Seconds / 2));

        // In turn, so that what disturbs the machine for a while does not bend one curve alone.
        for (var round = 0; round < options.Rounds; round++)
            points.ForEach(point => point.Times.Add(Timing.MedianMs(point.Model.Step, options.Seconds / 2)));

        var chart = new List<XYChart>();
        foreach (var group in points.GroupBy(point => point.Sweep))
        {
            Print(group.Key, group);
            var (xs, ys) = (group.Select(point => point.Size), group.Select(point => point.Ms));
            chart = [chart is [var begun] ? begun.AddLine(xs, ys, group.Key.Name) : Chart.Line(xs, ys, group.Key.Name)];
        }

        StandaloneSvg.Write(chart[0].Title(heading).XAxis("size", log: true).YAxis("ms a step", log: true), file, s_sweeps.Select(sweep => sweep.Name));
        Console.WriteLine($"\ndrawn into {file}");
        return 0;
    }

    private static void Print(Sweep sweep, IEnumerable<Point> points)
    {
        var table = new TextTable(sweep.Name, "ms", "GFLOP/s", "µs a character");
        Console.WriteLine($"\n{table.Header}");
        foreach (var point in points)
        {
            var one = sweep.Case(point.Size);
            Console.WriteLine(table.Row(point.Size.ToString(CultureInfo.InvariantCulture), Number(point.Ms), Number(one.StepFlops / point.Ms / 1e6), Number(1e3 * point.Ms / (one.Batch * one.Time))));
        }

        static string Number(double number) => number.ToString(number < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture);
    }

    private static BenchCase Case(int hidden, int batch, int time) => new("sizes", "LSTM", Vocabulary, hidden, hidden, 1, time, batch);

    private sealed record Point(Sweep Sweep, int Size, KitModel Model)
    {
        public List<double> Times { get; } = [];

        public double Ms => Timing.Median(Times);
    }
}
