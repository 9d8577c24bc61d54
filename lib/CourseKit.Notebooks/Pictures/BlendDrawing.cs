using System.Globalization;
using System.Text;
using CourseKit.Textbook;

namespace CourseKit.Notebooks;

/// <summary>How a GRU's update gate mixes the old state with the candidate: at every time step a bar from one to the other, and the new state on it.</summary>
internal sealed class BlendDrawing : Drawing
{
    private const double Height = 300;
    private const double Base = Height - 62;
    private readonly string _setting;
    private readonly double _reach;

    /// <param name="setting">What the update gate is set to.</param>
    /// <param name="steps">What the cell did.</param>
    /// <param name="neuron">Which of its neurons.</param>
    /// <param name="reach">The largest size of a state or a candidate in any frame, at least 1.</param>
    public BlendDrawing(string setting, IReadOnlyList<GruStep> steps, int neuron, double reach)
    {
        (_setting, _reach) = (setting, reach);
        Start = steps[0].Before.Hidden[neuron];
        Hidden = [.. steps.Select(step => step.Hidden[neuron])];
        Candidate = [.. steps.Select(step => step.N[neuron])];
        Update = [.. steps.Select(step => step.Z[neuron])];
    }

    /// <summary>The state before the first step.</summary>
    public double Start { get; }

    /// <summary>The state after every step.</summary>
    public double[] Hidden { get; }

    /// <summary>The candidate of every step.</summary>
    public double[] Candidate { get; }

    /// <summary>The update gate in every step.</summary>
    public double[] Update { get; }

    internal override string ToFigure()
    {
        const string YLabel = "value";
        var y = Axis.Fit(-_reach, _reach, log: false, round: true, target: 4).Between(Base, PlotFrame.Top(YLabel));
        var left = Math.Max(30, y.LabelWidth + 12);
        var column = (Layout.Width - left) / (Hidden.Length + 1);
        double X(int t) => left + (t + 0.5) * column;          // t = 0 is the start
        double Before(int t) => t == 0 ? Start : Hidden[t - 1];

        var (svg, spots) = (new StringBuilder(), new List<(double X, string Text)>());
        PlotFrame.DrawY(svg, y, YLabel, left, Layout.Width);
        var way = new StringBuilder();
        for (var t = 0; t <= Hidden.Length; t++)
            way.Append(t == 0 ? 'M' : 'L').Append(Num.Px(X(t))).Append(',').Append(Num.Px(y.Place(Before(t))));
        for (var t = 0; t < Hidden.Length; t++)
        {
            var (x, old, candidate) = (X(t + 1), y.Place(Before(t)), y.Place(Candidate[t]));
            svg.Append($"<path class=\"ck-seam\" d=\"M{Num.Px(x)},{Num.Px(old)}L{Num.Px(x)},{Num.Px(candidate)}\"/>");
            svg.Append($"<path class=\"ck-axis\" d=\"M{Num.Px(x - 6)},{Num.Px(old)}H{Num.Px(x + 6)}\"/>");
            svg.Append($"<rect style=\"fill:{Figure.Color(1)}\" x=\"{Num.Px(x - 4)}\" y=\"{Num.Px(candidate - 4)}\" width=\"8\" height=\"8\"/>\n");
            spots.Add((x, $"time step {Num.Whole(t + 1)}\nz {Num.Short(Update[t])}: {Num.Short(1 - Update[t])} of candidate {Num.Short(Candidate[t])}\n+ {Num.Short(Update[t])} of old {Num.Short(Before(t))} = {Num.Short(Hidden[t])}"));
        }

        svg.Append($"<path class=\"ck-line ck-k0\" style=\"stroke:{Figure.Color(0)}\" d=\"{way}\"/>\n");
        for (var t = 0; t <= Hidden.Length; t++)
        {
            svg.Append($"<circle style=\"fill:{Figure.Color(0)}\" cx=\"{Num.Px(X(t))}\" cy=\"{Num.Px(y.Place(Before(t)))}\" r=\"5\"/>");
            if (Hidden.Length <= 12 || t % 2 == 0)
                svg.Append(Markup.Text(X(t), Base + 22, t == 0 ? "start" : Num.Whole(t), "middle", " class=\"ck-tick\""));
            if (t > 0 && column >= 4 * Layout.CharWidth)
                svg.Append(Markup.Text(X(t), Base + 44, Two(Update[t - 1]), "middle"));
        }

        if (column >= 4 * Layout.CharWidth)
            svg.Append(Markup.Text(X(0), Base + 44, "z", "middle", " class=\"ck-name\""));
        var body = Figure.Svg(Height, "Blend", _setting, ToString(), svg.ToString());
        return Figure.Of($"Update gate: {_setting}", [new("state h", 0), new("candidate n", 1)], body, [], json =>
        {
            json.WriteString("kind", "boxes");
            json.WriteStartArray("boxes");
            foreach (var (x, _) in spots)
            {
                json.WriteStartArray();
                foreach (var number in (double[])[x - column / 2, y.To, column, Base - y.To])
                    json.WriteValue(number, 4);
                json.WriteEndArray();
            }

            json.WriteEndArray();
            json.WriteTexts("texts", spots.Select(spot => spot.Text));
        });
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"Blend of a GRU over {Num.Whole(Hidden.Length)} time step{(Hidden.Length == 1 ? "" : "s")}, {_setting}: z is {Span(Update)}, the candidate {Span(Candidate)}; the state goes from {Two(Start)} to {Two(Hidden[^1])}.";

    private static string Two(double value) => value.ToString("F2", CultureInfo.InvariantCulture) is var text && text == "-0.00" ? "0.00" : text;

    private static string Span(double[] values) => Two(values.Min()) == Two(values.Max()) ? Two(values[0]) : $"{Two(values.Min())} to {Two(values.Max())}";
}
