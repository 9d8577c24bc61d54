namespace CourseKit.Notebooks;

/// <summary>
/// A matrix as coloured cells. Made by <see cref="Chart.Heatmap{T}(T[,], IEnumerable{string}, IEnumerable{string})"/>.
/// </summary>
public sealed class HeatmapChart : Chart
{
    private (double Min, double Max)? _range;

    internal HeatmapChart(double[,] values, string[]? rowLabels, string[]? columnLabels)
    {
        RequireLabels(nameof(rowLabels), "row", rowLabels, values.GetLength(0));
        RequireLabels(nameof(columnLabels), "column", columnLabels, values.GetLength(1));
        Values = values;
        RowLabels = rowLabels ?? Numbers(values.GetLength(0));
        ColumnLabels = columnLabels ?? Numbers(values.GetLength(1));
    }

    internal double[,] Values { get; private set; }

    internal string[] RowLabels { get; private set; }

    internal string[] ColumnLabels { get; private set; }

    internal string XLabel { get; private set; } = "";

    internal string YLabel { get; private set; } = "";

    internal string Heading => TitleText;

    internal bool HasLogColors { get; private set; }

    internal int Rows => Values.GetLength(0);

    internal int Columns => Values.GetLength(1);

    /// <summary>Fixes the values of the first and last colour, so that several heatmaps can be compared.</summary>
    /// <param name="min">Value of the first colour. When min is -max, the colours run from blue over white to orange.</param>
    /// <param name="max">Value of the last colour, larger than min. Values beyond take the end colour.</param>
    /// <returns>This chart.</returns>
    /// <exception cref="ArgumentException">min is not smaller than max, or one of them is not finite; or the colours are logarithmic and min is not above 0.</exception>
    public HeatmapChart Range(double min, double max)
    {
        if (!double.IsFinite(min) || !double.IsFinite(max) || min >= max)
            throw new ArgumentException(
                $"Chart.Heatmap.Range: min must be smaller than max, both finite, but got {Num.Short(min)} and {Num.Short(max)}. " +
                "For states use Range(-1, 1), for gates Range(0, 1).", nameof(min));
        RequireFit(min, HasLogColors);
        _range = (min, max);
        return this;
    }

    /// <summary>Makes equal factors equal steps of colour, for values over several powers of ten, such as gradients that vanish. Values that are not positive stay blank.</summary>
    /// <returns>This chart.</returns>
    /// <exception cref="ArgumentException">A range is fixed that begins at 0 or below.</exception>
    public HeatmapChart LogColors()
    {
        RequireFit(_range?.Min ?? 1, log: true);
        HasLogColors = true;
        return this;
    }

    /// <summary>Swaps rows and columns with their labels: states of shape [time, neuron] then run from left to right.</summary>
    /// <returns>This chart.</returns>
    public HeatmapChart Transpose()
    {
        var values = new double[Columns, Rows];
        for (var row = 0; row < Rows; row++)
            for (var column = 0; column < Columns; column++)
                values[column, row] = Values[row, column];
        (Values, RowLabels, ColumnLabels, XLabel, YLabel) = (values, ColumnLabels, RowLabels, YLabel, XLabel);
        return this;
    }

    /// <inheritdoc/>
    public override HeatmapChart Title(string text)
    {
        base.Title(text);
        return this;
    }

    /// <summary>Labels the horizontal axis.</summary>
    /// <param name="label">What the columns are.</param>
    /// <returns>This chart.</returns>
    public HeatmapChart XAxis(string label)
    {
        ArgumentNullException.ThrowIfNull(label);
        XLabel = label;
        return this;
    }

    /// <summary>Labels the vertical axis.</summary>
    /// <param name="label">What the rows are.</param>
    /// <returns>This chart.</returns>
    public HeatmapChart YAxis(string label)
    {
        ArgumentNullException.ThrowIfNull(label);
        YLabel = label;
        return this;
    }

    internal override string ToFigure() => HeatmapDrawing.ToFigure(this);

