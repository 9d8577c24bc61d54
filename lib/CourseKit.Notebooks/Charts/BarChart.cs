using System.Numerics;
using System.Text;
using System.Text.Json;

namespace CourseKit.Notebooks;

/// <summary>Bars over labels, side by side when there are several sets. Made by <see cref="Chart.Bar{T}"/>.</summary>
public sealed class BarChart : Chart
{
    private const double LabelTurn = -40;
    private readonly string[] _labels;
    private readonly List<(string Name, double[] Values)> _sets = [];
    private readonly List<Baseline> _baselines = [];
    private string _xLabel = "";
    private string _yLabel = "";

    internal BarChart(string[] labels) => _labels = labels;

    /// <summary>Adds a set of bars beside those before.</summary>
    /// <param name="values">Heights, one for every label. A value that is not finite has no bar.</param>
    /// <param name="name">The set's name in the legend; null for none.</param>
    /// <returns>This chart.</returns>
    /// <exception cref="ArgumentException">values has not one number for every label.</exception>
    public BarChart AddBars<T>(IEnumerable<T> values, string? name = null)
        where T : INumber<T>
    {
        var copy = ToDoubles(values);
        if (copy.Length != _labels.Length)
            throw new ArgumentException(
                $"Chart.Bar{(name is null ? "" : $"(name: \"{name}\")")}: values must have one number for every label, " +
                $"but got {Num.Whole(_labels.Length)} labels and {Num.Whole(copy.Length)} values. Use double.NaN where there is no bar.",
                nameof(values));
        _sets.Add((name ?? "", copy));
        return this;
    }

    /// <summary>Adds a dashed horizontal line with its label and value, such as what a simple model reaches.</summary>
    /// <param name="value">Its height; a finite number.</param>
    /// <param name="label">Its label; empty for the value alone.</param>
    /// <returns>This chart.</returns>
    /// <exception cref="ArgumentException">value is not finite.</exception>
    public BarChart Baseline(double value, string label = "")
    {
        _baselines.Add(Notebooks.Baseline.Of(value, label));
        return this;
    }

    /// <inheritdoc/>
    public override BarChart Title(string text)
    {
        base.Title(text);
        return this;
    }

    /// <summary>Labels the horizontal axis.</summary>
    /// <param name="label">What the bars' labels are.</param>
    /// <returns>This chart.</returns>
    public BarChart XAxis(string label)
    {
        ArgumentNullException.ThrowIfNull(label);
        _xLabel = label;
        return this;
    }

    /// <summary>Labels the vertical axis.</summary>
    /// <param name="label">What the heights are, with their unit.</param>
    /// <returns>This chart.</returns>
    public BarChart YAxis(string label)
    {
        ArgumentNullException.ThrowIfNull(label);
        _yLabel = label;
        return this;
    }

    internal override string ToFigure()
    {
        var finite = _sets.SelectMany(set => set.Values).Where(double.IsFinite).ToArray();
        var levels = finite.Concat(_baselines.Select(baseline => baseline.Value)).Append(0).ToArray();
        var room = levels.Max() <= 0 && levels.Min() == 0 ? 1 : levels.Max();
        var y = Axis.Fit(levels.Min(), room, log: false, round: true, target: 5);
        var left = Math.Max(30, y.LabelWidth + 12);
        const double right = Layout.Width - 8;
        var band = (right - left) / Math.Max(1, _labels.Length);
        var (labels, labelHeight) = Labels(band);
        if (labelHeight > Layout.LineHeight)
        {
            // A turned label reaches to the left of its bar; the first one must not leave the picture.
            left = Math.Max(left, labels[0].Length * Layout.CharWidth * 0.7 - band / 2);
            band = (right - left) / labels.Length;
        }

        var height = Layout.Height - 25 + labelHeight;
        var bottom = height - labelHeight - 10 - (_xLabel.Length > 0 ? Layout.LineHeight : 0);
        y.Between(bottom, PlotFrame.Top(_yLabel) + 8);

        var svg = new StringBuilder();
        PlotFrame.DrawY(svg, y, _yLabel, left, right);
        var occupied = new List<(double X, double Y)>();
        for (var k = 0; k < _sets.Count; k++)
            DrawSet(svg, k, y, left, band, occupied);
        svg.Append(Markup.Line(left, y.Place(0), right, y.Place(0), "ck-axis")).Append('\n');
        for (var k = 0; k < labels.Length; k++)
            if (labels[k].Length > 0)
                svg.Append(LabelAt(left + (k + 0.5) * band, bottom, labels[k], labelHeight > Layout.LineHeight)).Append('\n');
        PlotFrame.DrawXLabel(svg, _xLabel, left, right, height - 4);
        Notebooks.Baseline.Draw(svg, _baselines, y, left, right, occupied);
        if (finite.Length == 0)
            svg.Append(Markup.Text((left + right) / 2, 0.7 * y.To + 0.3 * y.From, "no data", "middle")).Append('\n');

        var missing = _sets.Sum(set => set.Values.Length) - finite.Length;
        string[] notes = missing > 0 ? [$"{Num.Whole(missing)} of {Num.Whole(missing + finite.Length)} values not finite, shown without a bar."] : [];
        var legend = _sets.Select((set, k) => new LegendEntry(set.Name, k)).Where(entry => entry.Name.Length > 0);
        var body = Figure.Svg(height, "Bar chart", TitleText, ToString(), svg.ToString());
        return Figure.Of(TitleText, legend, body, notes, json => WriteHover(json, left, band));
    }

    /// <inheritdoc/>
    public override string ToPlotlyJson() => Figure.Json(json =>
    {
        json.WriteStartArray("data");
        for (var k = 0; k < _sets.Count; k++)
        {
            json.WriteStartObject();
            json.WriteString("type", "bar");
            if (_sets[k].Name.Length > 0)
                json.WriteString("name", _sets[k].Name);
            json.WriteBoolean("showlegend", _sets[k].Name.Length > 0);
            json.WriteTexts("x", _labels);
            json.WriteNumbers("y", _sets[k].Values);
            json.WriteStartObject("marker");
            json.WriteString("color", Palette.Series(k));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("layout");
        json.WriteTitle(TitleText);
        json.WriteString("barmode", "group");
        json.WriteStartObject("xaxis");
        json.WriteTitle(_xLabel);
        // Otherwise Plotly takes labels such as "1" and "2" for numbers.
        json.WriteString("type", "category");
        json.WriteEndObject();
        XYPlotly.WriteAxis(json, "yaxis", _yLabel, log: false);
        XYPlotly.WriteBaselines(json, _baselines, log: false);
        json.WriteEndObject();
    });

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder("Bar chart");
        if (TitleText.Length > 0)
            text.Append($" \"{TitleText}\"");
        text.Append(": ");
        text.AppendJoin("; ", _sets.Select(set =>
        {
            var bars = _labels.Zip(set.Values, (label, value) => $"{label} {Num.Short(value)}").ToArray();
            var list = string.Join(", ", bars.Take(12)) + (bars.Length > 12 ? $", ... ({Num.Whole(bars.Length)} bars)" : "");
            return (set.Name.Length > 0 ? set.Name + ": " : "") + (bars.Length == 0 ? "no data" : list);
        }));
        foreach (var baseline in _baselines)
            text.Append($"; baseline {baseline.Text}");
        return text.Append('.').ToString();
    }

    // The texts under the bars, empty where there is no room, and the height that they take: level or turned.
    private (string[] Texts, double Height) Labels(double band)
    {
        var texts = _labels.Select(label => Markup.Shorten(Markup.Visible(label), 14)).ToArray();
        var longest = texts.Length == 0 ? 0 : texts.Max(text => text.Length);
        var turned = longest * Layout.CharWidth + 4 > band && longest > 3;
        var stride = (int)Math.Ceiling((turned ? Layout.LineHeight : longest * Layout.CharWidth + 4) / band);
        for (var k = 0; k < texts.Length; k++)
            if (k % Math.Max(1, stride) != 0)
                texts[k] = "";
        return (texts, turned ? 14 + longest * Layout.CharWidth * 0.58 : Layout.LineHeight);
    }

    private static string LabelAt(double x, double bottom, string text, bool turned) => turned
        ? Markup.Text(x + 4, bottom + 16, text, "end", $" class=\"ck-tick\" transform=\"rotate({Num.Px(LabelTurn)} {Num.Px(x + 4)} {Num.Px(bottom + 16)})\"")
        : Markup.Text(x, bottom + 22, text, "middle", " class=\"ck-tick\"");

    private void DrawSet(StringBuilder svg, int set, Axis y, double left, double band, List<(double X, double Y)> occupied)
    {
        var values = _sets[set].Values;
        var width = band * 0.8 / _sets.Count;
        var withNumbers = width >= 5.2 * Layout.CharWidth;
        svg.Append($"<g style=\"fill:{Figure.Color(set)}\">");
        var numbers = new StringBuilder();
        for (var k = 0; k < values.Length; k++)
        {
            if (!double.IsFinite(values[k]))
                continue;
            var x = left + band * (k + 0.1) + width * set;
            var (top, low) = (Math.Min(y.Place(values[k]), y.Place(0)), Math.Max(y.Place(values[k]), y.Place(0)));
            // A gap between bars of one group, where they are wide enough to lose it.
            svg.Append($"<rect x=\"{Num.Px(x)}\" y=\"{Num.Px(top)}\" width=\"{Num.Px(width > 6 ? width - 1 : width)}\" height=\"{Num.Px(low - top)}\"/>");
            for (var down = top; down <= low; down += 6)
                for (var across = x; across <= x + width; across += 6)
                    occupied.Add((across, down));
            if (!withNumbers)
                continue;
            var at = values[k] < 0 ? low + 15 : top - 5;
            numbers.Append(Markup.Text(x + width / 2, at, Num.Digits(values[k], 3), "middle"));
            for (var across = 0.0; across <= width; across += 6)
                occupied.Add((x + across, at - 5));
        }

        svg.Append("</g>\n").Append(numbers).Append('\n');
    }

    private void WriteHover(Utf8JsonWriter json, double left, double band)
    {
        json.WriteString("kind", "bars");
        json.WriteNumber("left", left);
        json.WriteNumber("band", band);
        json.WriteTexts("labels", _labels.Select(Markup.Visible));
        json.WriteStartArray("series");
        foreach (var (name, values) in _sets)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteNumbers("y", values, 6);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
