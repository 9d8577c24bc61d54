using System.Text.Json;

namespace CourseKit.Notebooks.Tests;

public class LineTests
{
    [Fact]
    public void ToHtml_Line_PathGoesThroughThePoints()
    {
        var fragment = new Fragment(Chart.Line(new[] { 0, 5, 10 }, new[] { 0.0, 10, 5 }));
        var x = fragment.Hover.GetProperty("x");
        var y = fragment.Hover.GetProperty("y");
        var (left, right) = (x.GetProperty("from").GetDouble(), x.GetProperty("to").GetDouble());
        var (bottom, top) = (y.GetProperty("from").GetDouble(), y.GetProperty("to").GetDouble());
        var piece = Assert.Single(fragment.Pieces("ck-line"));
        Assert.Equal([left, (left + right) / 2, right], piece.Select(p => p.X), Near);
        Assert.Equal([bottom, top, (bottom + top) / 2], piece.Select(p => p.Y), Near);
        Assert.Equal((0.0, 10.0), (y.GetProperty("min").GetDouble(), y.GetProperty("max").GetDouble()));

        static bool Near(double a, double b) => Math.Abs(a - b) <= 0.06;
    }

    [Fact]
    public void ToHtml_NotFinite_LeavesGapAndSaysSo()
    {
        var fragment = new Fragment(Chart.Line(new[] { 1, 2, double.NaN, 4, double.PositiveInfinity, 6, 7 }, "loss"));
        Assert.Equal([2, 1, 2], fragment.Pieces("ck-line").Select(piece => piece.Count));
        Assert.Equal("loss: 2 of 7 points not finite, shown as gaps.", Assert.Single(fragment.Notes));
    }

    [Fact]
    public void ToHtml_LogAxis_NotPositiveLeavesGapAndSaysSo()
    {
        var chart = Chart.Line(new[] { 1, 10, 0, -5, 100.0 }, "norm").YAxis("norm", log: true).Baseline(-1, "below");
        var fragment = new Fragment(chart);
        Assert.Equal([2, 1], fragment.Pieces("ck-line").Select(piece => piece.Count));
        Assert.Equal(
            ["norm: 2 of 5 points not finite, or not positive on a logarithmic axis, shown as gaps.",
            "The baseline below -1 is not positive and has no place on a logarithmic axis."], fragment.Notes);
    }

    [Fact]
    public void ToHtml_NoData_SaysSo()
    {
        foreach (var chart in new[] { Chart.Line(Array.Empty<double>(), "empty"), Chart.Line(new[] { double.NaN }, "empty"), new XYChart() })
            Assert.Contains("no data", new Fragment(chart.XAxis("x", log: true).Baseline(2, "base")).Texts);
        Assert.Equal("Line chart: empty, no data.", Chart.Line(Array.Empty<double>(), "empty").ToString());
    }

    [Fact]
    public void ToHtml_OnePoint_DrawsADotInTheMiddle()
    {
        var fragment = new Fragment(Chart.Line(new[] { 5.0 }));
        var dot = Assert.Single(Assert.Single(fragment.Pieces("ck-dots")));
        var x = fragment.Hover.GetProperty("x");
        Assert.Equal((x.GetProperty("from").GetDouble() + x.GetProperty("to").GetDouble()) / 2, dot.X, 0.06);
    }

    [Fact]
    public void ToHtml_HundredThousandPoints_KeepsExtremesAndStaysSmall()
    {
        var ys = Enumerable.Range(0, 100_000).Select(k => Math.Sin(k * 0.01)).ToArray();
        ys[31_415] = 9;
        ys[62_831] = -9;
        var chart = Chart.Line(ys, "wave");
        var fragment = new Fragment(chart);
        var shown = fragment.Hover.GetProperty("series")[0].GetProperty("y").EnumerateArray().Select(y => y.GetDouble()).ToArray();
        Assert.Equal(9, shown.Max());
        Assert.Equal(-9, shown.Min());
        Assert.InRange(shown.Length, 600, 4 * 601);
        Assert.Equal("wave: 100000 points; of each pixel column the first, lowest, highest and last are drawn.", Assert.Single(fragment.Notes));
        Assert.InRange(chart.ToHtml().Length, 1, 120_000);
        Assert.Equal(100_000, JsonDocument.Parse(chart.ToPlotlyJson()).RootElement.GetProperty("data")[0].GetProperty("y").GetArrayLength());
    }

    [Fact]
    public void Decimation_Line_KeepsFirstLowestHighestLastOfEachColumn()
    {
        // 3000 points in three columns; gaps stay.
        var points = Enumerable.Range(0, 3000).Select(k => (X: k / 1000.0, Y: k % 1000 == 400 ? -1.0 : k % 1000 == 700 ? 2.0 : 0.5)).ToList();
        points[1500] = (double.NaN, double.NaN);
        Assert.Equal([0, 400, 700, 999, 1000, 1400, 1499, 1500, 1501, 1700, 1999, 2000, 2400, 2700, 2999], Decimation.Line(points));
    }

