using System.Text;
using CourseKit.Inspection;

namespace CourseKit.Notebooks;

/// <summary>The hidden states of every recurrent layer over a sequence: a band of cells for each layer and direction, the first at the bottom.</summary>
internal sealed class LayersDrawing : Drawing
{
    /// <summary>How many time steps are drawn.</summary>
    public const int MostSteps = 80;

    private const int MostNeurons = 14;
    private const int MostBands = 12;
    private readonly string[] _labels;
    private readonly bool _hasLabels;
    private readonly int _all;
    private readonly int _bands;

    /// <param name="recording">One pass through the layers, the first of them first.</param>
    /// <param name="labels">One for every time step; null for their numbers.</param>
    /// <param name="all">How many time steps there would be.</param>
    public LayersDrawing(Recording recording, string[]? labels, int all)
    {
        (_bands, _all, _hasLabels) = (recording.Records.Count, all, labels is not null);
        Steps = Math.Min(MostSteps, recording.Records[0].Steps);
        _labels = labels ?? [.. Enumerable.Range(0, Steps).Select(t => Num.Whole(t))];
        Bands = [.. recording.Records.Take(MostBands).Select(Of)];

        LayerBand Of(RecurrentRecord record)
        {
            var size = record.Hidden.Shape.Last;
            var columns = Enumerable.Range(0, size).Select(neuron => Enumerable.Range(0, Steps).Select(t => (double)record.Hidden[0, t, neuron]).ToArray()).ToArray();
            // Those that move most, from slow to fast, so that layers can be compared by where their rows change.
            var neurons = Enumerable.Range(0, size).OrderByDescending(neuron => Spread(columns[neuron])).Take(MostNeurons).OrderBy(neuron => -Alike([columns[neuron]])).ToArray();
            var most = neurons.SelectMany(neuron => columns[neuron]).Where(double.IsFinite).Select(Math.Abs).Append(1).Max();
            return new(record.Name, record.Operation, record.Reverse, size, neurons, [.. neurons.Select(neuron => columns[neuron])], Alike(columns), new ColorScale(-most, most, Diverging: true));
        }
    }

    /// <summary>How many time steps are shown.</summary>
    public int Steps { get; }

    /// <summary>The layers, from the first to the last, forward before backward.</summary>
    public IReadOnlyList<LayerBand> Bands { get; }

