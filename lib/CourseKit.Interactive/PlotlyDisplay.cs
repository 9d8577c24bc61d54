using System.IO.Compression;
using System.Net;
using System.Text.Json;
using Giraffe.ViewEngine;
using Plotly.NET;

namespace CourseKit.Interactive;

/// <summary>
/// Plotly.NET's charts as HTML that needs nothing from outside: Plotly's script stands once in the notebook, in the output of the cell that loaded the extension, and every chart
/// carries its data. Whichever of them a page shows first waits for the other.
/// </summary>
// Not in the first chart's output: whoever changed that cell and ran it again would save a notebook without the script. The cell that loads the extension is run in every session.
internal static class PlotlyDisplay
{
    // Stands in the chart's place until it is drawn.
    private const string Waiting = "It is drawn when the page holds the output of the cell that loads CourseKit.Interactive: run that cell.";
    private static readonly Lazy<string> ScriptHtml = new(() => $"<script>\n{Resource("PlotlyScript.js").Replace("[PLOTLY]", Convert.ToBase64String(Plotly()), StringComparison.Ordinal)}</script>\n");
    private static readonly string Draw = Resource("PlotlyChart.js");

    /// <summary>Plotly's script, compressed to less than Jupyter's server lets through in a few seconds (3 MB), with what unpacks it.</summary>
    public static string Script() => ScriptHtml.Value;

    /// <summary>A chart, and what draws it as soon as the script is there.</summary>
    public static string Html(GenericChart chart)
    {
        var description = RenderView.AsString.htmlNodes(DisplayOptions.getChartDescription(GenericChart.getDisplayOptions(chart)));
        return $"<div class=\"ck-plotly\" data-chart=\"{WebUtility.HtmlEncode(GenericChart.toJson(chart))}\">{WebUtility.HtmlEncode(Text(chart))}. {Waiting}</div>\n{description}<script>\n{Draw}</script>\n";
    }

    /// <summary>What the chart shows, in a few words.</summary>
    public static string Text(GenericChart chart)
    {
        using var json = JsonDocument.Parse(GenericChart.toJson(chart));
        var types = GenericChart.getTraces(chart).Select(trace => (string)trace.GetPropertyValue("type"));
        var title = json.RootElement.GetProperty("layout").TryGetProperty("title", out var given) && given.TryGetProperty("text", out var text) ? text.GetString() : "";
        return $"Plotly chart{(string.IsNullOrEmpty(title) ? "" : $" \"{title}\"")}: {string.Join(", ", types)}";
    }

    private static byte[] Plotly()
    {
        var name = $"Plotly.NET.plotly-{Globals.PLOTLYJS_VERSION}.min.js";
        using var script = typeof(GenericChart).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"CourseKit.Interactive: Plotly.NET must hold the script {name}, but does not. Use the version of Plotly.NET that the kit was built with.");
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
            script.CopyTo(zip);
        return packed.ToArray();
    }

    private static string Resource(string name)
    {
        using var stream = typeof(PlotlyDisplay).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
