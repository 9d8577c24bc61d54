using System.Text;
using CourseKit.Tensors;

namespace CourseKit.Notebooks;

/// <summary>A sequence cut into windows: the sequence on top, under it one row an example, its cells in the order in which a model gets them.</summary>
internal sealed class WindowsDrawing : Drawing
{
    /// <summary>How many examples are drawn.</summary>
    public const int MostRows = 20;

    private const double RowHeight = 25;
    private const double CellHeight = 21;
    private readonly WindowItems _items;
    private readonly int _size;
    private readonly int _stride;
    private readonly WindowOrder _order;
    private readonly int[] _places;

    public WindowsDrawing(WindowItems items, int size, int stride, WindowOrder order)
    {
        (_items, _size, _stride, _order) = (items, size, stride, order);
        // The kit's own windows, over the places 0, 1, 2, ... in place of the numbers.
        var windows = Data.Windows.Sliding([.. Enumerable.Range(0, items.Count).Select(t => (float)t)], size, stride);
        var all = windows.All();
        var (inputs, targets) = (all.Features!.ToArray(), all.Values!.ToArray());
        var random = new RandomSource(1);
        _places = Shuffled(size, random);
        var examples = Enumerable.Range(0, windows.Count)
            .Select(e => new WindowExample(e, [.. Inside(e).Select(k => (int)inputs[e * size + k])], (int)targets[e])).ToArray();
        Examples = order == WindowOrder.Examples ? [.. Shuffled(windows.Count, random).Select(e => examples[e])] : examples;

        IEnumerable<int> Inside(int example) => order switch
        {
            WindowOrder.InsideAlike => _places,
            WindowOrder.InsideEach => Shuffled(size, random),
            _ => Enumerable.Range(0, size),
        };
    }

    /// <summary>The examples in the order of the rows.</summary>
    public IReadOnlyList<WindowExample> Examples { get; }

    private string Formula => $"({Num.Whole(_items.Count)} − {Num.Whole(_size)} − 1) / {Num.Whole(_stride)} + 1{((_items.Count - _size - 1) % _stride == 0 ? "" : ", rounded down,")} = {Num.Whole(Examples.Count)}";

    internal override string ToFigure()
    {
        var svg = new StringBuilder();
        var top = _items.Values is null ? DrawTokens(svg) : DrawSeries(svg, _items.Values);
        var rows = Math.Min(Examples.Count, MostRows);
        for (var row = 0; row < rows; row++)
            DrawExample(svg, Examples[row], top + row * RowHeight);
        var height = top + rows * RowHeight;
        var title = $"{Num.Whole(_items.Count)} {_items.Unit}, size {Num.Whole(_size)}, stride {Num.Whole(_stride)}: {Examples.Count} example{(Examples.Count == 1 ? "" : "s")}";
        var body = $"<p class=\"ck-says\">{Markup.Escape($"{Formula}. {Says()}")}</p>\n" + Figure.Svg(height, "Windows", title, ToString(), svg.ToString());
        return Figure.Of(title, [], body, Notes(), json =>
        {
            json.WriteString("kind", "boxes");
            json.WriteStartArray("boxes");
            json.WriteEndArray();
            json.WriteTexts("texts", []);
        });
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Num.Whole(_items.Count)} {_items.Unit} in windows of {Num.Whole(_size)}, stride {Num.Whole(_stride)}, {Kind()}: {Num.Whole(Examples.Count)} example{(Examples.Count == 1 ? "" : "s")}, " +
        $"{string.Join("; ", Examples.Take(3).Select(example => $"{string.Join(" ", example.Inputs.Select(Text))} gives {Text(example.Target)}"))}{(Examples.Count > 3 ? "; and so on" : "")}.";

    private string Text(int item) => _items.Texts[item];

    private string Kind() => _order switch
    {
        WindowOrder.Examples => "examples shuffled",
        WindowOrder.InsideAlike => "all windows shuffled inside alike",
        WindowOrder.InsideEach => "each window shuffled inside its own way",
        _ => "in order",
    };

