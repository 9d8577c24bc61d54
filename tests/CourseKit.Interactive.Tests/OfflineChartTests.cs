using CourseKit.Host.Tests.Browser;
using CourseKit.Host.Tests.Notebooks;
using Plotly.NET;
using Chart = CourseKit.Notebooks.Chart;

namespace CourseKit.Interactive.Tests;

/// <summary>What the extension shows, in a real browser that reaches nothing: a page of the outputs of a notebook's cells, each as its front end puts it there.</summary>
public sealed class OfflineChartTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("coursekit-plotly-").FullName;

    private static string Script => PlotlyDisplay.Script();

    private static string Line => PlotlyDisplay.Html(Chart.Line([1.0, 2, double.NaN, 4, 3], "training").AddLine([2.0, 2.5, 2.6, 2.4, 2], "validation").Baseline(2.2, "a guess").Title("Loss").XAxis("step").YAxis("nats").ToPlotly());

    private static string Bars => PlotlyDisplay.Html(Chart.Bar(["RNN", "LSTM", "GRU"], [1.5, 1.2, double.NaN], "loss").Title("Models").ToPlotly());

    private static string Heatmap => PlotlyDisplay.Html(Chart.Heatmap(new[,] { { -1.0, 0.5 }, { double.NaN, 2 } }, ["a", "b"], ["c", "d"]).Title("Weights").ToPlotly());

    private static string PlotlyNets => PlotlyDisplay.Html(GenericChart.ofTraceObject(true, Points()));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [BrowserFact]
    public void Charts_AfterTheScript_AreDrawn() => Draws("plotly", 4, Script, Line, Bars, Heatmap, PlotlyNets);

    [BrowserFact]
    public void Charts_BeforeTheScript_WaitForIt() => Draws("plotly-before", 2, Line, Bars, Script);

    [BrowserFact]
    public void Script_Twice_AsAfterLoadingAgain_DrawsOnce() => Draws("plotly-twice", 2, Script, Line, Script, Bars);

    // Jupyter Notebook 6 has require.js on its page, for which Plotly's script would otherwise define itself.
    [BrowserFact]
    public void PageWithAModuleLoader_IsLeftAlone() => Draws(
        "plotly-amd", 1, "<script>window.define = () => { throw new Error('defined as a module'); }; window.define.amd = {}; window.module = { exports: null }; window.Plotly = {};</script>", Script, Line);

    private static Trace2D Points()
    {
        var trace = new Trace2D("scatter");
        trace.SetProperty("y", new[] { 3, 1, 2 });
        return trace;
    }

    private void Draws(string name, int count, params string[] outputs)
    {
        var page = Path.Combine(_folder, "page.html");
        File.WriteAllText(page, $"<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>outputs</title></head>\n<body>\n{string.Join('\n', outputs.Select(output => $"<div class=\"output\">{output}</div>"))}\n</body>\n</html>\n");
        var (code, error) = ChromiumProcess.Run(Path.Combine(CourseFiles.Root, "tests", "CourseKit.Interactive.Tests", "plotly.js"), new Uri(page).AbsoluteUri, count.ToString(System.Globalization.CultureInfo.InvariantCulture), name);
        Assert.True(code == 0, error);
    }
}
