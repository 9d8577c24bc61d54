using System.Globalization;
using System.Text;
using CourseKit.Textbook;
using MathNet.Numerics;

namespace CourseKit.Notebooks;

/// <summary>One time step of an LSTM cell: its gates, its two products and its sum, with one neuron's numbers on the wires.</summary>
internal sealed class LstmCellDrawing : Drawing
{
    private const double Line = 46;
    private const double Product = 118;
    private const double Gates = 206;
    private const double Bus = 272;
    private const double Height = 330;
    private static readonly (double F, double I, double G, double O, double Sum, double Out) At = (92, 212, 332, 452, 272, 516);
    private readonly LstmStep _step;
    private readonly int _neuron;
    private readonly LstmStage _stage;

    public LstmCellDrawing(LstmStep step, int neuron, LstmStage stage)
    {
        var size = step.F.Count;
        if (neuron < 0 || neuron >= size)
            throw new ArgumentOutOfRangeException(nameof(neuron), $"Picture.LstmCell: neuron must be 0 to {Num.Whole(size - 1)}, as the cell has {Num.Whole(size)}, but got {Num.Whole(neuron)}.");
        if (!Enum.IsDefined(stage))
            throw new ArgumentOutOfRangeException(nameof(stage), $"Picture.LstmCell: stage must be one of {string.Join(", ", Enum.GetNames<LstmStage>())}, but got {Num.Whole((int)stage)}.");
        (_step, _neuron, _stage) = (step, neuron, stage);
        var (before, c, i, f, g, o) = (step.Before.Cell![neuron], step.After.Cell![neuron], step.I[neuron], step.F[neuron], step.G[neuron], step.O[neuron]);
        Numbers = new Dictionary<string, double>
        {
            ["c before"] = before,
            ["f"] = f,
            ["f∘c"] = f * before,
            ["i"] = i,
            ["g"] = g,
            ["i∘g"] = i * g,
            ["c"] = c,
            ["tanh c"] = Trig.Tanh(c),
            ["o"] = o,
            ["h"] = step.After.Hidden[neuron],
            ["h before"] = step.Before.Hidden[neuron],
        };
    }

    /// <summary>What stands on the wires.</summary>
    public IReadOnlyDictionary<string, double> Numbers { get; }

