using System.Text;
using System.Text.Json;
using CourseKit.Layers;
using CourseKit.Training;

namespace CourseKit.Notebooks;

/// <summary>A histogram of every parameter of a model, side by side.</summary>
internal sealed class WeightsDrawing : Drawing
{
    private const int Intervals = 25;
    private const int MostPanels = 36;
    private const double Width = 200;
    private const double Height = 84;
    private const double Base = 66;

    // σ(4) = 0.98, tanh(4) = 0.999: a weight that large shuts or opens a gate by itself.
    private const double Saturates = 4;
    private readonly List<Panel> _panels;
    private readonly Model _model;
    private readonly int _count;

    public WeightsDrawing(Model model)
    {
        (_model, _count) = (model, model.Parameters.Count);
        var gated = model.Layers.OfType<RecurrentLayer>().SelectMany(layer => layer.Parameters).Select(parameter => parameter.Tensor).ToHashSet();
        _panels = [.. model.Parameters.Take(MostPanels).Select(parameter => new Panel(
            parameter.Name, parameter.Tensor.Shape.ToString(), Histogram.Of(parameter.Tensor.ToArray(), Intervals), parameter.Tensor.Shape.Rank > 1, gated.Contains(parameter.Tensor), parameter.Tensor.RequiresGradient))];
    }

    /// <summary>By parameter, its name and histogram.</summary>
    public IEnumerable<(string Name, Histogram Histogram)> Histograms => _panels.Select(panel => (panel.Name, panel.Histogram));

    internal override string ToFigure()
    {
        var body = new StringBuilder("<div class=\"ck-panels\">\n");
        foreach (var panel in _panels)
        {
            body.Append($"<div><strong>{Markup.Escape(panel.Name).Replace(".", ".<wbr/>", StringComparison.Ordinal)}</strong><small>{Markup.Escape($"{panel.Shape}{(panel.IsLearned ? "" : ", frozen")}")}<br/>{Markup.Escape(Beside(panel.Histogram))}</small>\n");
            body.Append(Figure.Svg(Height, "Histogram", panel.Name, Describe(panel), Draw(panel), Width)).Append("</div>\n");
        }

        body.Append("</div>\n");
        return Figure.Of("Every parameter's numbers", [], body.ToString(), Notes(), json =>
        {
            json.WriteStartArray("panels");
            foreach (var panel in _panels)
                WriteHover(json, panel.Histogram);
            json.WriteEndArray();
        });
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"Histograms of {Num.Whole(_panels.Count)}{(_count > _panels.Count ? $" of {Num.Whole(_count)}" : "")} parameter{(_count == 1 ? "" : "s")} of {_model}: {string.Join("; ", _panels.Select(Describe))}.";

    private static string Describe(Panel panel) => $"{panel.Name} {panel.Shape} {Statistics(panel.Histogram)}";

    private static string Statistics(Histogram histogram) => histogram switch
    {
        _ when double.IsNaN(histogram.Mean) => "no finite number",
        { Deviation: 0 } => $"all {Num.Digits(histogram.Mean, 3)}",
        _ => $"mean {Num.Digits(histogram.Mean, 2)}, deviation {Num.Digits(histogram.Deviation, 2)}",
    };

    private static string Beside(Histogram histogram) =>
        histogram.Deviation > 0 ? $"{Num.Digits(histogram.Mean, 2)} ± {Num.Digits(histogram.Deviation, 2)}" : Statistics(histogram);

    private static double X(double value, double reach) => Width * (value + reach) / (2 * reach);

    private static string Draw(Panel panel)
    {
        var (svg, histogram) = (new StringBuilder(), panel.Histogram);
        var most = Math.Max(1, histogram.Counts.Max());
        const double Step = Width / Intervals;
        svg.Append("<path class=\"ck-fill\" d=\"");
        for (var k = 0; k < Intervals; k++)
            if (histogram.Counts[k] > 0)
            {
                // At least a line, or a few numbers among thousands could not be seen.
                var height = Math.Max(0.8, histogram.Counts[k] * (Base - 4) / most);
                svg.Append($"M{Num.Px(k * Step + 0.4)},{Num.Px(Base)}v-{Num.Px(height)}h{Num.Px(Step - 0.8)}v{Num.Px(height)}z");
            }

        svg.Append("\"/>\n").Append(Markup.Line(0, Base, Width, Base, "ck-axis")).Append(Markup.Line(Width / 2, Base, Width / 2, Base + 4, "ck-axis")).Append('\n');
        if (panel.IsGated && histogram.Reach > Saturates)
            foreach (var mark in (double[])[-Saturates, Saturates])
                svg.Append(Markup.Line(X(mark, histogram.Reach), 0, X(mark, histogram.Reach), Base, "ck-base"));
        svg.Append(Markup.Text(0, Height - 3, Num.Digits(-histogram.Reach, 2), "start", " class=\"ck-tick ck-fixed\""));
        svg.Append(Markup.Text(Width / 2, Height - 3, "0", "middle", " class=\"ck-tick ck-fixed\""));
        svg.Append(Markup.Text(Width, Height - 3, Num.Digits(histogram.Reach, 2), "end", " class=\"ck-tick ck-fixed\""));
        return svg.Append('\n').ToString();
    }

    private static void WriteHover(Utf8JsonWriter json, Histogram histogram)
    {
        var (step, size) = (Width / Intervals, 2 * histogram.Reach / Intervals);
        json.WriteStartObject();
        json.WriteString("kind", "boxes");
        json.WriteStartArray("boxes");
        for (var k = 0; k < Intervals; k++)
        {
            json.WriteStartArray();
            foreach (var number in (double[])[k * step, 0, step, Height])
                json.WriteValue(number, 4);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteTexts("texts", histogram.Counts.Select((count, k) =>
            $"{Num.Digits(k * size - histogram.Reach, 2)} to {Num.Digits((k + 1) * size - histogram.Reach, 2)}\n{Num.Whole(count)} number{(count == 1 ? "" : "s")}"));
        json.WriteEndObject();
    }

    private List<string> Notes()
    {
        var notes = new List<string> { "Under each name stand its shape and mean ± standard deviation." };
        if (_count > _panels.Count)
            notes.Add($"The first {Num.Whole(_panels.Count)} of {Num.Whole(_count)} parameters are shown.");
        foreach (var panel in _panels.Where(panel => panel.Histogram.NotFinite > 0))
            notes.Add($"{panel.Name}: {Num.Whole(panel.Histogram.NotFinite)} of {Num.Whole(panel.Histogram.NotFinite + panel.Histogram.Counts.Sum())} numbers not finite, left out.");
        // Biases often start alike, and the weights beside them tell the neurons apart; a matrix that is all alike does not.
        foreach (var panel in _panels.Where(panel => panel.IsMatrix && panel.Histogram.Deviation == 0))
            notes.Add($"{panel.Name}: all numbers are the same, so its neurons have nothing to tell them apart.");
        if (_panels.Exists(panel => panel.IsGated && panel.Histogram.Reach > Saturates))
            notes.Add($"Beyond the dashed lines at -{Num.Whole((int)Saturates)} and {Num.Whole((int)Saturates)} a single input of 1 saturates tanh and sigmoid: little gradient passes there.");
        return notes;
    }

    private sealed record Panel(string Name, string Shape, Histogram Histogram, bool IsMatrix, bool IsGated, bool IsLearned);
}
