using System.Globalization;
using MathNet.Numerics.LinearAlgebra;

namespace CourseKit.Notebooks;

/// <summary>A simple recurrent cell at one moment: what has been computed of one time step, on its wires, and under it the states so far.</summary>
internal sealed class CellPlayerDrawing : Drawing
{
    /// <summary>How many time steps are drawn.</summary>
    public const int MostSteps = 12;

    /// <summary>The moments of a time step.</summary>
    public static readonly string[] Moments = ["read", "multiply", "add, squash", "give out"];

    private const int MostNumbers = 6;
    private const double Row = 22;
    private const double Wide = 54;
    private const double TapeHeight = 26;
    private static readonly double[] Columns = [32, 165, 290, 408, 566];
    private readonly CellPlay _play;
    private readonly ColorScale _scale;
    private readonly int _t;
    private readonly int _moment;

    /// <param name="play">What the cell computed.</param>
    /// <param name="scale">The colours of numbers.</param>
    /// <param name="t">The time step, from 0.</param>
    /// <param name="moment">How far it has come, 0 to 3.</param>
    public CellPlayerDrawing(CellPlay play, ColorScale scale, int t, int moment) => (_play, _scale, _t, _moment) = (play, scale, t, moment);

    private CellPlayStep Step => _play.Steps[_t];

    private int Shown => Math.Min(_play.Steps.Count, MostSteps);

    private string Squash => _play.IsTanh ? "tanh" : "relu";

    internal override string ToFigure()
    {
        var canvas = new NetworkCanvas();
        var rows = Math.Min(MostNumbers, new[] { Step.X.Count, Step.Hidden.Count, Step.Output?.Count ?? 0 }.Max());
        var upper = TapeHeight + 46 + rows * Row / 2;
        var states = Math.Min(MostNumbers, Step.Hidden.Count) * Row;
        var lower = upper + rows * Row / 2 + 34 + states / 2;
        DrawTape(canvas, 0);
        DrawUpper(canvas, upper, rows);
        DrawLower(canvas, upper, lower, states);
        var tape = lower + states / 2 + 44;
        var height = DrawStates(canvas, tape);
        var body = $"<p class=\"ck-says\">{Markup.Escape(Says())}</p>\n" + canvas.Svg(height, $"a cell at time step {Num.Whole(_t + 1)}", ToString());
        return Figure.Of($"Time step {Num.Whole(_t + 1)} of {Num.Whole(_play.Steps.Count)}: {Moments[_moment]}", [], body, Notes(), canvas.WriteHover);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var known = new List<string> { $"x = {Text(Step.X)}", $"h before = {Text(Step.Before)}" };
        if (_moment > 0)
            known.AddRange([$"W·x + b = {Text(Step.FromInput)}", $"U·h + b = {Text(Step.FromState)}"]);
        if (_moment > 1)
            known.AddRange([$"sum = {Text(Step.Sum)}", $"h = {Squash}(sum) = {Text(Step.Hidden)}"]);
        if (_moment > 2 && Step.Output is { } output)
            known.Add($"y = {Text(output)}");
        return $"Recurrent cell, time step {Num.Whole(_t + 1)} of {Num.Whole(_play.Steps.Count)}{(_play.Labels is { } labels ? $" ({Markup.Visible(labels[_t])})" : "")}, {Moments[_moment]}: {string.Join("; ", known)}.";
    }

    private static string Text(Vector<double> vector) =>
        $"[{string.Join(", ", vector.Take(MostNumbers).Select(Number))}{(vector.Count > MostNumbers ? ", ..." : "")}]";

    /// <summary>A number as it stands on a wire: two digits after the point.</summary>
    public static string Number(double value)
    {
        var text = Math.Abs(value) < 10 ? value.ToString("F2", CultureInfo.InvariantCulture) : Math.Abs(value) < 1000 ? value.ToString("F0", CultureInfo.InvariantCulture) : Num.Digits(value, 2);
        return text == "-0.00" ? "0.00" : text;
    }

    private string Says() => _moment switch
    {
        0 => $"Input x{Glyphs.Low(_t + 1)} comes in{(_play.Labels is { } labels ? $": {Markup.Visible(labels[_t])}" : "")}. The delay hands out h{Glyphs.Low(_t)}{(_t == 0 ? ", zeros before the first step" : ", kept since the step before")}.",
        1 => "W multiplies the input, U the state before; each adds its bias.",
        2 => $"The two are added, and {Squash} {(_play.IsTanh ? "squashes every sum into -1 to 1" : "puts 0 for every negative sum")}: the new state h{Glyphs.Low(_t + 1)}.",
        _ => $"{(_play.HasOutput ? $"V makes output y{Glyphs.Low(_t + 1)} of the state. " : "The state is the output. ")}The delay keeps h{Glyphs.Low(_t + 1)} for the next step.",
    };

    private IEnumerable<string> Notes()
    {
        foreach (var (name, size) in new[] { ("x", Step.X.Count), ("h", Step.Hidden.Count), ("y", Step.Output?.Count ?? 0) })
            if (size > MostNumbers)
                yield return $"The first {Num.Whole(MostNumbers)} of {Num.Whole(size)} numbers of {name} are shown.";
        if (_play.Steps.Count > MostSteps)
            yield return $"The first {Num.Whole(MostSteps)} of {Num.Whole(_play.Steps.Count)} time steps are shown.";
    }

    // Which wires carry something new.
    private string Wire(int moment) => _moment == moment ? "ck-fwd" : "";

