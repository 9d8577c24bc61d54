using System.Text;
using MathNet.Numerics.LinearAlgebra;

namespace CourseKit.Notebooks;

/// <summary>What one moment of the backward pass computes.</summary>
internal enum BackwardMove
{
    /// <summary>Nothing yet: the values of the forward pass.</summary>
    Forward,

    /// <summary>∂L/∂y_t.</summary>
    Output,

    /// <summary>∂L/∂h_t.</summary>
    Hidden,

    /// <summary>∂L/∂a_t.</summary>
    Sum,

    /// <summary>What the time step adds to the weights' gradients.</summary>
    Weights,
}

/// <summary>One moment of a backward pass: the unrolled graph with the gradients that are known by then, and the step in words and numbers.</summary>
/// <param name="pass">All values.</param>
/// <param name="moment">0 for the forward pass, then four for each time step, the last one first.</param>
internal sealed class BackwardFrame(BackwardPass pass, int moment) : Drawing
{
    private const double Gutter = 92, Wide = 84, Line = 21, Gap = 30, Bottom = 26;

    private readonly int _steps = pass.Times.Length;

    /// <summary>How many moments a pass has.</summary>
    public static int Count(BackwardPass pass) => 1 + 4 * pass.Times.Length;

    /// <summary>What is computed at this moment.</summary>
    public BackwardMove Move => moment == 0 ? BackwardMove.Forward : (BackwardMove)(1 + (moment - 1) % 4);

    /// <summary>For which time step, from 0.</summary>
    public int Time => moment == 0 ? _steps - 1 : _steps - 1 - (moment - 1) / 4;

    /// <summary>The moment in a few signs, for the slider.</summary>
    public string Name => Move switch
    {
        BackwardMove.Forward => "forward",
        BackwardMove.Output => $"∂L/∂y{Low(Time)}",
        BackwardMove.Hidden => $"∂L/∂h{Low(Time)}",
        BackwardMove.Sum => $"∂L/∂a{Low(Time)}",
        _ => $"∂L/∂W, t={Num.Whole(Time + 1)}",
    };

    private double Column => (Layout.Width - Gutter) / _steps;

    internal override string ToFigure()
    {
        var canvas = new NetworkCanvas();
        var (first, rows) = (pass.Times[0], new double[5]);
        double[] heights = [Line + 8, HeightOf(first.Output), HeightOf(first.Hidden), HeightOf(first.Sum), HeightOf(first.Input)];
        for (var (k, y) = (0, 2.0); k < rows.Length; y += heights[k] + Gap, k++)
            rows[k] = y;
        var middles = rows.Zip(heights, (top, height) => top + height / 2).ToArray();

        foreach (var (letter, middle) in "Lyhax".Zip(middles))
            canvas.Text(0, middle + 5, letter.ToString(), "start", "ck-name");
        foreach (var (name, k) in (ReadOnlySpan<(string, int)>)[("W_hy", 1), (pass.IsRelu ? "relu" : "tanh", 2), ("W_ih", 3)])
            canvas.Text(0, rows[k] + heights[k] + Gap / 2 + 5, name, "start", "ck-tick");
        for (var t = 0; t < _steps; t++)
            DrawTime(canvas, t, rows, heights, middles);
        canvas.Circle(58, middles[3], 16, "h₀", $"h₀ = {Tuple(pass.Start)}, the state before the first step");
        canvas.Arrow("", (74, middles[3]), (X(0) - Wide / 2, middles[3]));
        if (_steps < 4)
            canvas.Text((74 + X(0) - Wide / 2) / 2, middles[3] - 8, "W_hh", "middle", "ck-tick");

        var height = rows[4] + heights[4] + Bottom;
        var title = Move == BackwardMove.Forward ? "Forward: the values, and the loss" : $"Backward, step {Num.Whole(moment)} of {Num.Whole(Count(pass) - 1)}";
        var body = canvas.Svg(height, title, ToString()) + Words();
        return Figure.Of(title, [], body, [], canvas.WriteHover);
    }

    /// <inheritdoc/>
    public override string ToString() => Move == BackwardMove.Forward
        ? $"Forward pass over {Num.Whole(_steps)} time steps, loss {Number(pass.Loss)}: {string.Join("; ", pass.Times.Select((time, t) => $"h{Low(t)} = {Tuple(time.Hidden)}, y{Low(t)} = {Tuple(time.Output)}"))}."
        : $"Backward pass, step {Num.Whole(moment)}: {string.Join(" ", Equations())}";

