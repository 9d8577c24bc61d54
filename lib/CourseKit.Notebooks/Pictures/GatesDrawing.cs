using System.Text;
using CourseKit.Inspection;
using CourseKit.Tensors;

namespace CourseKit.Notebooks;

/// <summary>What the gates, the cell and the state of some neurons do over time: one band of cells for each, above one another.</summary>
internal sealed class GatesDrawing : Drawing
{
    /// <summary>How many time steps are drawn.</summary>
    public const int MostSteps = 80;

    private const int FewNeurons = 6;
    private const int MostNeurons = 24;
    private readonly RecurrentRecord _record;
    private readonly int _all;
    private readonly string[] _labels;
    private readonly bool _hasLabels;
    private readonly bool _areLiveliest;

    /// <param name="record">The pass.</param>
    /// <param name="labels">One for every time step; null for their numbers.</param>
    /// <param name="row">Which sequence of the batch.</param>
    /// <param name="neurons">Which neurons; null for those whose state changes most.</param>
    /// <param name="all">How many time steps there would be; null for as many as the pass has.</param>
    public GatesDrawing(RecurrentRecord record, string[]? labels, int row, int[]? neurons, int? all = null)
    {
        var size = record.Hidden.Shape.Last;
        if (row < 0 || row >= record.BatchSize)
            throw new ArgumentOutOfRangeException(nameof(row), $"Picture.Gates: row must be 0 to {Num.Whole(record.BatchSize - 1)}, as {record.Name} ran over a batch of {Num.Whole(record.BatchSize)}, but got {Num.Whole(row)}.");
        if (labels is not null && labels.Length != record.Steps)
            throw new ArgumentException($"Picture.Gates: labels must be one for every time step, but got {Num.Whole(labels.Length)} labels and {Num.Whole(record.Steps)} time steps. Leave labels out to number the steps.", nameof(labels));
        if (neurons is not null && (neurons.Length is 0 or > MostNeurons || neurons.Any(neuron => neuron < 0 || neuron >= size)))
            throw new ArgumentOutOfRangeException(nameof(neurons), $"Picture.Gates: neurons must be 1 to {MostNeurons} of 0 to {Num.Whole(size - 1)}, but got [{string.Join(", ", neurons.Take(MostNeurons + 1).Select(neuron => Num.Whole(neuron)))}].");
        (_record, _areLiveliest, _all) = (record, neurons is null, all ?? record.Steps);
        (_labels, _hasLabels) = (labels ?? [.. Enumerable.Range(0, record.Steps).Select(t => Num.Whole(t))], labels is not null);
        Steps = Math.Min(record.Steps, MostSteps);
        var hidden = Values(record.Hidden, row, Steps, record.Mask);
        Neurons = neurons ?? Liveliest(hidden, record.Operation == "Lstm" && record.Cell!.Shape.Last != size ? Math.Min(size, record.Cell.Shape.Last) : size);
        var bands = record.Gates.Select(gate => Band(gate, record.Gate(gate), IsShare(gate) ? ColorScale.Shares : ColorScale.States)).ToList();
        if (record.Cell is { } cell)
            bands.Add(Band("c", cell, null));
        bands.Add(Band("h", record.Hidden, null));
        Bands = bands;

        GateBand Band(string name, Tensor tensor, ColorScale? scale)
        {
            var values = Values(tensor, row, Steps, record.Mask);
            // A cell, or a state of relu, may leave -1 to 1: then the colours reach as far on both sides.
            double[][] rows = [.. Neurons.Select(neuron => values.Select(step => neuron < step.Length ? step[neuron] : double.NaN).ToArray())];
            var most = rows.SelectMany(numbers => numbers).Where(double.IsFinite).Select(Math.Abs).Append(1).Max();
            return new(name, rows, scale ?? new(-most, most, Diverging: true));
        }
    }

    /// <summary>How many time steps are shown.</summary>
    public int Steps { get; }

    /// <summary>Which neurons are shown.</summary>
    public int[] Neurons { get; }

    /// <summary>Gates in stored order, then the cell, then the state.</summary>
    public IReadOnlyList<GateBand> Bands { get; }

