using System.Text;
using CourseKit.Textbook;

namespace CourseKit.Notebooks;

/// <summary>The gates of one neuron of an LSTM as switches on the way of its memory, and what they make of it over time.</summary>
internal sealed class SwitchesDrawing : Drawing
{
    private const double Gutter = 92;
    private const double Top = 188;
    private const double RowHeight = 30;
    private const double Gap = 6;
    private readonly string _setting;
    private readonly IReadOnlyList<LstmStep> _steps;
    private readonly int _neuron;
    private readonly double _reach;

    /// <param name="setting">What the switches are set to.</param>
    /// <param name="steps">What the cell did.</param>
    /// <param name="neuron">Which of its neurons.</param>
    /// <param name="reach">The largest size of a number in any frame, at least 1: what the last colour stands for.</param>
    public SwitchesDrawing(string setting, IReadOnlyList<LstmStep> steps, int neuron, double reach)
    {
        (_setting, _steps, _neuron, _reach) = (setting, steps, neuron, reach);
        var rows = new List<SwitchRow>();
        if (steps[0].X.Count == 1)
            rows.Add(new("x", "x input", "input", [.. steps.Select(step => step.X[0])], IsShare: false));
        rows.Add(new("g", "g new", "candidate", Values(step => step.G), IsShare: false));
        rows.Add(new("i", "i write", "input gate", Values(step => step.I), IsShare: true));
        rows.Add(new("f", "f keep", "forget gate", Values(step => step.F), IsShare: true));
        rows.Add(new("o", "o show", "output gate", Values(step => step.O), IsShare: true));
        rows.Add(new("c", "c cell", "cell", Values(step => step.After.Cell!), IsShare: false));
        rows.Add(new("h", "h output", "output", Values(step => step.After.Hidden), IsShare: false));
        Rows = rows;

        double[] Values(Func<LstmStep, MathNet.Numerics.LinearAlgebra.Vector<double>> part) => [.. steps.Select(step => part(step)[neuron])];
    }

    /// <summary>From the input down to the output, a number for every time step.</summary>
    public IReadOnlyList<SwitchRow> Rows { get; }

    private double Start => _steps[0].Before.Cell![_neuron];

    private double Width => (Layout.Width - Gutter) / _steps.Count;

