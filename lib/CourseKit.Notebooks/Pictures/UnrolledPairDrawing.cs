using CourseKit.Layers;
using CourseKit.SequenceToSequence;
using CourseKit.Tensors;

namespace CourseKit.Notebooks;

/// <summary>An encoder-decoder unrolled over time: the encoder's time steps on the left, the decoder's on the right, attention between what both give.</summary>
internal sealed class UnrolledPairDrawing : Drawing
{
    private const double Gap = 30;
    private const double Bridge = 26;

    // For two groups of three lines beside one row.
    private const double Room = 88;
    private readonly EncoderDecoder _model;
    private readonly NetworkRow _source, _target;
    private readonly List<NetworkRow> _encoder, _decoder, _top;
    private readonly NetworkRow? _attention;
    private readonly bool _hasBridge;
    private readonly int _steps;

    public UnrolledPairDrawing(EncoderDecoder model, int steps)
    {
        if (steps is < 1 or > UnrolledDrawing.MostSteps / 2)
            throw new ArgumentOutOfRangeException(nameof(steps), $"Picture.Unrolled: for an encoder-decoder steps must be from 1 to {UnrolledDrawing.MostSteps / 2}, on each side, but got {Num.Whole(steps)}. More steps look the same: they share their weights.");
        (_model, _steps) = (model, steps);
        var parts = model.Parts.ToDictionary(part => part.Name);
        var source = (Embedding)parts.GetValueOrDefault("source", parts.GetValueOrDefault("embedding")!);
        var target = (Embedding)parts.GetValueOrDefault("target", source);
        (_source, _target) = (Each(source, source.EmbeddingSize, "e"), Each(target, target.EmbeddingSize, "e"));
        (_encoder, _decoder) = (Stack(parts["encoder"]), Stack(parts["decoder"]));
        _attention = parts.TryGetValue("attention", out var attention) ? Each(attention, ((Attention)attention).KeySize, "") with { Name = attention.GetType().Name, Kind = "" } : null;
        _top = [];
        if (parts.TryGetValue("combine", out var combine))
            _top.Add(Each(combine, ((Linear)combine).OutputSize, "a"));
        _top.Add(Each(parts["output"], model.VocabularySize, "y"));
        _hasBridge = model.Parts.Any(part => part.Name.StartsWith("bridge", StringComparison.Ordinal));
    }

    private double ColumnWidth => (Layout.Width - UnrolledDrawing.Gutter - 2 * UnrolledDrawing.Stub - Bridge) / (2 * _steps);

    // Layers are matched from the top, as the encoder's states start the decoder's.
    private int Levels => Math.Max(_encoder.Count, _decoder.Count);

    internal override string ToFigure()
    {
        var canvas = new NetworkCanvas();
        double[] left = [.. Enumerable.Range(0, _steps).Select(t => UnrolledDrawing.Gutter + UnrolledDrawing.Stub + (t + 0.5) * ColumnWidth)];
        double[] right = [.. left.Select(x => x + _steps * ColumnWidth + Bridge)];
        var heights = Enumerable.Range(0, Levels).Select(level => Math.Max(At(_encoder, level) is null || At(_decoder, level) is null ? 40 : Room, Math.Max(Height(_encoder, level), Height(_decoder, level)))).ToArray();
        var height = 40 + Gap + First + heights.Sum() + Gap * Levels + (_attention is null ? 0 : 34 + Gap) + _top.Count * (30 + Gap) + 26;
        var y = height - 28;

        var (encoded, decoded) = (new List<Outlet>(), new List<Outlet>());
        for (var t = 0; t < _steps; t++)
        {
            canvas.Circle(left[t], y, 12, Letter("x", t), $"source at time step {Num.Whole(t + 1)}");
            canvas.Circle(right[t], y, 12, t == 0 ? "s" : Letter("y", t - 1), t == 0 ? "the start symbol" : $"what was written at time step {Num.Whole(t)}");
            encoded.Add(new(t, left[t], y - 12));
            decoded.Add(new(t, right[t], y - 12));
        }

        canvas.Label(y, ["input", "source, then target"]);
        y -= 12 + Gap + First;
        (encoded, decoded) = (Draw(_source, left, y, First, encoded), Draw(_target, right, y, First, decoded));
        Label(canvas, y + First / 2, _source, _source.Name == _target.Name ? null : _target);
        for (var level = 0; level < Levels; level++)
        {
            var (below, above) = (At(_encoder, level), At(_decoder, level));
            y -= Gap + heights[level];
            // Where one state goes over to another of its kind, one arrow leads from the encoder's last box to the decoder's first.
            var goesOver = below is { Flow: NetworkFlow.Forward } && above is { Flow: NetworkFlow.Forward } && below.HasCell == above.HasCell;
            var decoder = above is null ? null : Row(above, right, y, heights[level], goesOver ? 0 : null);
            if (below is not null)
                encoded = Row(below, left, y, heights[level], null, goesOver ? decoder!.Begin : null).Draw(encoded);
            if (decoder is not null)
                decoded = decoder.Draw(decoded);
            Label(canvas, y + heights[level] / 2, below ?? above!, below is null ? null : above);
        }

        if (_attention is not null)
            y = DrawAttention(canvas, y - Gap - 34, left, right, encoded, ref decoded);
        foreach (var row in _top)
        {
            y -= Gap + 30;
            decoded = Draw(row, right, y, 30, decoded);
            Label(canvas, y + 15, row, null);
        }

        foreach (var outlet in decoded)
            canvas.Arrow("", (outlet.X, outlet.Y), (outlet.X, outlet.Y - 22));
        return Figure.Of($"Encoder and decoder unrolled over {Num.Whole(_steps)} time steps each", [], canvas.Svg(height, "encoder and decoder unrolled", ToString()), Notes(), canvas.WriteHover);

        List<Outlet> Draw(NetworkRow row, double[] centres, double top, double room, List<Outlet> below) => Row(row, centres, top, room).Draw(below);

        NetworkRowDrawing Row(NetworkRow row, double[] centres, double top, double room, double? lead = null, double? end = null)
        {
            var own = UnrolledDrawing.HeightOf(row);
            return new(canvas, row, centres, ColumnWidth, top + room - own, own) { Lead = lead ?? NetworkRowDrawing.Stub, End = end };
        }
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"Encoder-decoder unrolled over {_steps} time steps on each side. Encoder: {string.Join("; ", _encoder.Prepend(_source))}. Decoder: {string.Join("; ", _decoder.Prepend(_target).Concat(_attention is null ? [] : [_attention]).Concat(_top))}. {_model.Model.ParameterCount:N0} parameters in all, the same ones at every time step.");