    private void DrawTime(NetworkCanvas canvas, int t, double[] rows, double[] heights, double[] middles)
    {
        var (time, x, low) = (pass.Times[t], X(t), Low(t));
        double Under(int row) => rows[row] + heights[row];
        if (time.Target is { } target)
        {
            canvas.Box(x, rows[0], Wide, heights[0], "", Number(time.Loss), $"loss of time step {Num.Whole(t + 1)}: {Number(time.Loss)}\ntarget {Tuple(target)}");
            Wire(canvas, At(t, BackwardMove.Output), (x, rows[1]), (x, Under(0)));
        }

        Values(canvas, x, rows[1], heights[1], $"y{low}", time.Output, time.DOutput, At(t, BackwardMove.Output));
        Wire(canvas, At(t, BackwardMove.Hidden), (x, rows[2]), (x, Under(1)));
        Values(canvas, x, rows[2], heights[2], $"h{low}", time.Hidden, time.DHidden, At(t, BackwardMove.Hidden));
        Wire(canvas, At(t, BackwardMove.Sum), (x, rows[3]), (x, Under(2)));
        Values(canvas, x, rows[3], heights[3], $"a{low}", time.Sum, time.DSum, At(t, BackwardMove.Sum));
        Wire(canvas, At(t, BackwardMove.Weights), (x, rows[4]), (x, Under(3)));
        Values(canvas, x, rows[4], heights[4], $"x{low}", time.Input, time.DInput, At(t, BackwardMove.Weights));
        canvas.Text(x, rows[4] + heights[4] + 20, $"t = {Num.Whole(t + 1)}", "middle", "ck-tick");
        if (t + 1 == _steps)
            return;
        var between = x + Column / 2;
        Wire(canvas, At(t, BackwardMove.Hidden), (x + Wide / 2, middles[2]), (between, middles[2]), (between, middles[3]), (X(t + 1) - Wide / 2, middles[3]));
    }

    // Values above, their gradients below once they are known.
    private void Values(NetworkCanvas canvas, double x, double top, double height, string name, Vector<double> values, Vector<double> gradient, int at)
    {
        var known = moment >= at;
        canvas.Box(x, top, Wide, height, moment == at ? "ck-rev" : "", "", $"{name} = {Tuple(values)}{(known ? $"\n∂L/∂{name} = {Tuple(gradient)}" : "")}");
        for (var k = 0; k < values.Count; k++)
        {
            var right = x + Wide / 2 - 9;
            canvas.Text(right, top + 4 + Line * (k + 0.75), Number(values[k]), "end", "");
            if (known)
                canvas.Text(right, top + 4 + Line * (values.Count + k + 0.75), Number(gradient[k]), "end", "ck-back");
        }

        canvas.Line((x - Wide / 2 + 8, top + height / 2), (x + Wide / 2 - 8, top + height / 2), "ck-seam");
    }

    // Forward until its moment; then the gradient's way, backward.
    private void Wire(NetworkCanvas canvas, int at, params ReadOnlySpan<(double X, double Y)> corners)
    {
        if (moment < at)
        {
            canvas.Arrow("", corners);
            return;
        }

        var reversed = corners.ToArray();
        Array.Reverse(reversed);
        canvas.Arrow(moment == at ? "ck-rev" : "ck-rev ck-past", reversed);
    }

    private string Words()
    {
        var html = new StringBuilder("<div class=\"ck-step\">\n");
        foreach (var line in Equations())
            html.Append("<p>").Append(Markup.Escape(line)).Append("</p>\n");
        html.Append("<div class=\"ck-sums\">\n");
        Sum("W_hh", time => time.DWeightHh);
        Sum("W_ih", time => time.DWeightIh);
        Sum("b", time => time.DSum.ToColumnMatrix());
        Sum("W_hy", time => time.DWeightHy);
        return html.Append("</div>\n</div>\n").ToString();

        void Sum(string name, Func<BackwardTime, Matrix<double>> share)
        {
            var done = pass.Times.Where((_, t) => At(t, BackwardMove.Weights) <= moment).Select(share).ToList();
            var sum = done.Aggregate(0 * share(pass.Times[0]), (a, b) => a + b);
            html.Append($"<div><strong>∂L/∂{name}{(done.Count < _steps ? " so far" : "")}</strong>");
            Grid(sum, Move == BackwardMove.Weights ? "ck-back" : "");
            if (Move == BackwardMove.Weights)
            {
                html.Append($"<small>of which t = {Num.Whole(Time + 1)} adds</small>");
                Grid(share(pass.Times[Time]), "");
            }

            html.Append("</div>\n");
        }

        void Grid(Matrix<double> matrix, string css)
        {
            html.Append($"<span class=\"ck-matrix {css}\" style=\"--n:{Num.Whole(matrix.ColumnCount)}\">");
            foreach (var row in matrix.EnumerateRows())
                foreach (var value in row)
                    html.Append($"<i>{Number(value)}</i>");
            html.Append("</span>");
        }
    }

