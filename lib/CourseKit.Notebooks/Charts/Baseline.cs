using System.Text;

namespace CourseKit.Notebooks;

/// <summary>A horizontal line that results are compared with.</summary>
internal readonly record struct Baseline(double Value, string Label)
{
    /// <summary>A line at a finite height.</summary>
    /// <exception cref="ArgumentException">value is not finite.</exception>
    public static Baseline Of(double value, string label)
    {
        ArgumentNullException.ThrowIfNull(label);
        return double.IsFinite(value)
            ? new Baseline(value, label)
            : throw new ArgumentException(
                $"Chart.Baseline(\"{label}\"): value must be a finite number, but got {Num.Short(value)}. Leave the baseline out, or compute it first.",
                nameof(value));
    }

    /// <summary>Draws the lines, each with its label where the fewest of the drawn points are.</summary>
    /// <param name="svg">Where to draw.</param>
    /// <param name="baselines">The lines.</param>
    /// <param name="y">The vertical axis.</param>
    /// <param name="left">Left end.</param>
    /// <param name="right">Right end.</param>
    /// <param name="occupied">Positions that a label should not cover.</param>
    public static void Draw(
        StringBuilder svg, IEnumerable<Baseline> baselines, Axis y, double left, double right, List<(double X, double Y)> occupied)
    {
        foreach (var baseline in baselines)
            if (Axis.Shows(baseline.Value, y.Log))
            {
                var at = y.Place(baseline.Value);
                svg.Append(Markup.Line(left, at, right, at, "ck-base")).Append('\n');
                for (var x = left; x <= right; x += 6)
                    occupied.Add((x, at));
            }

        foreach (var baseline in baselines)
            if (Axis.Shows(baseline.Value, y.Log))
                DrawLabel(svg, baseline, y, left, right, occupied);
    }

    private static void DrawLabel(
        StringBuilder svg, Baseline baseline, Axis y, double left, double right, List<(double X, double Y)> occupied)
    {
        var text = Markup.Shorten(baseline.Text, (int)((right - left) / Layout.CharWidth));
        var width = text.Length * Layout.CharWidth * 0.85;
        var at = y.Place(baseline.Value);
        var places =
            from low in (double[])[at - 4, at + 17]
            where low - 12 > y.To && low < y.From
            from start in (double[])[right - width - 4, left + 6, (left + right - width) / 2]
            select (Start: start, Low: low);
        var best = places.DefaultIfEmpty((right - width - 4, at - 4)).MinBy(place => occupied.Count(point =>
            point.X >= place.Item1 - 2 && point.X <= place.Item1 + width + 2 && point.Y >= place.Item2 - 14 && point.Y <= place.Item2 + 3));
        var (anchor, x) = best.Item1 > (left + right) / 2 ? ("end", best.Item1 + width) : ("start", best.Item1);
        svg.Append(Markup.Text(x, best.Item2, text, anchor)).Append('\n');
        for (var across = 0.0; across <= width; across += 6)
            occupied.Add((best.Item1 + across, best.Item2 - 5));
    }

    /// <summary>The label and the value.</summary>
    public string Text => Label.Length > 0 ? $"{Label} {Num.Short(Value)}" : Num.Short(Value);
}
