using System.Globalization;
using System.Text;
using CourseKit.Tensors;

namespace CourseKit.Notebooks;

/// <summary>The way of a hidden state over a text, in the plane of its two principal components, with what was read along it.</summary>
internal sealed class TrajectoryDrawing : Drawing
{
    /// <summary>How many states are drawn.</summary>
    public const int MostStates = 400;

    private const double Margin = 34;
    private const double LetterHeight = 17;
    private const double LetterWidth = 11;

    // From the first state to the last: of middle brightness, so that each can be read on white and on black.
    private static readonly (int Red, int Green, int Blue)[] Times = [(0x2f, 0x87, 0xd8), (0xb4, 0x55, 0xb0), (0xdd, 0x76, 0x1c)];

    private readonly string[] _labels;
    private readonly int _all;
    private readonly int _size;
    private readonly bool _hasLabels;

    /// <param name="states">[time, hidden].</param>
    /// <param name="labels">One for every state; null for their numbers.</param>
    /// <param name="all">How many states there would be; null for as many as are given.</param>
    public TrajectoryDrawing(Tensor states, string[]? labels, int? all = null)
    {
        var sizes = states.Shape.Sizes;
        if (sizes.Length < 2 || sizes[..^2].IndexOfAnyExcept(1) >= 0 || states.Length == 0)
            throw new ShapeException($"Picture.Trajectory: states must be [time, hidden] with at least one of each, but got {states.Shape}. Take one example of the batch, or Reshape it first.");
        (_all, _size) = (all ?? sizes[^2], sizes[^1]);
        if (labels is not null && labels.Length != sizes[^2])
            throw new ArgumentException($"Picture.Trajectory: labels must be one for every state, but got {Num.Whole(labels.Length)} labels and {Num.Whole(sizes[^2])} states. Leave labels out to number the states.", nameof(labels));
        var values = states.ToArray();
        if (Array.FindIndex(values, value => !float.IsFinite(value)) is >= 0 and var bad)
            throw new ArgumentException(
                $"Picture.Trajectory: every state must be finite, but number {Num.Whole(bad % _size)} at time step {Num.Whole(bad / _size)} is {Num.Short(values[bad])}. The model has probably diverged: train it with a lower learning rate.", nameof(states));
        (_labels, _hasLabels) = (labels ?? [.. Enumerable.Range(0, sizes[^2]).Select(t => Num.Whole(t))], labels is not null);
        Plane = PrincipalPlane.Of([.. values.Chunk(_size).Take(MostStates).Select(row => Array.ConvertAll(row, value => (double)value))]);
    }

    /// <summary>Where the states fall.</summary>
    public PrincipalPlane Plane { get; }