    private double First => _source.Name == _target.Name ? 40 : Room;

    private static NetworkRow Each(Layer part, int output, string symbol) => NetworkRows.Of(part, $"[batch, time, {Num.Whole(output)}]").Single() with { Symbol = symbol };

    private static List<NetworkRow> Stack(Layer layer) =>
        [.. NetworkRows.Of(layer, $"[batch, time, {Num.Whole(layer.OutputShape(new Shape(1, 1, ((SequenceLayer)layer).InputSize)).Last)}]")];

    private NetworkRow? At(List<NetworkRow> rows, int level) => level - (Levels - rows.Count) is >= 0 and var k ? rows[k] : null;

    private double Height(List<NetworkRow> rows, int level) => At(rows, level) is { } row ? UnrolledDrawing.HeightOf(row) : 0;

    private string Letter(string symbol, int t) => ColumnWidth < 34 ? symbol : $"{symbol}{Glyphs.Low(t + 1)}";

    private static void Label(NetworkCanvas canvas, double middle, NetworkRow first, NetworkRow? second)
    {
        if (second is null)
            canvas.Label(middle, first.Lines);
        else
            canvas.Label(middle, first.Lines, second.Lines);
    }

    // A bar over all time steps of both: every step of the decoder looks at every step of the encoder.
    private double DrawAttention(NetworkCanvas canvas, double y, double[] left, double[] right, List<Outlet> encoded, ref List<Outlet> decoded)
    {
        var (from, to) = (left[0] - ColumnWidth * 0.4, right[^1] + ColumnWidth * 0.4);
        foreach (var outlet in encoded.Concat(decoded))
            canvas.Arrow("ck-look", (outlet.X, outlet.Y), (outlet.X, y + 34));
        canvas.Box((from + to) / 2, y, to - from, 34, "ck-look", "attention", $"{_attention!.Title}: every step of the decoder looks at every step of the encoder\n{_attention.Parameters}");
        Label(canvas, y + 17, _attention, null);
        decoded = [.. right.Select((x, t) => new Outlet(t, x, y))];
        return y;
    }

    private List<string> Notes()
    {
        List<string> notes = [.. UnrolledDrawing.NotesOn([.. _encoder, .. _decoder])];
        notes.Add(_hasBridge
            ? "The encoder's final states start the decoder, through a learned bridge, for their sizes differ."
            : "The encoder's final states start the decoder.");
        if (_attention is not null)
            notes.Add("With attention every step of the decoder also looks back at all that the encoder gave.");
        if (_model.InputFeeding)
            notes.Add("With input feeding the decoder also reads what the combining layer gave at the step before.");
        notes.Add(FormattableString.Invariant($"All boxes of a row share their weights: {_model.Model.ParameterCount:N0} parameters for sequences of any length."));
        return notes;
    }
}
