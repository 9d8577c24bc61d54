using System.Text.Json;

namespace CourseKit.Notebooks;

/// <summary>Lines and dots as Plotly's JSON.</summary>
internal static class XYPlotly
{
    public static string Json(XYChart chart) => Figure.Json(json =>
    {
        json.WriteStartArray("data");
        foreach (var series in chart.Series)
        {
            json.WriteStartObject();
            json.WriteString("type", "scatter");
            json.WriteString("mode", series.IsLine ? "lines" : "markers");
            if (series.Name.Length > 0)
                json.WriteString("name", series.Name);
            json.WriteBoolean("showlegend", series.Name.Length > 0);
            json.WriteNumbers("x", series.Xs);
            json.WriteNumbers("y", series.Ys);
            json.WriteStartObject(series.IsLine ? "line" : "marker");
            json.WriteString("color", Palette.Series(series.Color));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("layout");
        json.WriteTitle(chart.Heading);
        WriteAxis(json, "xaxis", chart.XLabel, chart.XLog);
        WriteAxis(json, "yaxis", chart.YLabel, chart.YLog);
        WriteBaselines(json, chart.Baselines, chart.YLog);
        json.WriteEndObject();
    });

    public static void WriteAxis(Utf8JsonWriter json, string name, string label, bool log)
    {
        json.WriteStartObject(name);
        json.WriteTitle(label);
        if (log)
            json.WriteString("type", "log");
        json.WriteEndObject();
    }

    public static void WriteBaselines(Utf8JsonWriter json, IReadOnlyList<Baseline> baselines, bool log)
    {
        var shown = baselines.Where(baseline => Axis.Shows(baseline.Value, log)).ToArray();
        json.WriteStartArray("shapes");
        foreach (var baseline in shown)
        {
            json.WriteStartObject();
            json.WriteString("type", "line");
            json.WriteString("xref", "paper");
            json.WriteNumber("x0", 0);
            json.WriteNumber("x1", 1);
            json.WriteNumber("y0", baseline.Value);
            json.WriteNumber("y1", baseline.Value);
            json.WriteStartObject("line");
            json.WriteString("dash", "dash");
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("annotations");
        foreach (var baseline in shown)
        {
            json.WriteStartObject();
            json.WriteString("text", baseline.Text);
            json.WriteString("xref", "paper");
            json.WriteNumber("x", 1);
            json.WriteString("xanchor", "right");
            // Plotly places a shape by its value, but an annotation on a logarithmic axis by the exponent.
            json.WriteNumber("y", log ? Math.Log10(baseline.Value) : baseline.Value);
            json.WriteString("yanchor", "bottom");
            json.WriteBoolean("showarrow", false);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