    /// <inheritdoc/>
    public override string ToPlotlyJson() => Figure.Json(json =>
    {
        var scale = Scale();
        // Plotly has no logarithmic colours: the exponents are coloured, and the marks beside them say the values.
        double Coded(double value) => scale.Log ? (value > 0 ? Math.Log10(value) : double.NaN) : value;
        json.WriteStartArray("data");
        json.WriteStartObject();
        json.WriteString("type", "heatmap");
        json.WriteStartArray("z");
        for (var row = 0; row < Rows; row++)
        {
            json.WriteStartArray();
            for (var column = 0; column < Columns; column++)
                json.WriteValue(Coded(Values[row, column]));
            json.WriteEndArray();
        }

        json.WriteEndArray();
        // Numbers, because equal labels (letters of a text) would fall into one column; the labels are the marks' texts.
        json.WriteNumber("zmin", Coded(scale.Min));
        json.WriteNumber("zmax", Coded(scale.Max));
        json.WriteColorScale(scale.Diverging);
        if (scale.Log)
        {
            var ticks = Axis.Fit(scale.Min, scale.Max, log: true, round: false, target: 4).Ticks;
            json.WriteStartObject("colorbar");
            json.WriteNumbers("tickvals", ticks.Select(tick => Math.Log10(tick.Value)));
            json.WriteTexts("ticktext", ticks.Select(tick => tick.Text));
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartObject("layout");
        json.WriteTitle(TitleText);
        WriteAxis("xaxis", XLabel, ColumnLabels, reversed: false);
        WriteAxis("yaxis", YLabel, RowLabels, reversed: true);
        json.WriteEndObject();

        void WriteAxis(string name, string label, string[] labels, bool reversed)
        {
            json.WriteStartObject(name);
            json.WriteTitle(label);
            json.WriteNumbers("tickvals", Enumerable.Range(0, labels.Length).Select(k => (double)k));
            json.WriteTexts("ticktext", labels);
            if (reversed)
                json.WriteString("autorange", "reversed");
            json.WriteEndObject();
        }
    });

    /// <inheritdoc/>
    public override string ToString()
    {
        var finite = Values.Cast<double>().Where(double.IsFinite).ToArray();
        var range = finite.Length == 0 ? "no data" : $"values {Num.Short(finite.Min())} to {Num.Short(finite.Max())}{(HasLogColors ? ", logarithmic colours" : "")}";
        return $"Heatmap{(TitleText.Length > 0 ? $" \"{TitleText}\"" : "")}: " +
            $"{Num.Whole(Rows)} rows{(YLabel.Length > 0 ? $" ({YLabel})" : "")}, {Num.Whole(Columns)} columns{(XLabel.Length > 0 ? $" ({XLabel})" : "")}, {range}.";
    }

    /// <summary>Which values the first and last colour stand for.</summary>
    internal ColorScale Scale()
    {
        if (_range is { } fixedRange)
            return new(fixedRange.Min, fixedRange.Max, fixedRange.Min == -fixedRange.Max, HasLogColors);
        var (min, max) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in Values)
            if (Axis.Shows(value, HasLogColors))
                (min, max) = (Math.Min(min, value), Math.Max(max, value));
        if (min > max)
            return HasLogColors ? new(1, 10, Log: true) : new(0, 1);
        if (min < 0 && max > 0)
            return new(-Math.Max(-min, max), Math.Max(-min, max), Diverging: true);
        var axis = min == max ? Axis.Fit(min, max, HasLogColors, round: false, target: 4) : null;
        return new(axis?.Min ?? min, axis?.Max ?? max, Log: HasLogColors);
    }

    private static string[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(k => Num.Whole(k))];

    private static void RequireFit(double min, bool log)
    {
        if (log && !(min > 0))
            throw new ArgumentException(
                $"Chart.Heatmap: with logarithmic colours the range must begin above 0, but begins at {Num.Short(min)}. Use Range(1e-6, 1), or leave LogColors out.", nameof(min));
    }

    private static void RequireLabels(string parameter, string noun, string[]? labels, int count)
    {
        if (labels is not null && labels.Length != count)
            throw new ArgumentException(
                $"Chart.Heatmap: {parameter} must have one label for every {noun}, but got {Num.Whole(labels.Length)} labels and " +
                $"{Num.Whole(count)} {noun}s. Leave {parameter} out to number the {noun}s.", parameter);
    }
}
