using System.IO.Compression;
using System.Text.RegularExpressions;
using Plotly.NET;
using Chart = CourseKit.Notebooks.Chart;

namespace CourseKit.Interactive.Tests;

public partial class PlotlyDisplayTests
{
    // What Jupyter's server lets through in its window of 3 seconds, beyond which it drops a message.
    private const int JupyterLimit = 3_000_000;

    [Fact]
    public void Script_Unpacked_IsPlotlyNetsOwn()
    {
        var script = PlotlyDisplay.Script();
        Assert.InRange(script.Length, 1_000_000, JupyterLimit * 2 / 3);
        Assert.Single(ScriptEnd().Matches(script));

        using var zip = new GZipStream(new MemoryStream(Convert.FromBase64String(Packed().Match(script).Groups[1].Value)), CompressionMode.Decompress);
        using var text = new StreamReader(zip);
        Assert.Contains($"plotly.js v{Globals.PLOTLYJS_VERSION}", text.ReadToEnd()[..200], StringComparison.Ordinal);
    }

    [Fact]
    public void Html_OfAChart_HoldsItsDataAndNoAddress()
    {
        var html = PlotlyDisplay.Html(Chart.Line([1.5, 2]).Title("</script><b>'\"&amp;").ToPlotly());
        Assert.InRange(html.Length, 500, 3000);
        Assert.DoesNotContain("http", html, StringComparison.Ordinal);
        Assert.DoesNotContain("src=", html, StringComparison.Ordinal);
        Assert.DoesNotContain("require", html, StringComparison.Ordinal);
        Assert.Single(ScriptEnd().Matches(html));
        Assert.Contains("1.5", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_NamesTracesAndTitle()
    {
        Assert.Equal("Plotly chart \"T\": scatter, scatter", PlotlyDisplay.Text(Chart.Line([1]).AddScatter([1], [1]).Title("T").ToPlotly()));
        Assert.Equal("Plotly chart: bar", PlotlyDisplay.Text(Chart.Bar(["a"], [1]).ToPlotly()));
        Assert.Equal("Plotly chart: bar", PlotlyDisplay.Text(GenericChart.ofTraceObject(false, new Trace2D("bar"))));
    }

    [GeneratedRegex("</script")]
    private static partial Regex ScriptEnd();

    [GeneratedRegex("atob\\('([^']+)'\\)")]
    private static partial Regex Packed();
}