    [Fact]
    public void ToHtml_ManyDots_DrawsOneOfThoseThatCoverEachOther()
    {
        var dots = Enumerable.Range(0, 50_000).Select(k => (double)(k % 10)).ToArray();
        var fragment = new Fragment(Chart.Scatter(dots, dots, "cloud"));
        Assert.Equal(10, Assert.Single(fragment.WithClass("ck-dots")).Attribute("d")!.Value.Count(c => c == 'M'));
        Assert.Equal("cloud: 50000 points; of dots that cover each other one is drawn.", Assert.Single(fragment.Notes));
    }

    [Fact]
    public void ToHtml_Baselines_AreDrawnAtTheirHeightWithTheirLabel()
    {
        var fragment = new Fragment(Chart.Line(new[] { 0.0, 10 }).Baseline(5, "half").Baseline(20));
        var y = fragment.Hover.GetProperty("y");
        Assert.Equal(20, y.GetProperty("max").GetDouble());
        var (bottom, top) = (y.GetProperty("from").GetDouble(), y.GetProperty("to").GetDouble());
        Assert.Equal(Num.Px(bottom + (top - bottom) / 4), fragment.WithClass("ck-base").First().Attribute("y1")!.Value);
        Assert.Contains("half 5", fragment.Texts);
        Assert.Contains("20", fragment.Texts);
    }

    [Fact]
    public void Line_LengthsDiffer_SaysBothAndTheMend()
    {
        var error = Assert.Throws<ArgumentException>(() => Chart.Line(new int[200], new float[199], "LSTM"));
        Assert.StartsWith(
            "Chart.Line(name: \"LSTM\"): ys must have one value for every x, but got 200 xs and 199 ys. " +
            "Shorten the longer one, or leave xs out to count 0, 1, 2, ...", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ArgumentException>(() => Chart.Scatter(new int[1], Array.Empty<int>()));
        Assert.StartsWith("Chart.Scatter: ys must have one value for every x, but got 1 xs and 0 ys.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Baseline_NotFinite_SaysWhich()
    {
        var error = Assert.Throws<ArgumentException>(() => Chart.Line(new[] { 1.0 }).Baseline(double.NaN, "unigram"));
        Assert.StartsWith("Chart.Baseline(\"unigram\"): value must be a finite number, but got NaN. Leave the baseline out", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Line_DataChangedLater_KeepsThePicture()
    {
        var ys = new[] { 1.0, 2 };
        var chart = Chart.Line(ys);
        var before = chart.ToHtml();
        ys[0] = 100;
        Assert.Equal(before, chart.ToHtml());
    }

    [Fact]
    public void ToString_NamesSeriesRangesAndBaselines() =>
        Assert.Equal(
            "Line chart \"Loss\": LSTM, 2 points, step 10 to 20, nats 1.5 to 3; GRU, 1 point, step 10, nats 2; baseline unigram 3.17.",
            Chart.Line(new[] { 10, 20 }, new[] { 3, 1.5 }, "LSTM").AddLine(new[] { 10 }, new[] { 2 }, "GRU")
                .Title("Loss").XAxis("step").YAxis("nats").Baseline(3.17, "unigram").ToString());

    [Fact]
    public void ToPlotlyJson_HoldsTracesAxesAndBaselines()
    {
        var chart = Chart.Line(new[] { 1, 2 }, new[] { 3, double.NaN }, "a<b").AddScatter(new[] { 1 }, new[] { 10 })
            .Title("T").XAxis("step").YAxis("nats", log: true).Baseline(100, "base");
        var root = JsonDocument.Parse(chart.ToPlotlyJson()).RootElement;
        var line = root.GetProperty("data")[0];
        Assert.Equal(("scatter", "lines", "a<b"), (line.GetProperty("type").GetString(), line.GetProperty("mode").GetString(), line.GetProperty("name").GetString()));
        Assert.Equal([1, 2], line.GetProperty("x").EnumerateArray().Select(e => e.GetDouble()));
        Assert.Equal(JsonValueKind.Null, line.GetProperty("y")[1].ValueKind);
        Assert.Equal("markers", root.GetProperty("data")[1].GetProperty("mode").GetString());
        var layout = root.GetProperty("layout");
        Assert.Equal("T", layout.GetProperty("title").GetProperty("text").GetString());
        Assert.Equal("step", layout.GetProperty("xaxis").GetProperty("title").GetProperty("text").GetString());
        Assert.Equal("log", layout.GetProperty("yaxis").GetProperty("type").GetString());
        Assert.Equal(100, layout.GetProperty("shapes")[0].GetProperty("y0").GetDouble());
        Assert.Equal(2, layout.GetProperty("annotations")[0].GetProperty("y").GetDouble());
    }
}