    internal override string ToFigure()
    {
        var rowTexts = Neurons.Select(neuron => Num.Whole(neuron)).ToArray();
        var left = Math.Max(20, rowTexts.Max(text => text.Length) * Layout.CharWidth + 8);
        var width = Math.Min(30, (Layout.Width - left - 2) / Steps);
        var height = Neurons.Length > 12 ? 9.0 : 13;
        var labels = new StepLabels(_labels, _hasLabels, Steps);

        var (svg, top, tops) = (new StringBuilder(), 0.0, new List<double>());
        foreach (var band in Bands)
        {
            svg.Append(Markup.Text(0, top + 17, band.Name, "start", " class=\"ck-name\""));
            svg.Append(Markup.Text(left, top + 17, Meaning(band))).Append('\n');
            top += 25;
            tops.Add(top);
            CellGrid.Draw(svg, Neurons.Length, Steps, (neuron, t) => band.Rows[neuron][t], band.Scale, left, top, width, height);
            if (height * Neurons.Length >= 16)
                StepLabels.DrawNeurons(svg, rowTexts, left, top, height);
            top += height * Neurons.Length;
            if (labels.AreLetters)
                labels.DrawLetters(svg, left, top, width);
            top += labels.Under;
        }

        var bottom = top - labels.Under;
        if (!labels.AreLetters)
            top += labels.DrawBelow(svg, left, top, width);
        var body = Key() + Figure.Svg(top + 4, "Gates over time", _record.Name, ToString(), svg.ToString());
        return Figure.Of($"Inside {_record.Name} ({_record.Operation}) as it reads{(_record.Reverse ? ", from the last to the first" : "")}", [], body, Notes(), json =>
        {
            json.WriteString("kind", "grids");
            json.WriteNumber("left", left);
            json.WriteNumber("width", width);
            json.WriteNumber("height", height);
            json.WriteString("x", "time");
            json.WriteStartObject("y");
            json.WriteString("label", "neuron");
            json.WriteNumber("from", bottom);
            json.WriteNumber("to", tops[0]);
            json.WriteEndObject();
            json.WriteTexts("rows", rowTexts);
            json.WriteTexts("columns", _labels.Take(Steps).Select(Markup.Visible));
            json.WriteStartArray("grids");
            foreach (var (band, at) in Bands.Zip(tops))
            {
                json.WriteStartObject();
                json.WriteString("name", band.Name);
                json.WriteNumber("top", at);
                json.WriteNumbers("values", band.Rows.SelectMany(values => values), 3);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"Gates over time of {_record.Name} ({_record.Operation}): {string.Join(", ", Bands.Select(band => band.Name))} of {Num.Whole(Neurons.Length)} of {Num.Whole(_record.Hidden.Shape.Last)} neurons " +
        $"at {Num.Whole(Steps)} time steps{(_hasLabels ? $", {Glyphs.Quote(Glyphs.Join(_labels.Take(Steps)))}" : "")}. Means: " +
        $"{string.Join(", ", Bands.Select(band => $"{band.Name} {Mean(band)}"))}.";

    private static bool IsShare(string gate) => gate is not ("g" or "n");

    private static string Mean(GateBand band) => band.Rows.SelectMany(values => values).Where(double.IsFinite).ToArray() is { Length: > 0 } finite ? Num.Digits(finite.Average(), 2) : "none";

    // [time][neuron]; a step that the mask passes over means nothing.
    private static double[][] Values(Tensor tensor, int row, int steps, Tensor? mask)
    {
        var (all, size, time) = (tensor.ToArray(), tensor.Shape.Last, tensor.Shape[1]);
        return [.. Enumerable.Range(0, steps).Select(t => Enumerable.Range(0, size)
            .Select(neuron => mask is not null && mask[row, t] == 0 ? double.NaN : all[(row * time + t) * size + neuron]).ToArray())];
    }

    // All of a small layer; of a large one those whose state changes most, in order.
    private static int[] Liveliest(double[][] hidden, int size) =>
    [
        .. Enumerable.Range(0, size).OrderByDescending(neuron => size <= FewNeurons + 2 ? 0 : Variance(hidden.Select(step => step[neuron]))).Take(size <= FewNeurons + 2 ? size : FewNeurons).Order()
    ];

    private static double Variance(IEnumerable<double> values)
    {
        var finite = values.Where(double.IsFinite).ToArray();
        var mean = finite.Length == 0 ? 0 : finite.Average();
        return finite.Sum(value => (value - mean) * (value - mean));
    }

    private string Meaning(GateBand band) => (band.Name, _record.Operation) switch
    {
        ("i", _) => "input gate: how much of the new is let in",
        ("f", "Lstm") => "forget gate: how much of the cell is kept",
        ("f", _) => "forget gate: how much of the state is replaced",
        ("g", _) => "candidate: what is new",
        ("o", _) => "output gate: how much of the cell is shown",
        ("r", _) => "reset gate: how much of the old the candidate sees",
        ("z", _) => "update gate: how much of the state is kept",
        ("n", _) => "candidate: what is new",
        ("c", _) => $"cell{Reach(band)}",
        _ => $"hidden state{Reach(band)}",
    };

    private static string Reach(GateBand band) => band.Scale.Max > 1 ? $", colours from {Num.Digits(band.Scale.Min, 2)} to {Num.Digits(band.Scale.Max, 2)}" : "";

    private string Key()
    {
        var hasGates = Bands.Any(band => !band.Scale.Diverging);
        var gates = hasGates ? $"<span>gates 0 <b style=\"background:{CellGrid.Gradient(diverging: false)}\"></b> 1</span>" : "";
        return $"<div class=\"ck-key\" aria-hidden=\"true\">{gates}<span>{(hasGates ? "others" : "state")} -1 <b style=\"background:{CellGrid.Gradient(diverging: true)}\"></b> 1</span></div>\n";
    }

    private List<string> Notes()
    {
        var (notes, size) = (new List<string>(), _record.Hidden.Shape.Last);
        if (Neurons.Length < size)
            notes.Add($"Rows are {Num.Whole(Neurons.Length)} of {Num.Whole(size)} neurons{(_areLiveliest ? ", those whose state changes most" : "")}.");
        if (_record.Cell is { } cell && cell.Shape.Last != size)
            notes.Add("The state is a projection of the cell: row k of h is another neuron than row k of the others.");
        if (Steps < _all)
            notes.Add($"The first {Num.Whole(Steps)} of {Num.Whole(_all)} time steps are shown.");
        var missing = Bands[^1].Rows.SelectMany(values => values).Count(value => !double.IsFinite(value));
        if (missing > 0)
            notes.Add(_record.Mask is null
                ? $"{Num.Whole(missing)} of {Num.Whole(Bands[^1].Rows.Length * Steps)} states not finite, left blank."
                : "Time steps that the mask passes over are left blank.");
        return notes;
    }
}

/// <summary>One quantity of some neurons over time.</summary>
/// <param name="Name">A gate, c or h.</param>
/// <param name="Rows">[neuron][time].</param>
/// <param name="Scale">Its colours.</param>
internal sealed record GateBand(string Name, double[][] Rows, ColorScale Scale);
