using System.Text;

namespace CourseKit.Notebooks;

/// <summary>A loss surface like a map, with two descents up to one update.</summary>
/// <param name="surface">The surface and the descents.</param>
/// <param name="update">After how many updates.</param>
internal sealed class LossSurfaceFrame(LossSurface surface, int update) : Drawing
{
    // Bands instead of a gradient: their borders are the map's contour lines.
    private const int Bands = 14;

    internal override string ToFigure()
    {
        var losses = surface.Losses.Cast<double>().Where(loss => loss > 0 && double.IsFinite(loss)).ToList();
        var most = losses.Max();
        var scale = new ColorScale(Math.Max(losses.Min(), most * 1e-4), most, Log: true);
        var y = Axis.Fit(surface.Second.From, surface.Second.To, log: false, round: false, target: 5).Between(PlotFrame.Top("y") + 270, PlotFrame.Top("y"));
        var bar = Axis.Fit(scale.Min, scale.Max, log: true, round: false, target: 4);
        var left = y.LabelWidth + 12;
        var x = Axis.Fit(surface.First.From, surface.First.To, log: false, round: false, target: 5).Between(left, Layout.Width - bar.LabelWidth - 44);
        var (width, height) = ((x.To - x.From) / LossSurface.Columns, (y.From - y.To) / LossSurface.Rows);

        var svg = new StringBuilder();
        CellGrid.Draw(svg, LossSurface.Rows, LossSurface.Columns, (row, column) => Band(surface.Losses[row, column], scale), scale, x.From, y.To, width, height);
        PlotFrame.DrawY(svg, y, surface.SecondName, x.From, x.To);
        PlotFrame.DrawX(svg, x, surface.FirstName, y.To, y.From);
        DrawBar(svg, bar.Between(y.From, y.To), scale, x.To + 20);
        var spots = new List<(double X, double Y, string Text)>();
        DrawPath(svg, spots, surface.Plain, "without clipping", 1, x, y);
        DrawPath(svg, spots, surface.Clipped, "with clipping", 0, x, y);

        var body = Figure.Svg(y.From + PlotFrame.Bottom("x"), "Loss surface", Title, ToString(), svg.ToString());
        return Figure.Of(Title, [new("without clipping", 1), new($"clipped to a length of {Num.Short(surface.ClipNorm)}", 0)], body, [Says("Without", surface.Plain), Says("With", surface.Clipped)], json =>
        {
            json.WriteString("kind", "points");
            json.WriteStartArray("points");
            foreach (var (px, py, _) in spots)
            {
                json.WriteStartArray();
                json.WriteValue(px, 4);
                json.WriteValue(py, 4);
                json.WriteEndArray();
            }

            json.WriteEndArray();
            json.WriteTexts("texts", spots.Select(spot => spot.Text));
        });
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Title}. {Says("Without", surface.Plain)} {Says("With", surface.Clipped)}";

    private string Title => $"The loss over {surface.FirstName} and {surface.SecondName}, after {Num.Whole(update)} update{(update == 1 ? "" : "s")}";

    private string Says(string how, LossPoint[] points)
    {
        var at = points[update];
        return $"{how} clipping: {surface.FirstName} {Num.Digits(at.First, 3)}, {surface.SecondName} {Num.Digits(at.Second, 3)}{(IsInside(at) ? "" : " (outside the picture)")}, loss {Num.Digits(at.Loss, 3)}, length of the gradient {Num.Digits(at.Norm, 3)}.";
    }

    private bool IsInside(LossPoint at) =>
        at.First >= surface.First.From && at.First <= surface.First.To && at.Second >= surface.Second.From && at.Second <= surface.Second.To;

    private static double Band(double loss, ColorScale scale)
    {
        if (!scale.Shows(loss))
            return loss == 0 ? scale.Min : double.NaN;
        var share = Math.Clamp(Math.Log(loss / scale.Min) / Math.Log(scale.Max / scale.Min), 0, 1);
        return scale.Min * Math.Pow(scale.Max / scale.Min, Math.Min(Bands - 1, Math.Floor(share * Bands)) / (Bands - 1));
    }

    private static void DrawBar(StringBuilder svg, Axis axis, ColorScale scale, double left)
    {
        var levels = new ColorScale(0, Bands - 1);
        CellGrid.Draw(svg, Bands, 1, (row, _) => Bands - 1 - row, levels, left, axis.To, 13, (axis.From - axis.To) / Bands);
        foreach (var tick in axis.Ticks)
            svg.Append(Markup.Text(left + 18, axis.Place(tick.Value) + 5, tick.Text, "start", " class=\"ck-tick\""));
        svg.Append(Markup.Text(left, axis.To - 8, "loss")).Append('\n');
    }

    // A place outside is drawn where the way to it leaves the picture.
    private void DrawPath(StringBuilder svg, List<(double X, double Y, string Text)> spots, LossPoint[] points, string name, int color, Axis x, Axis y)
    {
        var (line, dots) = (new StringBuilder(), new StringBuilder());
        for (var k = 0; k <= update; k++)
        {
            var at = points[k];
            if (!double.IsFinite(at.First) || !double.IsFinite(at.Second))
                break;
            var (px, py) = (x.Place(at.First), y.Place(at.Second));
            if (k > 0 && !IsInside(at) && IsInside(points[k - 1]))
                (px, py) = Exit(points[k - 1], at, x, y);
            line.Append(k == 0 ? 'M' : 'L').Append(Num.Px(px)).Append(',').Append(Num.Px(py));
            dots.Append('M').Append(Num.Px(px)).Append(',').Append(Num.Px(py)).Append("h0");
            spots.Add((px, py, $"{name}, update {Num.Whole(k)}\nloss {Num.Digits(at.Loss, 3)}, length of the gradient {Num.Digits(at.Norm, 3)}"));
            if (!IsInside(at))
                break;
        }

        svg.Append($"<path class=\"ck-line ck-under\" d=\"{line}\"/><path class=\"ck-line\" style=\"stroke:{Figure.Color(color)}\" d=\"{line}\"/>");
        svg.Append($"<path class=\"ck-dots ck-under\" d=\"{dots}\"/><path class=\"ck-dots\" style=\"stroke:{Figure.Color(color)}\" d=\"{dots}\"/>\n");
    }

    private (double X, double Y) Exit(LossPoint from, LossPoint to, Axis x, Axis y)
    {
        var share = Math.Min(Share(from.First, to.First, surface.First), Share(from.Second, to.Second, surface.Second));
        return (x.Place(from.First + share * (to.First - from.First)), y.Place(from.Second + share * (to.Second - from.Second)));

        static double Share(double from, double to, (double From, double To) range) =>
            to > range.To ? (range.To - from) / (to - from) : to < range.From ? (range.From - from) / (to - from) : 1;
    }
}