    private void DrawTape(NetworkCanvas canvas, double top)
    {
        var width = Math.Min(100, Layout.Width / Shown);
        for (var t = 0; t < Shown; t++)
        {
            var text = _play.Labels is { } labels ? Markup.Visible(labels[t]) : $"x{Glyphs.Low(t + 1)}";
            canvas.Box((t + 0.5) * width, top, width - 4, TapeHeight, t == _t ? "ck-now" : "", Markup.Shorten(text, (int)((width - 6) / Layout.CharWidth)), $"input at time step {Num.Whole(t + 1)}: {text}\n{Text(_play.Steps[t].X)}");
        }
    }

    private void DrawUpper(NetworkCanvas canvas, double y, int rows)
    {
        double[] c = Columns;
        var label = y - rows * Row / 2 - 8;
        canvas.Numbers(c[0], y, Wide, Row, Step.X, MostNumbers, _scale, isKnown: true);
        canvas.Numbers(c[1], y, Wide, Row, Step.FromInput, MostNumbers, _scale, _moment > 0);
        canvas.Numbers(c[2], y, Wide, Row, Step.Sum, MostNumbers, _scale, _moment > 1);
        canvas.Numbers(c[3], y, Wide, Row, Step.Hidden, MostNumbers, _scale, _moment > 1);
        canvas.Caption(c[0], label, $"x{Glyphs.Low(_t + 1)}");
        canvas.Caption(c[1], label, "W·x + b");
        canvas.Caption(c[2], label, "sum");
        canvas.Caption(c[3], label, $"h{Glyphs.Low(_t + 1)}");

        canvas.Arrow(Wire(1), (c[0] + Wide / 2, y), (85, y));
        canvas.Box(99, y - 16, 28, 32, _moment == 1 ? "ck-now" : "", "W", "neurons A: weightIh, biasIh");
        canvas.Arrow(Wire(1), (113, y), (c[1] - Wide / 2, y));
        canvas.Arrow(Wire(2), (c[1] + Wide / 2, y), (222, y));
        canvas.Plus(228, y);
        canvas.Arrow(Wire(2), (234, y), (c[2] - Wide / 2, y));
        canvas.Line((c[2] + Wide / 2, y), (326, y));
        canvas.Arrow(Wire(2), (372, y), (c[3] - Wide / 2, y));
        canvas.Box(349, y - 15, 46, 30, _moment == 2 ? "ck-now" : "", Squash, $"{Squash} of every sum");
        if (Step.Output is not { } output)
        {
            canvas.Line((c[3] + Wide / 2, y), (455, y));
            return;
        }

        canvas.Numbers(c[4], y, Wide, Row, output, MostNumbers, _scale, _moment > 2);
        canvas.Caption(c[4], label, $"y{Glyphs.Low(_t + 1)}");
        canvas.Arrow(Wire(3), (c[3] + Wide / 2, y), (482, y));
        canvas.Box(496, y - 16, 28, 32, _moment == 3 ? "ck-now" : "", "V", "neurons C: the layer after the cell, y = W_hy·h + b_y");
        canvas.Arrow(Wire(3), (510, y), (c[4] - Wide / 2, y));
    }

    private void DrawLower(NetworkCanvas canvas, double upper, double y, double height)
    {
        var under = y + height / 2 + 18;
        canvas.Numbers(352, y, Wide, Row, Step.Before, MostNumbers, _scale, isKnown: true);
        canvas.Numbers(228, y, Wide, Row, Step.FromState, MostNumbers, _scale, _moment > 0);
        canvas.Caption(352, under, $"h{Glyphs.Low(_t)}");
        canvas.Caption(228, under, "U·h + b");
        // From the new state down into the delay, out of it to the left, through U, and up to the sum.
        canvas.Arrow(Wire(3), (455, upper), (455, y - 17));
        canvas.Box(455, y - 17, 62, 34, _moment is 0 or 3 ? "ck-now" : "", "delay", _moment == 3 ? $"keeps h{Glyphs.Low(_t + 1)} until the next step" : $"hands out h{Glyphs.Low(_t)}");
        canvas.Arrow(Wire(0), (424, y), (352 + Wide / 2, y));
        canvas.Arrow(Wire(1), (352 - Wide / 2, y), (305, y));
        canvas.Box(291, y - 16, 28, 32, _moment == 1 ? "ck-now" : "", "U", "neurons B: weightHh, biasHh");
        canvas.Arrow(Wire(1), (277, y), (228 + Wide / 2, y));
        canvas.Arrow(Wire(2), (228, y - height / 2), (228, upper + 6));
    }

    // The same cell unrolled: one column of colours for every state that there is by now.
    private double DrawStates(NetworkCanvas canvas, double top)
    {
        const double Cell = 12;
        var width = Math.Min(100, Layout.Width / Shown);
        var known = _t + (_moment > 1 ? 1 : 0);
        canvas.Caption(0, top, "states so far", "start");
        top += 8;
        var count = Math.Min(MostNumbers, Step.Hidden.Count);
        for (var t = 0; t < Shown; t++)
        {
            canvas.Colors(t * width + 2, top, width - 4, Cell, _play.Steps[t].Hidden, count, _scale, t < known);
            canvas.Caption((t + 0.5) * width, top + count * Cell + 16, $"h{Glyphs.Low(t + 1)}", "middle", t == _t ? "ck-name" : "ck-tick");
        }

        return top + count * Cell + 22;
    }
}