    internal override string ToFigure()
    {
        var svg = new StringBuilder();
        var spots = new List<(double X, double Y, string Text)>();

        Begin(LstmStage.Forget);
        Wire((0, Line), (At.F - 10, Line));
        Wire((At.F, Gates), (At.F, Line + 10));
        Operator(At.F, Line, "×", $"f∘c: what is kept of the cell, {Num.Short(Numbers["f∘c"])}");
        Box(At.F, "σ", "ck-fwd", $"forget gate f = σ(W_f·[h, x] + b_f) = {Num.Short(Numbers["f"])}");
        Label(0, Line - 12, "c before", "c₀");
        Label(At.F + 8, Gates - 12, "f", "f");
        Label(At.F + 18, Line - 12, "f∘c", "");
        End();

        Begin(LstmStage.Store);
        Wire((At.I, Gates), (At.I, Product), (At.Sum - 10, Product));
        Wire((At.G, Gates), (At.G, Product), (At.Sum + 10, Product));
        Operator(At.Sum, Product, "×", $"i∘g: what is written, {Num.Short(Numbers["i∘g"])}");
        Box(At.I, "σ", "ck-fwd", $"input gate i = σ(W_i·[h, x] + b_i) = {Num.Short(Numbers["i"])}");
        Box(At.G, "tanh", "ck-rev", $"candidate g = tanh(W_g·[h, x] + b_g) = {Num.Short(Numbers["g"])}");
        Label(At.I + 8, Gates - 12, "i", "i");
        Label(At.G + 8, Gates - 12, "g", "g");
        Label(At.Sum + 8, Product - 28, "i∘g", "");
        End();

        Begin(LstmStage.Update);
        Wire((At.F + 10, Line), (At.Sum - 10, Line));
        Wire((At.Sum, Product - 10), (At.Sum, Line + 10));
        Wire((At.Sum + 10, Line), (Layout.Width, Line));
        Operator(At.Sum, Line, "+", $"the new cell c' = f∘c + i∘g = {Num.Short(Numbers["c"])}");
        Label(At.Sum + 30, Line - 12, "c", "c₁");
        End();

        Begin(LstmStage.Output);
        Wire((At.Out, Line), (At.Out, 64));
        Wire((At.Out, 92), (At.Out, Product + 16));
        Wire((At.O, Gates), (At.O, Product + 26), (At.Out - 10, Product + 26));
        Wire((At.Out, Product + 36), (At.Out, Product + 58), (Layout.Width, Product + 58));
        svg.Append($"<rect class=\"ck-box\" x=\"{Num.Px(At.Out - 26)}\" y=\"64\" width=\"52\" height=\"28\" rx=\"14\"/>").Append(Markup.Text(At.Out, 83, "tanh", "middle"));
        Operator(At.Out, Product + 26, "×", $"the output h' = o∘tanh(c') = {Num.Short(Numbers["h"])}. No weights here.");
        Box(At.O, "σ", "ck-fwd", $"output gate o = σ(W_o·[h, x] + b_o) = {Num.Short(Numbers["o"])}");
        Label(At.Out + 6, 116, "tanh c", "");
        Label(At.O + 8, Gates - 12, "o", "o");
        Label(At.Out + 8, Product + 52, "h", "h₁");
        End();

        svg.Append("<g>");
        foreach (var x in (double[])[At.F, At.I, At.G, At.O])
            Wire((x, Bus), (x, Gates + 36));
        svg.Append($"<path class=\"ck-flow\" d=\"M0,{Num.Px(Bus)}H{Num.Px(At.O)}M24,{Num.Px(Height - 30)}V{Num.Px(Bus)}\"/>");
        svg.Append($"<circle class=\"ck-box\" cx=\"24\" cy=\"{Num.Px(Height - 17)}\" r=\"13\"/>").Append(Markup.Text(24, Height - 12, "x", "middle"));
        Label(0, Bus - 10, "h before", "h₀");
        svg.Append(Markup.Text(44, Height - 12, $"= {Input()}"));
        svg.Append(Markup.Text(Layout.Width, Bus + 5, "[h, x] to all four", "end", " class=\"ck-tick\""));
        svg.Append("</g>\n");

        var body = Figure.Svg(Height, "LSTM cell", Heading, ToString(), svg.ToString());
        return Figure.Of(Heading, [], body, _step.F.Count == 1 ? [] : [$"The numbers are those of neuron {Num.Whole(_neuron)} of {Num.Whole(_step.F.Count)}; the gates read h of all of them."], json =>
        {
            json.WriteString("kind", "boxes");
            json.WriteStartArray("boxes");
            foreach (var (x, y, _) in spots)
            {
                json.WriteStartArray();
                foreach (var number in (double[])[x - 24, y - 18, 48, 36])
                    json.WriteValue(number, 4);
                json.WriteEndArray();
            }

            json.WriteEndArray();
            json.WriteTexts("texts", spots.Select(spot => spot.Text));
        });

        void Begin(LstmStage stage) => svg.Append(_stage == LstmStage.All ? "<g>" : _stage == stage ? "<g class=\"ck-lit\">" : "<g class=\"ck-dim\">");

        void End() => svg.Append("</g>\n");

        void Wire(params ReadOnlySpan<(double X, double Y)> corners)
        {
            svg.Append("<path class=\"ck-flow\" d=\"");
            for (var k = 0; k < corners.Length; k++)
                svg.Append(k == 0 ? 'M' : 'L').Append(Num.Px(corners[k].X)).Append(',').Append(Num.Px(corners[k].Y));
            var (from, to) = (corners[^2], corners[^1]);
            var (dx, dy) = (Math.Sign(to.X - from.X), Math.Sign(to.Y - from.Y));
            svg.Append($"M{Num.Px(to.X - 5 * dx - 3.5 * dy)},{Num.Px(to.Y - 5 * dy - 3.5 * dx)}L{Num.Px(to.X)},{Num.Px(to.Y)}L{Num.Px(to.X - 5 * dx + 3.5 * dy)},{Num.Px(to.Y - 5 * dy + 3.5 * dx)}\"/>");
        }

        void Operator(double x, double y, string sign, string says)
        {
            svg.Append($"<circle class=\"ck-box\" cx=\"{Num.Px(x)}\" cy=\"{Num.Px(y)}\" r=\"10\"/><path class=\"ck-flow\" d=\"{(sign == "+" ? $"M{Num.Px(x - 5)},{Num.Px(y)}H{Num.Px(x + 5)}M{Num.Px(x)},{Num.Px(y - 5)}V{Num.Px(y + 5)}" : $"M{Num.Px(x - 4)},{Num.Px(y - 4)}L{Num.Px(x + 4)},{Num.Px(y + 4)}M{Num.Px(x - 4)},{Num.Px(y + 4)}L{Num.Px(x + 4)},{Num.Px(y - 4)}")}\"/>");
            spots.Add((x, y, says));
        }

        void Box(double x, string letter, string css, string says)
        {
            svg.Append($"<rect class=\"ck-box {css}\" x=\"{Num.Px(x - 27)}\" y=\"{Num.Px(Gates)}\" width=\"54\" height=\"36\" rx=\"6\"/>").Append(Markup.Text(x, Gates + 23, letter, "middle"));
            spots.Add((x, Gates + 18, says));
        }

        void Label(double x, double y, string number, string symbol) =>
            svg.Append(Markup.Text(x, y, symbol.Length > 0 ? $"{symbol} {Two(number)}" : Two(number), "start", " class=\"ck-name\""));
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"One time step of an LSTM cell{(_step.F.Count > 1 ? $", neuron {Num.Whole(_neuron)}" : "")}{(_stage == LstmStage.All ? "" : $", stage {Name}")}: cell {Two("c before")} times f {Two("f")} is {Two("f∘c")}, " +
        $"plus i {Two("i")} times g {Two("g")}, {Two("i∘g")}, makes the cell {Two("c")}; o {Two("o")} times its tanh {Two("tanh c")} is the output {Two("h")}.";

    private string Name => _stage.ToString().ToLowerInvariant();

    private string Heading => _stage switch
    {
        LstmStage.Forget => "1 Forget: f decides how much of the cell is kept",
        LstmStage.Store => "2 Store: i decides how much of the candidate g is written",
        LstmStage.Update => "3 Update: the cell, first multiplied, then added to",
        LstmStage.Output => "4 Output: o decides how much of the cell is shown",
        _ => "One time step of an LSTM cell",
    };

    private string Two(string number) => Numbers[number].ToString("F2", CultureInfo.InvariantCulture) is var text && text == "-0.00" ? "0.00" : text;

    private string Input() => _step.X.Count switch
    {
        1 => Num.Digits(_step.X[0], 3),
        <= 4 => $"[{string.Join(", ", _step.X.Select(value => Num.Digits(value, 2)))}]",
        _ when _step.X.Count(value => value != 0) == 1 && _step.X.Sum() == 1 => $"one-hot {Num.Whole(_step.X.ToList().IndexOf(1))} of {Num.Whole(_step.X.Count)}",
        _ => $"{Num.Whole(_step.X.Count)} numbers",
    };
}