    private string Says() => _order switch
    {
        WindowOrder.Examples =>
            "Every row still has its own order and its own target. Only which row follows which is lost, and a model that sees one row at a time never knew that.",
        WindowOrder.InsideAlike =>
            $"Every row has its places in the order {string.Join(" ", _places.Select(place => Num.Whole(place + 1)))}. Nothing is lost: with its first weights reordered the same way, a network gives the same numbers.",
        WindowOrder.InsideEach =>
            $"Every row is mixed in its own way. What came first cannot be known any more: a bag of {_items.Unit} is left.",
        _ when _stride < _size =>
            $"Blue goes in, orange is the target. Neighbouring windows overlap: they share {Num.Whole(_size - _stride)} of {Num.Whole(_size)}.",
        _ when _stride == _size => "Blue goes in, orange is the target. The windows lie side by side and share nothing.",
        _ => $"Blue goes in, orange is the target. The windows share nothing, and {Num.Whole(_stride - _size)} between two windows {(_stride - _size == 1 ? "goes" : "go")} into none.",
    };

    private List<string> Notes()
    {
        var notes = new List<string>();
        if (_items.Count < _items.All)
            notes.Add($"The first {Num.Whole(_items.Count)} of {Num.Whole(_items.All)} {_items.Unit} are shown.");
        if (Examples.Count > MostRows)
            notes.Add($"The first {Num.Whole(MostRows)} of {Num.Whole(Examples.Count)} examples are shown.");
        if (_items.Values is not null)
            notes.Add("A cell holds the number's place in the series. The left column counts the examples.");
        return notes;
    }

    private double DrawSeries(StringBuilder svg, double[] values)
    {
        const double Top = 12, Height = 62;
        var (low, high) = (values.Min(), values.Max());
        var points = values.Select((value, t) => (X: _items.Left(t) + _items.Widths[t] / 2, Y: Top + (high > low ? (high - value) / (high - low) : 0.5) * Height)).ToArray();
        svg.Append($"<path class=\"ck-line\" style=\"stroke:{Figure.Color(0)}\" d=\"M{string.Join("L", points.Select(point => $"{Num.Px(point.X)},{Num.Px(point.Y)}"))}\"/>\n");
        foreach (var (x, y) in points)
            svg.Append($"<circle cx=\"{Num.Px(x)}\" cy=\"{Num.Px(y)}\" r=\"3.4\" style=\"fill:{Figure.Color(0)}\"/>");
        svg.Append('\n');
        return Top + Height + 14;
    }

    private double DrawTokens(StringBuilder svg)
    {
        for (var t = 0; t < _items.Count; t++)
            svg.Append(Markup.Text(_items.Left(t) + _items.Widths[t] / 2, 18, Text(t), "middle", " class=\"ck-name\""));
        svg.Append('\n');
        return 34;
    }

    private void DrawExample(StringBuilder svg, WindowExample example, double top)
    {
        svg.Append(Markup.Text(WindowItems.Gutter - 8, top + 16, Num.Whole(example.Number), "end", " class=\"ck-tick\""));
        var x = _items.Left(example.Inputs.Min());
        foreach (var item in example.Inputs)
        {
            DrawCell(svg, item, x, top, "ck-now");
            x += _items.Widths[item];
        }

        DrawCell(svg, example.Target, x, top, "ck-aim");
        svg.Append('\n');
    }

    private void DrawCell(StringBuilder svg, int item, double x, double top, string css)
    {
        var width = _items.Widths[item];
        svg.Append($"<rect class=\"{css}\" x=\"{Num.Px(x + 1.5)}\" y=\"{Num.Px(top + 1)}\" width=\"{Num.Px(width - 3)}\" height=\"{Num.Px(CellHeight)}\"/>");
        svg.Append(Markup.Text(x + width / 2, top + 16.5, Text(item), "middle"));
    }

    // An order that is not the one there was, where there is another.
    private static int[] Shuffled(int count, RandomSource random)
    {
        int[] order = [.. Enumerable.Range(0, count)], before = [.. order];
        while (count > 1 && order.SequenceEqual(before))
            random.Shuffle<int>(order);
        return order;
    }
}

/// <summary>One example of a windows picture.</summary>
/// <param name="Number">Which window, from 0 at the beginning of the sequence.</param>
/// <param name="Inputs">The places of its items in the sequence, in the order in which they go in.</param>
/// <param name="Target">The place of its target.</param>
internal sealed record WindowExample(int Number, int[] Inputs, int Target);