    private string[] Equations()
    {
        var (time, t, before) = (pass.Times[Time], Low(Time), Low(Time - 1));
        return Move switch
        {
            BackwardMove.Forward =>
            [
                $"L = {string.Join(" + ", pass.Times.Where(step => step.Target is not null).Select(step => Number(step.Loss)))} = {Number(pass.Loss)}, where each time step's loss is ½·‖y − target‖².",
                "Each box holds its values. Move the slider: their gradients come in below them, in orange, the last time step first.",
            ],
            BackwardMove.Output when time.Target is null => [$"Time step {Num.Whole(Time + 1)} has no loss of its own: ∂L/∂y{t} = {Tuple(time.DOutput)}."],
            BackwardMove.Output => [$"∂L/∂y{t} = y{t} − target{t} = {Tuple(time.Output)} − {Tuple(time.Target!)} = {Tuple(time.DOutput)}."],
            BackwardMove.Hidden when time.FromNext is null =>
                [$"∂L/∂h{t} = W_hyᵀ·∂L/∂y{t} = {Tuple(time.DHidden)}.", $"There is no time step {Num.Whole(Time + 2)}, so nothing comes from the future."],
            BackwardMove.Hidden =>
            [
                $"∂L/∂h{t} = W_hyᵀ·∂L/∂y{t} + W_hhᵀ·∂L/∂a{Low(Time + 1)} = {Tuple(time.FromOutput)} + {Tuple(time.FromNext)} = {Tuple(time.DHidden)}.",
                $"Two terms, because h{t} is used twice: for y{t} and for a{Low(Time + 1)}.",
            ],
            BackwardMove.Sum => [$"∂L/∂a{t} = ∂L/∂h{t} ∘ {(pass.IsRelu ? $"(1 where h{t} > 0, else 0)" : $"(1 − h{t}²)")} = {Tuple(time.DHidden)} ∘ {Tuple(pass.Slope(time))} = {Tuple(time.DSum)}."],
            _ =>
            [
                $"Time step {Num.Whole(Time + 1)} adds ∂L/∂a{t}·h{before}ᵀ to ∂L/∂W_hh, ∂L/∂a{t}·x{t}ᵀ to ∂L/∂W_ih, ∂L/∂a{t} to ∂L/∂b, and ∂L/∂y{t}·h{t}ᵀ to ∂L/∂W_hy.",
                $"To the input goes ∂L/∂x{t} = W_ihᵀ·∂L/∂a{t} = {Tuple(time.DInput)}.",
            ],
        };
    }

    private int At(int t, BackwardMove move) => 4 * (_steps - 1 - t) + (int)move;

    private double X(int t) => Gutter + (t + 0.5) * Column;

    private static double HeightOf(Vector<double> values) => 2 * values.Count * Line + 8;

    private static string Low(int t) => Glyphs.Low(t + 1);

    private static string Tuple(Vector<double> values) => values.Count == 1 ? Number(values[0]) : $"({string.Join(", ", values.Select(Number))})";

    // At most six or seven signs: three digits after the point where that says anything.
    private static string Number(double value) => Math.Abs(value) switch
    {
        var size when size == Math.Round(size) && size < 100 => Num.Whole((long)value),
        < 0.0005 or >= 10000 => Num.Scientific(value, 0),
        >= 1000 => Fixed(value, "F0"),
        >= 100 => Fixed(value, "F1"),
        >= 10 => Fixed(value, "F2"),
        _ => Fixed(value, "F3"),
    };

    private static string Fixed(double value, string format) => value.ToString(format, System.Globalization.CultureInfo.InvariantCulture);
}
