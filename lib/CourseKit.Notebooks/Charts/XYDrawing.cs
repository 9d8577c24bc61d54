using System.Text;
using System.Text.Json;

namespace CourseKit.Notebooks;

/// <summary>Draws lines and dots as SVG.</summary>
internal static class XYDrawing
{
    /// <summary>The chart as a figure.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="remarks">Lines under it, besides what the drawing has to say.</param>
    public static string ToFigure(XYChart chart, params string[] remarks)
    {
        var (x, y) = Axes(chart, Range(chart));
        var svg = new StringBuilder();
        PlotFrame.DrawY(svg, y, chart.YLabel, x.From, x.To);
        PlotFrame.DrawX(svg, x, chart.XLabel, y.To, y.From);

        var notes = new List<string>();
        var occupied = new List<(double X, double Y)>();
        var shown = chart.Series.Select(series => Draw(svg, chart, series, x, y, notes, occupied)).ToArray();
        Baseline.Draw(svg, chart.Baselines, y, x.From, x.To, occupied);
        foreach (var baseline in chart.Baselines.Where(baseline => !Axis.Shows(baseline.Value, chart.YLog)))
            notes.Add($"The baseline {baseline.Text} is not positive and has no place on a logarithmic axis.");
        if (shown.All(kept => kept.Count == 0))
            svg.Append(Markup.Text((x.From + x.To) / 2, 0.7 * y.To + 0.3 * y.From, "no data", "middle")).Append('\n');

        var body = Figure.Svg(Layout.Height, Kind(chart), chart.Heading, Describe(chart), svg.ToString());
        var legend = chart.Series.Where(series => series.Name.Length > 0).Select(series => new LegendEntry(series.Name, series.Color));
        return Figure.Of(chart.Heading, legend, body, [.. remarks, .. notes], json => WriteHover(json, chart, x, y, shown));
    }

    public static string Describe(XYChart chart)
    {
        var text = new StringBuilder(Kind(chart));
        if (chart.Heading.Length > 0)
            text.Append($" \"{chart.Heading}\"");
        text.Append(": ");
        text.AppendJoin("; ", chart.Series.Select((series, k) =>
        {
            var name = series.NameOr($"series {Num.Whole(k + 1)}");
            return series.Range(chart.XLog, chart.YLog) is { } r
                ? $"{name}, {Count(series.Xs.Length, "point")}, {(chart.XLabel.Length > 0 ? chart.XLabel : "x")} {Span(r.XMin, r.XMax)}, " +
                  $"{(chart.YLabel.Length > 0 ? chart.YLabel : "y")} {Span(r.YMin, r.YMax)}"
                : $"{name}, no data";
        }));
        foreach (var baseline in chart.Baselines)
            text.Append($"; baseline {baseline.Text}");
        return text.Append('.').ToString();
    }

    private static string Kind(XYChart chart) => chart.Series.Any(series => series.IsLine) ? "Line chart" : "Scatter chart";

    private static string Span(double min, double max) => min == max ? Num.Short(min) : $"{Num.Short(min)} to {Num.Short(max)}";

    private static string Count(int count, string noun) => $"{Num.Whole(count)} {noun}{(count == 1 ? "" : "s")}";

    private static (double XMin, double XMax, double YMin, double YMax) Range(XYChart chart)
    {
        var levels = chart.Baselines.Select(baseline => baseline.Value).Where(value => Axis.Shows(value, chart.YLog));
        var (xs, ys) = (new List<double>(), levels.ToList());
        foreach (var series in chart.Series)
            if (series.Range(chart.XLog, chart.YLog) is { } r)
            {
                xs.AddRange([r.XMin, r.XMax]);
                ys.AddRange([r.YMin, r.YMax]);
            }

        // Without data the axes still stand: one decade or one unit.
        if (xs.Count == 0)
            xs.AddRange(chart.XLog ? [1, 10] : [0, 1]);
        if (ys.Count == 0)
            ys.AddRange(chart.YLog ? [1, 10] : [0, 1]);
        return (xs.Min(), xs.Max(), ys.Min(), ys.Max());
    }

    private static (Axis X, Axis Y) Axes(XYChart chart, (double XMin, double XMax, double YMin, double YMax) range)
    {
        var y = Axis.Fit(range.YMin, range.YMax, chart.YLog, round: true, target: 5)
            .Between(Layout.Height - PlotFrame.Bottom(chart.XLabel), PlotFrame.Top(chart.YLabel));
        var left = Math.Max(30, y.LabelWidth + 12);
        var onlyDots = chart.Series.All(series => !series.IsLine);
        for (var target = 8; ; target--)
        {
            var x = Axis.Fit(range.XMin, range.XMax, chart.XLog, onlyDots, target);
            var right = Layout.Width - Math.Max(10, x.LabelWidth / 2);
            if (target == 1 || x.Ticks.Count * (x.LabelWidth + 14) <= right - left)
                return (x.Between(left, right), y);
        }
    }