    internal override string ToFigure()
    {
        var (svg, spots) = (new StringBuilder(), new List<(double X, double Y, double Width, double Height, string Text)>());
        DrawSwitches(svg);
        var y = Top;
        for (var t = 0; t < _steps.Count; t++)
            svg.Append(Markup.Text(Gutter + (t + 0.5) * Width, y - 8, Num.Whole(t + 1), "middle", " class=\"ck-tick\""));
        svg.Append(Markup.Text(0, y - 8, "time step", "start", " class=\"ck-tick\"")).Append('\n');
        foreach (var row in Rows)
        {
            var scale = row.IsShare ? ColorScale.Shares : new ColorScale(-_reach, _reach, Diverging: true);
            svg.Append(Markup.Text(0, y + RowHeight / 2 + 5, row.Label));
            CellGrid.Draw(svg, 1, _steps.Count, (_, t) => row.Values[t], scale, Gutter, y, Width, RowHeight);
            for (var t = 0; t < _steps.Count; t++)
            {
                var value = row.Values[t];
                if (Width >= 5 * Layout.CharWidth)
                    svg.Append(Markup.Text(Gutter + (t + 0.5) * Width, y + RowHeight / 2 + 5, Two(value), "middle", $" style=\"fill:{scale.Ink(value)}\""));
                spots.Add((Gutter + t * Width, y, Width, RowHeight, $"{row.Name} at time step {Num.Whole(t + 1)}: {Num.Short(value)}"));
            }

            svg.Append('\n');
            y += RowHeight + Gap + (row.Symbol is "g" or "o" ? 8 : 0);
        }

        var body = Figure.Svg(y, "Gates as switches", _setting, ToString(), svg.ToString());
        return Figure.Of($"Switches: {_setting}", [], body, [], json =>
        {
            json.WriteString("kind", "boxes");
            json.WriteStartArray("boxes");
            foreach (var spot in spots)
            {
                json.WriteStartArray();
                foreach (var number in (double[])[spot.X, spot.Y, spot.Width, spot.Height])
                    json.WriteValue(number, 4);
                json.WriteEndArray();
            }

            json.WriteEndArray();
            json.WriteTexts("texts", spots.Select(spot => spot.Text));
        });
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"Gates of an LSTM as switches, {_setting}: over {Num.Whole(_steps.Count)} time step{(_steps.Count == 1 ? "" : "s")} the input gate is {Range("i")}, the forget gate {Range("f")}, the output gate {Range("o")}; " +
        $"the cell goes from {Two(Start)} to {Two(Of("c")[^1])} and the output is {Range("h")}.";

    private static string Two(double value) => value.ToString("F2", System.Globalization.CultureInfo.InvariantCulture) is var text && text == "-0.00" ? "0.00" : text;

    private double[] Of(string symbol) => Rows.First(row => row.Symbol == symbol).Values;

    private string Range(string symbol) => Of(symbol) is var values && Two(values.Min()) == Two(values.Max()) ? Two(values[0]) : $"{Two(values.Min())} to {Two(values.Max())}";

    // The memory's way from left to right, with the forget gate in it; what is new comes from below by the input gate; the output gate leads on to h.
    private void DrawSwitches(StringBuilder svg)
    {
        const double Y = 44, Low = Y + 74;
        var (i, f, o) = (Of("i").Average(), Of("f").Average(), Of("o").Average());
        svg.Append(Markup.Text(0, Y - 12, "c before"));
        Wire(svg, 0, Y, 110, Y, 1);
        Lever(svg, 110, Y, f, "f keep");
        Wire(svg, 170, Y, 254, Y, f);
        svg.Append($"<circle class=\"ck-box\" cx=\"264\" cy=\"{Num.Px(Y)}\" r=\"10\"/><path class=\"ck-flow\" d=\"M259,{Num.Px(Y)}H269M264,{Num.Px(Y - 5)}V{Num.Px(Y + 5)}\"/>\n");
        svg.Append(Markup.Text(286, Y - 12, "c"));
        Wire(svg, 274, Y, 410, Y, 1);
        Lever(svg, 410, Y, o, "o show");
        Wire(svg, 470, Y, 600, Y, o);
        svg.Append(Markup.Text(600, Y - 12, "h", "end"));
        Wire(svg, 264, Y + 10, 264, Low, i);
        Wire(svg, 264, Low, 170, Low, i);
        Lever(svg, 110, Low, i, "i write");
        Wire(svg, 0, Low, 110, Low, 1);
        svg.Append(Markup.Text(0, Low - 12, "new g"));
    }

    // What flows is as strong as the gate lets it be.
    private static void Wire(StringBuilder svg, double x1, double y1, double x2, double y2, double strength) =>
        svg.Append($"<path class=\"ck-wire\" style=\"stroke-opacity:{Num.Short(0.15 + 0.85 * Math.Clamp(Math.Round(strength, 3), 0, 1))}\" d=\"M{Num.Px(x1)},{Num.Px(y1)}L{Num.Px(x2)},{Num.Px(y2)}\"/>\n");

    // A lever between two contacts: down when the gate is 1, up when it is 0.
    private static void Lever(StringBuilder svg, double x, double y, double open, string label)
    {
        const double Length = 60;
        var angle = (1 - Math.Clamp(open, 0, 1)) * Math.PI / 5;
        var (tipX, tipY) = (x + Length * Math.Cos(angle), y - Length * Math.Sin(angle));
        svg.Append($"<path class=\"ck-lever\" d=\"M{Num.Px(x)},{Num.Px(y)}L{Num.Px(tipX)},{Num.Px(tipY)}\"/>");
        foreach (var at in (double[])[x, x + Length])
            svg.Append($"<circle class=\"ck-contact\" cx=\"{Num.Px(at)}\" cy=\"{Num.Px(y)}\" r=\"4.5\"/>");
        svg.Append(Markup.Text(x + Length / 2, y + 24, $"{label} {Two(open)}", "middle")).Append('\n');
    }
}

/// <summary>One row under the switches.</summary>
/// <param name="Symbol">The letter.</param>
/// <param name="Label">What stands before it.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Values">One number for every time step.</param>
/// <param name="IsShare">Whether it is a gate, from 0 to 1.</param>
internal sealed record SwitchRow(string Symbol, string Label, string Name, double[] Values, bool IsShare);