    internal override string ToFigure()
    {
        var points = Place();
        var svg = new StringBuilder();
        var height = points.Max(point => point.Y) + Margin + Layout.LineHeight;
        DrawAxes(svg, height);
        for (var t = 1; t < points.Length; t++)
            svg.Append($"<path class=\"ck-line\" style=\"stroke:{Color(t - 0.5)};stroke-width:1.4;opacity:.75\" d=\"M{At(points[t - 1])}L{At(points[t])}\"/>\n");
        svg.Append($"<circle class=\"ck-seam\" cx=\"{Num.Px(points[0].X)}\" cy=\"{Num.Px(points[0].Y)}\" r=\"7\"/>\n");
        for (var t = 0; t < points.Length; t++)
            svg.Append($"<circle cx=\"{Num.Px(points[t].X)}\" cy=\"{Num.Px(points[t].Y)}\" r=\"{(t == points.Length - 1 ? "5" : "2.6")}\" fill=\"{Color(t)}\"/>");
        svg.Append('\n');
        var hidden = DrawLabels(svg, points, height);

        var notes = new List<string> { "A ring marks the first state, a large dot the last. Equal distances are equal in both directions." };
        if (_all > points.Length)
            notes.Add($"The first {Num.Whole(points.Length)} of {Num.Whole(_all)} states are shown.");
        if (hidden > 0)
            notes.Add($"There is no room for {Num.Whole(hidden)} of {Num.Whole(points.Length)} labels.");
        var key = $"<div class=\"ck-key\" aria-hidden=\"true\"><span>first <b style=\"background:linear-gradient(to right,{Color(0)},{Color((points.Length - 1) / 2.0)},{Color(points.Length - 1)})\"></b> last</span></div>\n";
        var body = key + Figure.Svg(height, "Trajectory", "hidden state in its principal plane", ToString(), svg.ToString());
        return Figure.Of("The state moves as the network reads", [], body, notes, json =>
        {
            json.WriteString("kind", "points");
            json.WriteStartArray("points");
            foreach (var (x, y) in points)
            {
                json.WriteStartArray();
                json.WriteValue(x, 4);
                json.WriteValue(y, 4);
                json.WriteEndArray();
            }

            json.WriteEndArray();
            json.WriteTexts("texts", points.Select((_, t) => $"{Num.Whole(t)}  {Glyphs.Name(_labels[t])}\n{Num.Digits(Plane.Points[t].X, 3)}, {Num.Digits(Plane.Points[t].Y, 3)}"));
        });
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"Trajectory of {Num.Whole(Plane.Points.Length)} state{(Plane.Points.Length == 1 ? "" : "s")} of {Num.Whole(_size)} number{(_size == 1 ? "" : "s")}{(_hasLabels ? $" over {Glyphs.Quote(Glyphs.Join(_labels))}" : "")}: " +
        $"the first component keeps {Percent(Plane.Shares.First)} of the variance, the second {Percent(Plane.Shares.Second)}.";

    private static string Percent(double share) => $"{Num.Digits(100 * share, 3)} %";

    private static string At((double X, double Y) point) => $"{Num.Px(point.X)},{Num.Px(point.Y)}";

    // One scale for both directions, or distances would lie.
    private (double X, double Y)[] Place()
    {
        var (xs, ys) = (Plane.Points.Select(p => p.X).ToArray(), Plane.Points.Select(p => p.Y).ToArray());
        var (wide, high) = (xs.Max() - xs.Min(), ys.Max() - ys.Min());
        const double Room = Layout.Width - 2 * Margin;
        var unit = wide > 0 || high > 0 ? Math.Min(wide > 0 ? Room / wide : double.PositiveInfinity, high > 0 ? 420 / high : double.PositiveInfinity) : 1;
        var left = (Layout.Width - wide * unit) / 2;
        var top = Margin + Layout.LineHeight + Math.Max(0, 120 - high * unit) / 2;
        return [.. Plane.Points.Select(p => (left + (p.X - xs.Min()) * unit, top + (ys.Max() - p.Y) * unit))];
    }

    private string Color(double t)
    {
        var place = Plane.Points.Length < 2 ? 0 : t / (Plane.Points.Length - 1) * (Times.Length - 1);
        var k = Math.Min((int)place, Times.Length - 2);
        var (from, to, part) = (Times[k], Times[k + 1], place - k);
        return string.Create(CultureInfo.InvariantCulture, $"#{Mix(from.Red, to.Red):x2}{Mix(from.Green, to.Green):x2}{Mix(from.Blue, to.Blue):x2}");

        int Mix(int a, int b) => (int)Math.Round(a + part * (b - a));
    }

    private void DrawAxes(StringBuilder svg, double height)
    {
        var bottom = height - Layout.LineHeight;
        svg.Append(Markup.Line(0, bottom, Layout.Width, bottom, "ck-axis")).Append(Markup.Line(0, 0, 0, bottom, "ck-axis")).Append('\n');
        svg.Append(Markup.Text(Layout.Width, height - 4, $"first component, {Percent(Plane.Shares.First)}", "end"));
        svg.Append(Markup.Text(6, 16, $"second component, {Percent(Plane.Shares.Second)}")).Append('\n');
    }

    // Each label goes to the side of its dot where the fewest others are, or is left out where it would cover another. Returns how many are.
    private int DrawLabels(StringBuilder svg, (double X, double Y)[] points, double height)
    {
        var (taken, hidden) = (new List<(double X, double Y, double Width)>(), 0);
        for (var t = 0; t < points.Length; t++)
        {
            var text = Markup.Shorten(Markup.Visible(_labels[t]), 10);
            var width = Math.Max(1, text.Length) * LetterWidth;
            var (x, y) = points[t];
            (double X, double Y)[] places = [(x, y - 6), (x, y + 17), (x + width / 2 + 5, y + 5), (x - width / 2 - 5, y + 5)];
            var free = places.Where(place => place.X - width / 2 >= 0 && place.X + width / 2 <= Layout.Width && place.Y >= 38 && place.Y <= height - Layout.LineHeight - 4
                && !taken.Exists(other => Math.Abs(other.X - place.X) < (other.Width + width) / 2 && Math.Abs(other.Y - place.Y) < LetterHeight)).ToArray();
            if (free.Length == 0)
            {
                hidden++;
                continue;
            }

            var best = free.MinBy(place => points.Count(dot => Math.Abs(dot.X - place.X) < width / 2 + 3 && dot.Y < place.Y + 3 && dot.Y > place.Y - 14));
            taken.Add((best.X, best.Y, width));
            svg.Append(Markup.Text(best.X, best.Y, text, "middle", $" class=\"ck-halo\" style=\"fill:{Color(t)}\"")).Append('\n');
        }

        return hidden;
    }
}