    // Returns the indices of the points that the picture shows.
    private static List<int> Draw(
        StringBuilder svg, XYChart chart, XYSeries series, Axis x, Axis y, List<string> notes, List<(double X, double Y)> occupied)
    {
        var points = new (double X, double Y)[series.Xs.Length];
        var missing = 0;
        for (var k = 0; k < points.Length; k++)
            if (series.Shows(k, chart.XLog, chart.YLog))
                points[k] = (x.Place(series.Xs[k]), y.Place(series.Ys[k]));
            else
                (points[k], missing) = ((double.NaN, double.NaN), missing + 1);

        var kept = series.IsLine ? Decimation.Line(points) : Decimation.Dots(points);
        var drawn = kept.Where(k => double.IsFinite(points[k].X)).ToList();
        var name = series.NameOr("The data");
        if (missing > 0)
            notes.Add($"{name}: {Num.Whole(missing)} of {Count(points.Length, "point")} {(chart.XLog || chart.YLog ? "not finite, or not positive on a logarithmic axis" : "not finite")}, {(series.IsLine ? "shown as gaps" : "left out")}.");
        if (drawn.Count < points.Length - missing)
            notes.Add(series.IsLine
                ? $"{name}: {Num.Whole(points.Length)} points; of each pixel column the first, lowest, highest and last are drawn."
                : $"{name}: {Num.Whole(points.Length)} points; of dots that cover each other one is drawn.");
        if (series.IsLine)
            DrawLine(svg, series, points, kept, occupied);
        if (!series.IsLine || drawn.Count <= 30)
            DrawDots(svg, series, drawn.Select(k => points[k]), occupied);
        return drawn;
    }

    private static void DrawLine(
        StringBuilder svg, XYSeries series, (double X, double Y)[] points, List<int> kept, List<(double X, double Y)> occupied)
    {
        var path = new StringBuilder();
        var alone = new List<(double X, double Y)>();
        for (var k = 0; k < kept.Count;)
        {
            var first = k;
            while (k < kept.Count && double.IsFinite(points[kept[k]].X))
            {
                var (px, py) = points[kept[k]];
                path.Append(k == first ? 'M' : 'L').Append(Num.Px(px)).Append(',').Append(Num.Px(py));
                if (k > first)
                    Occupy(points[kept[k - 1]], (px, py), occupied);
                k++;
            }

            if (k == first + 1)
                alone.Add(points[kept[first]]);
            k = Math.Max(k, first + 1);
        }

        if (path.Length == 0)
            return;
        svg.Append($"<path class=\"ck-line ck-k{Num.Whole(series.Color % 6)}\" style=\"stroke:{Figure.Color(series.Color)}\" d=\"{path}\"/>\n");
        if (kept.Count > 30)
            DrawDots(svg, series, alone, occupied);
    }

    private static void DrawDots(
        StringBuilder svg, XYSeries series, IEnumerable<(double X, double Y)> points, List<(double X, double Y)> occupied)
    {
        var (path, count) = (new StringBuilder(), 0);
        foreach (var (px, py) in points)
        {
            count++;
            path.Append('M').Append(Num.Px(px)).Append(',').Append(Num.Px(py)).Append("h0");
            occupied.Add((px, py));
        }

        if (path.Length > 0)
            svg.Append($"<path class=\"ck-dots{(count > Decimation.Free ? " ck-many" : "")}\" style=\"stroke:{Figure.Color(series.Color)}\" d=\"{path}\"/>\n");
    }

    private static void Occupy((double X, double Y) from, (double X, double Y) to, List<(double X, double Y)> occupied)
    {
        var steps = (int)(Math.Max(Math.Abs(to.X - from.X), Math.Abs(to.Y - from.Y)) / 6) + 1;
        for (var k = 0; k < steps; k++)
            occupied.Add((from.X + (to.X - from.X) * k / steps, from.Y + (to.Y - from.Y) * k / steps));
    }

    private static void WriteHover(Utf8JsonWriter json, XYChart chart, Axis x, Axis y, List<int>[] shown)
    {
        json.WriteString("kind", "xy");
        json.WriteBoolean("byX", chart.Series.Any(series => series.IsLine) && chart.Series.All(series => series.IsSorted));
        WriteAxis(json, "x", x, chart.XLabel);
        WriteAxis(json, "y", y, chart.YLabel);
        json.WriteStartArray("series");
        foreach (var (series, kept) in chart.Series.Zip(shown))
        {
            json.WriteStartObject();
            json.WriteString("name", series.Name);
            json.WriteNumbers("x", kept.Select(k => series.Xs[k]), 7);
            json.WriteNumbers("y", kept.Select(k => series.Ys[k]), 6);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteAxis(Utf8JsonWriter json, string name, Axis axis, string label)
    {
        json.WriteStartObject(name);
        json.WriteString("label", label.Length > 0 ? label : name);
        json.WriteNumber("min", axis.Min);
        json.WriteNumber("max", axis.Max);
        json.WriteNumber("from", axis.From);
        json.WriteNumber("to", axis.To);
        json.WriteBoolean("log", axis.Log);
        json.WriteEndObject();
    }
}
