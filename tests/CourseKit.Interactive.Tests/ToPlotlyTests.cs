using System.Text.Json;
using Plotly.NET;
using Plotly.NET.LayoutObjects;
using Chart = CourseKit.Notebooks.Chart;

namespace CourseKit.Interactive.Tests;

/// <summary>A chart of Plotly.NET serialises to the JSON that the kit's chart gives itself, numbers included.</summary>
public class ToPlotlyTests
{
    private static readonly double[] Odd = [double.MaxValue, -double.MaxValue, double.Epsilon, -0.0, 0.1 + 0.2, 1e-300, 123456789.123456789, 1 / 3.0];

    private static readonly Dictionary<string, Func<Chart>> Charts = new()
    {
        ["one line"] = () => Chart.Line([1, 2, 4, 8], "loss"),
        ["lines, labels, baselines"] = () => Chart.Line([0.5, 1.5, 2.5], [3f, 2f, 1f], "LSTM").AddLine([1, 2, 3], "GRU")
            .Baseline(2.5, "a guess").Baseline(-1).Title("Loss <&> \"quoted\"").XAxis("step").YAxis("nats per character"),
        ["gaps"] = () => Chart.Line([1, double.NaN, 3, double.PositiveInfinity, double.NegativeInfinity, 6]),
        ["nothing but gaps"] = () => Chart.Line([double.NaN]),
        ["no points"] = () => Chart.Line(Array.Empty<double>()),
        ["numbers that are hard to write"] = () => Chart.Line(Odd, Odd),
        ["logarithmic axes"] = () => Chart.Line([1, 10, 100], [0.001, -1, 1000]).XAxis("rate", log: true).YAxis("norm", log: true).Baseline(100, "clip").Baseline(-5, "nowhere"),
        ["dots"] = () => Chart.Scatter([1.5, 2.5], [2, 1], "dots").AddLine([0, 3], [0, 3]),
        ["bars"] = () => Chart.Bar(["1", "two", "<3>"], [1.5, -2, double.NaN]),
        ["bars side by side"] = () => Chart.Bar(["a", "b"], [1, 2], "first").AddBars([3.5, double.PositiveInfinity], "second").Baseline(2, "level").Title("T").XAxis("x").YAxis("y"),
        ["heatmap"] = () => Chart.Heatmap(new[,] { { 1.0, 2 }, { double.NaN, 4 } }).Title("T"),
        ["heatmap with both signs"] = () => Chart.Heatmap(new[,] { { -1.0, 2 }, { 0.25, 4 } }, ["a", "b"], ["c", "c"]).XAxis("to").YAxis("from"),
        ["heatmap, logarithmic"] = () => Chart.Heatmap(new[,] { { 1e-6, 1 }, { 0, 1e3 } }).LogColors(),
        ["heatmap without cells"] = () => Chart.Heatmap(new double[0, 0]),
        ["coloured text"] = () => Chart.ColoredText("a b\n</script>😀\t", Enumerable.Range(0, 16).Select(k => k == 3 ? double.NaN : k / 8.0 - 1)),
    };

    public static TheoryData<string> Names => [.. Charts.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void ToPlotly_AnyChart_SerialisesToTheKitsOwnJson(string name)
    {
        var chart = Charts[name]();
        using var own = JsonDocument.Parse(chart.ToPlotlyJson());
        using var plotly = JsonDocument.Parse(GenericChart.toJson(chart.ToPlotly()));

        foreach (var part in new[] { "data", "layout" })
        {
            var (expected, actual) = (own.RootElement.GetProperty(part), plotly.RootElement.GetProperty(part));
            Assert.True(JsonElement.DeepEquals(expected, actual), $"{part} should be\n{expected}\nbut is\n{actual}");
        }
        Assert.Equal(["data", "layout"], own.RootElement.EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public void Charts_AreAllKindsThatThereAre()
    {
        var kinds = typeof(Chart).Assembly.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(Chart)) && !type.IsAbstract);
        Assert.Equal(kinds.Select(kind => kind.Name).Order(), Charts.Values.Select(make => make().GetType().Name).Distinct().Order());
    }

    [Fact]
    public void ToPlotly_Members_HaveTheTypesThatPlotlysFunctionsLookFor()
    {
        var chart = Charts["lines, labels, baselines"]().ToPlotly();
        var layout = GenericChart.getLayout(chart);
        Assert.IsType<Title>(layout.GetPropertyValue("title"));
        Assert.IsType<Title>(Assert.IsType<LinearAxis>(layout.GetPropertyValue("xaxis")).GetPropertyValue("title"));
        Assert.Equal(2, Assert.IsType<Shape[]>(layout.GetPropertyValue("shapes")).Length);
        Assert.Equal(2, Assert.IsType<Annotation[]>(layout.GetPropertyValue("annotations")).Length);
        Assert.All(GenericChart.getTraces(chart), trace => Assert.IsType<Line>(Assert.IsType<Trace2D>(trace).GetPropertyValue("line")));
    }

    [Fact]
    public void ToPlotly_TwoCharts_Combine()
    {
        var both = GenericChart.combine([Chart.Line([1, 2], "a").Baseline(1).ToPlotly(), Chart.Line([2, 1], "b").Baseline(2).ToPlotly()]);
        Assert.Equal(2, GenericChart.countTrace(both));
        Assert.Equal(2, ((IEnumerable<Shape>)GenericChart.getLayout(both).GetPropertyValue("shapes")).Count());
    }

    [Fact]
    public void ToPlotly_Configuration_IsACopyOfTheDefault()
    {
        var config = GenericChart.getConfig(Chart.Line([1]).ToPlotly());
        Assert.NotSame(Defaults.DefaultConfig, config);
        Assert.Equal(true, config.GetPropertyValue("responsive"));
    }

    [Fact]
    public void ToPlotly_Null_Throws() => Assert.Equal("chart", Assert.Throws<ArgumentNullException>(() => PlotlyCharts.ToPlotly(null!)).ParamName);
}
