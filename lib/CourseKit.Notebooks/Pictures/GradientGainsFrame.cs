using System.Text;

namespace CourseKit.Notebooks;

/// <summary>The eigenvalues of a recurrent matrix at one spectral radius, and what happens to a gradient's length on its way back.</summary>
/// <param name="gains">The numbers of all radii, which share the axes.</param>
/// <param name="at">Which of them.</param>
internal sealed class GradientGainsFrame(GradientGains gains, int at) : Drawing
{
    private const double Plane = 190, Top = 30, High = 232;

    // Beyond these a gradient is as good as 0, or has left all bounds.
    private const double Least = 1e-12, Most = 1e8;

    private readonly double _radius = gains.Radii[at];

    private (string Name, double[] Values)[] Curves =>
    [
        ("ρ^k", [.. Enumerable.Range(0, gains.Steps + 1).Select(k => Math.Pow(_radius, k))]),
        ("W alone", gains.Linear[at]), ("with tanh", gains.Tanh[at]), ("with relu", gains.Relu[at]),
    ];

    internal override string ToFigure()
    {
        var (svg, spots) = (new StringBuilder(), new List<(double X, double Y, string Text)>());
        DrawPlane(svg, spots);
        DrawCurves(svg, spots);
        var title = $"Spectral radius ρ = {Num.Short(_radius)}";
        var body = Figure.Svg(Top + High + 52, "Gradients through time", title, ToString(), svg.ToString());
        var legend = Curves.Select((curve, k) => new LegendEntry(curve.Name, Color(k)));
        return Figure.Of(title, legend, body, [$"After {Num.Whole(gains.Steps)} time steps a gradient of length 1 has the length {string.Join(", ", Curves.Skip(1).Select(Says))}; ρ^k is {Num.Digits(Curves[0].Values[^1], 3)}."], json =>
        {
            json.WriteString("kind", "points");
            json.WriteStartArray("points");
            foreach (var (x, y, _) in spots)
            {
                json.WriteStartArray();
                json.WriteValue(x, 4);
                json.WriteValue(y, 4);
                json.WriteEndArray();
            }

            json.WriteEndArray();
            json.WriteTexts("texts", spots.Select(spot => spot.Text));
        });
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"Gradient's length by time steps back, {Num.Whole(gains.Size)} neurons, spectral radius {Num.Short(_radius)}: after {Num.Whole(gains.Steps)} steps {string.Join(", ", Curves.Select(Says))}.";

    private static string Says((string Name, double[] Values) curve) => $"{Num.Digits(curve.Values[^1], 3)} ({curve.Name})";

    // The law has a colour of its own; the others take the first ones.
    private static int Color(int curve) => curve == 0 ? 3 : curve - 1;

    private void DrawPlane(StringBuilder svg, List<(double X, double Y, string Text)> spots)
    {
        var reach = Math.Max(1, gains.Radii.Max()) * 1.12;
        var (middleX, middleY, unit) = (Plane / 2, Top + Plane / 2, Plane / 2 / reach);
        svg.Append(Markup.Text(0, 18, "eigenvalues of W")).Append('\n');
        svg.Append(Markup.Line(0, middleY, Plane, middleY, "ck-grid")).Append(Markup.Line(middleX, Top, middleX, Top + Plane, "ck-grid"));
        svg.Append($"<circle class=\"ck-seam\" cx=\"{Num.Px(middleX)}\" cy=\"{Num.Px(middleY)}\" r=\"{Num.Px(unit)}\"/>");
        svg.Append($"<circle class=\"ck-base\" fill=\"none\" cx=\"{Num.Px(middleX)}\" cy=\"{Num.Px(middleY)}\" r=\"{Num.Px(unit * _radius)}\"/>\n");
        svg.Append($"<path class=\"ck-dots\" style=\"stroke:{Figure.Color(0)}\" d=\"");
        foreach (var value in gains.Eigenvalues)
        {
            var (x, y) = (middleX + unit * _radius * value.Real, middleY - unit * _radius * value.Imaginary);
            svg.Append('M').Append(Num.Px(x)).Append(',').Append(Num.Px(y)).Append("h0");
            spots.Add((x, y, $"λ = {Num.Digits(_radius * value.Real, 3)} {(value.Imaginary < 0 ? "−" : "+")} {Num.Digits(Math.Abs(_radius * value.Imaginary), 3)}i\n|λ| = {Num.Digits(_radius * value.Magnitude, 3)}"));
        }

        svg.Append("\"/>\n").Append(Markup.Text(Plane / 2, Top + Plane + 24, "dashes ρ, line 1", "middle", " class=\"ck-tick\"")).Append('\n');
    }

    private void DrawCurves(StringBuilder svg, List<(double X, double Y, string Text)> spots)
    {
        var all = gains.Linear.Concat(gains.Tanh).Concat(gains.Relu).SelectMany(values => values)
            .Concat(gains.Radii.Select(radius => Math.Pow(radius, gains.Steps))).Where(value => value > 0 && double.IsFinite(value)).ToList();
        var y = Axis.Fit(Math.Max(Least, all.Min()), Math.Clamp(all.Max(), 10, Most), log: true, round: true, target: 6).Between(Top + High, Top);
        var left = Plane + 28 + y.LabelWidth;
        var x = Axis.Fit(0, gains.Steps, log: false, round: false, target: 4).Between(left, Layout.Width - 14);
        svg.Append(Markup.Text(Plane + 28, 18, "length of the gradient")).Append('\n');
        PlotFrame.DrawY(svg, y, "", x.From, x.To);
        PlotFrame.DrawX(svg, x, "time steps back", y.To, y.From);
        // The law last: it would be hidden where the matrix follows it exactly.
        foreach (var (name, values, k) in Curves.Select((curve, k) => (curve.Name, curve.Values, k)).Reverse())
        {
            svg.Append($"<path class=\"{(k == 0 ? "ck-line ck-law" : "ck-line")}\" style=\"stroke:{Figure.Color(Color(k))}\" d=\"");
            for (var (step, isOn) = (0, false); step < values.Length; step++)
            {
                if (!(values[step] >= y.Min && values[step] <= y.Max))
                {
                    isOn = false;
                    continue;
                }

                var (px, py) = (x.Place(step), y.Place(values[step]));
                svg.Append(isOn ? 'L' : 'M').Append(Num.Px(px)).Append(',').Append(Num.Px(py));
                isOn = true;
                if (step > 0 && step % Math.Max(1, gains.Steps / 10) == 0)
                    spots.Add((px, py, $"{name}, {Num.Whole(step)} steps back: {Num.Digits(values[step], 3)}"));
            }

            svg.Append("\"/>\n");
        }
    }
}
