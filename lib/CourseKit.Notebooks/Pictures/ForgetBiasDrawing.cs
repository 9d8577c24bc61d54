using System.Text;
using MathNet.Numerics;

namespace CourseKit.Notebooks;

/// <summary>How much of a cell is left after k time steps: σ(b)^k, and the derivative that a cell has.</summary>
internal sealed class ForgetBiasDrawing : Drawing
{
    /// <summary>What is less is not drawn.</summary>
    public const double Least = 1e-6;

    private readonly double _most;

    /// <param name="bias">Of the forget gate.</param>
    /// <param name="measured">‖∂c_k/∂c_0‖ after k + 1 steps.</param>
    /// <param name="most">The largest number of any frame.</param>
    public ForgetBiasDrawing(double bias, double[] measured, double most)
    {
        (Bias, Measured, _most) = (bias, measured, Math.Max(1, most));
        Expected = [.. measured.Select((_, k) => Math.Pow(SpecialFunctions.Logistic(bias), k + 1))];
    }

    /// <summary>Of the forget gate.</summary>
    public double Bias { get; }

    /// <summary>‖∂c_k/∂c_0‖ / √hiddenSize, k from 1.</summary>
    public double[] Measured { get; }

    /// <summary>σ(b)^k, k from 1.</summary>
    public double[] Expected { get; }

    /// <summary>After how many steps half is left, if the gate reads nothing.</summary>
    public double HalfLife => Math.Log(0.5) / Math.Log(SpecialFunctions.Logistic(Bias));

    internal override string ToFigure()
    {
        const string YLabel = "what is left of the cell", XLabel = "k, time steps later";
        var y = Axis.Fit(Least, _most, log: true, round: true, target: 6).Between(Layout.Height - PlotFrame.Bottom(XLabel), PlotFrame.Top(YLabel));
        var x = Axis.Fit(0, Measured.Length, log: false, round: false, target: 6).Between(Math.Max(30, y.LabelWidth + 12), Layout.Width - 20);
        var svg = new StringBuilder();
        PlotFrame.DrawY(svg, y, YLabel, x.From, x.To);
        PlotFrame.DrawX(svg, x, XLabel, y.To, y.From);
        Draw(Measured, "ck-line ck-k1", 1);
        Draw(Expected, "ck-line ck-k0 ck-dash", 0);
        if (HalfLife <= Measured.Length)
        {
            var (at, half) = (x.Place(HalfLife), y.Place(0.5));
            svg.Append($"<circle class=\"ck-mark\" cx=\"{Num.Px(at)}\" cy=\"{Num.Px(half)}\" r=\"6\"/>");
            svg.Append(Markup.Text(Math.Min(at + 10, x.To - 130), Math.Max(y.To + 14, half - 10), $"half after {Num.Digits(HalfLife, 3)}", "start", " class=\"ck-halo\"")).Append('\n');
        }

        var title = $"Forget bias {Num.Short(Bias)}: {Num.Digits(SpecialFunctions.Logistic(Bias), 4)} of the cell is kept in a step";
        var body = Figure.Svg(Layout.Height, "Line chart", title, ToString(), svg.ToString());
        return Figure.Of(title, [new("σ(b)^k", 0), new("measured: ‖∂c_k/∂c_0‖", 1)], body, [], json =>
        {
            json.WriteString("kind", "xy");
            json.WriteBoolean("byX", true);
            WriteAxis("x", x, "k");
            WriteAxis("y", y, "left");
            json.WriteStartArray("series");
            foreach (var (name, values) in (ReadOnlySpan<(string, double[])>)[("σ(b)^k", Expected), ("measured", Measured)])
            {
                var kept = Kept(values);
                json.WriteStartObject();
                json.WriteString("name", name);
                json.WriteNumbers("x", kept.Select(k => (double)k));
                json.WriteNumbers("y", kept.Select(k => k == 0 ? 1 : values[k - 1]), 4);
                json.WriteEndObject();
            }

            json.WriteEndArray();

            void WriteAxis(string name, Axis axis, string label)
            {
                json.WriteStartObject(name);
                json.WriteString("label", label);
                json.WriteNumber("min", axis.Min);
                json.WriteNumber("max", axis.Max);
                json.WriteNumber("from", axis.From);
                json.WriteNumber("to", axis.To);
                json.WriteBoolean("log", axis.Log);
                json.WriteEndObject();
            }
        });

        void Draw(double[] values, string css, int color)
        {
            svg.Append($"<path class=\"{css}\" style=\"stroke:{Figure.Color(color)}\" d=\"");
            foreach (var k in Kept(values))
                svg.Append(k == 0 ? 'M' : 'L').Append(Num.Px(x.Place(k))).Append(',').Append(Num.Px(y.Place(k == 0 ? 1 : values[k - 1])));
            svg.Append("\"/>\n");
        }
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"Line chart: what is left of a cell after 1 to {Num.Whole(Measured.Length)} time steps at forget bias {Num.Short(Bias)}; " +
        $"σ(b)^k falls to {Num.Digits(Expected[^1], 3)}, the measured derivative to {Num.Digits(Measured[^1], 3)}; half is left after {Num.Digits(HalfLife, 3)} steps.";

    // From k = 0, where all is left, to the last before the axis ends.
    private static int[] Kept(double[] values) => [0, .. Enumerable.Range(1, values.Length).TakeWhile(k => values[k - 1] >= Least && double.IsFinite(values[k - 1]))];
}