    internal override string ToFigure()
    {
        var left = Math.Max(20, Bands.SelectMany(band => band.Neurons).Max(neuron => Num.Whole(neuron).Length) * Layout.CharWidth + 8);
        var (width, height) = (Math.Min(30, (Layout.Width - left - 2) / Steps), 10.0);
        var labels = new StepLabels(_labels, _hasLabels, Steps);
        var (svg, top, tops) = (new StringBuilder(), 0.0, new List<double>());
        LayerBand[] downward = [.. Bands.Reverse()];
        foreach (var band in downward)
        {
            svg.Append(Markup.Text(0, top + 17, band.Name, "start", " class=\"ck-name\""));
            svg.Append(Markup.Text(Math.Max(left, band.Name.Length * Layout.CharWidth + 8), top + 17, Meaning(band))).Append('\n');
            top += 25;
            tops.Add(top);
            CellGrid.Draw(svg, band.Rows.Length, Steps, (neuron, t) => band.Rows[neuron][t], band.Scale, left, top, width, height);
            if (height * band.Rows.Length >= 16)
                StepLabels.DrawNeurons(svg, Texts(band), left, top, height);
            top += height * band.Rows.Length;
            if (labels.AreLetters)
                labels.DrawLetters(svg, left, top, width);
            top += labels.Under;
        }

        var bottom = top - labels.Under;
        if (!labels.AreLetters)
            top += labels.DrawBelow(svg, left, top, width);
        var key = $"<div class=\"ck-key\" aria-hidden=\"true\"><span>state -1 <b style=\"background:{CellGrid.Gradient(diverging: true)}\"></b> 1</span></div>\n";
        var title = $"What {(Bands.Count == 1 ? "the layer holds" : "each layer holds")} while it reads";
        return Figure.Of(title, [], key + Figure.Svg(top + 4, "Layers over time", title, ToString(), svg.ToString()), Notes(), json =>
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
            json.WriteTexts("columns", _labels.Take(Steps).Select(Markup.Visible));
            json.WriteStartArray("grids");
            foreach (var (band, at) in downward.Zip(tops))
            {
                json.WriteStartObject();
                json.WriteString("name", band.Name);
                json.WriteNumber("top", at);
                json.WriteTexts("rows", Texts(band));
                json.WriteNumbers("values", band.Rows.SelectMany(values => values), 3);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"Hidden states of {Num.Whole(Bands.Count)} layer{(Bands.Count == 1 ? "" : "s")} over {Num.Whole(Steps)} time steps{(_hasLabels ? $", {Glyphs.Quote(Glyphs.Join(_labels.Take(Steps)))}" : "")}, from input to output: " +
        $"{string.Join("; ", Bands.Select(band => $"{band.Name} ({band.Operation}), {Num.Whole(band.Size)} neurons, successive states alike to {Num.Digits(band.Likeness, 2)}"))}.";

    private static string[] Texts(LayerBand band) => [.. band.Neurons.Select(neuron => Num.Whole(neuron))];

    private static string Meaning(LayerBand band) =>
        $"{(band.Reverse ? "backward, " : "")}successive states alike to {Num.Digits(band.Likeness, 2)}{(band.Scale.Max > 1 ? $", colours to ±{Num.Digits(band.Scale.Max, 2)}" : "")}";

    private static double Spread(double[] values)
    {
        var mean = values.Average();
        return double.IsFinite(mean) ? values.Sum(value => (value - mean) * (value - mean)) : -1;
    }

    // How much of a state, as it differs from the mean state, is found again one step later: their correlation over all neurons.
    private static double Alike(double[][] columns)
    {
        var (product, before, after) = (0.0, 0.0, 0.0);
        foreach (var values in columns)
        {
            var mean = values.Average();
            for (var t = 1; t < values.Length; t++)
            {
                product += (values[t] - mean) * (values[t - 1] - mean);
                before += (values[t - 1] - mean) * (values[t - 1] - mean);
                after += (values[t] - mean) * (values[t] - mean);
            }
        }

        var alike = product / Math.Sqrt(before * after);
        return double.IsFinite(alike) ? alike : 0;
    }

    private List<string> Notes()
    {
        var notes = new List<string> { "Alike: the correlation of each state with the one before, 1 for a layer that stands still, 0 for one that forgets at once." };
        if (Bands.Any(band => band.Neurons.Length < band.Size))
            notes.Add($"Of each layer {Num.Whole(MostNeurons)} neurons are shown, those whose state changes most, from slow to fast.");
        if (Bands.Count < _bands)
            notes.Add($"The first {Num.Whole(Bands.Count)} of {Num.Whole(_bands)} layers are shown.");
        if (Steps < _all)
            notes.Add($"The first {Num.Whole(Steps)} of {Num.Whole(_all)} time steps are shown.");
        var missing = Bands.SelectMany(band => band.Rows).SelectMany(values => values).Count(value => !double.IsFinite(value));
        if (missing > 0)
            notes.Add($"{Num.Whole(missing)} states not finite, left blank.");
        return notes;
    }
}

/// <summary>One layer, in one direction, over time.</summary>
/// <param name="Name">Its parameters' name.</param>
/// <param name="Operation">What kind of layer.</param>
/// <param name="Reverse">Whether it reads from the last step to the first.</param>
/// <param name="Size">How many neurons it has.</param>
/// <param name="Neurons">Which of them are shown.</param>
/// <param name="Rows">[neuron][time].</param>
/// <param name="Likeness">The correlation of successive states.</param>
/// <param name="Scale">Its colours.</param>
internal sealed record LayerBand(string Name, string Operation, bool Reverse, int Size, int[] Neurons, double[][] Rows, double Likeness, ColorScale Scale);
