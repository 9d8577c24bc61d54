using System.Text.Json;
using CourseKit.Tensors;

namespace CourseKit.Notebooks.Tests;

public class OtherChartTests
{
    [Fact]
    public void Bar_Values_AreHeightsAboveAndBelowZero()
    {
        var fragment = new Fragment(Chart.Bar(["a", "b", "c", "d"], [2.0, -1, double.NaN, 1]));
        var bars = fragment.Picture.Descendants().Where(e => e.Name.LocalName == "rect").ToArray();
        Assert.Equal(3, bars.Length);
        var heights = bars.Select(bar => double.Parse(bar.Attribute("height")!.Value, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(heights[0], 2 * heights[1], 0.3);
        Assert.Equal(heights[1], heights[2], 0.2);
        var top = double.Parse(bars[1].Attribute("y")!.Value, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(top, double.Parse(fragment.WithClass("ck-axis").Single().Attribute("y1")!.Value, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal("1 of 4 values not finite, shown without a bar.", Assert.Single(fragment.Notes));
    }

    [Fact]
    public void Bar_Groups_StandSideBySide()
    {
        var fragment = new Fragment(Chart.Bar(["a", "b"], [1, 2], "train").AddBars([2, 1], "validation"));
        var lefts = fragment.Picture.Descendants().Where(e => e.Name.LocalName == "rect")
            .Select(bar => double.Parse(bar.Attribute("x")!.Value, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        Assert.True(lefts[0] < lefts[2] && lefts[2] < lefts[1] && lefts[1] < lefts[3]);
        Assert.Equal(["train", "validation"], fragment.WithClass("ck-legend").Single().Elements().Select(entry => entry.Value));
    }

    [Fact]
    public void Bar_LengthsDiffer_SaysBothAndTheMend()
    {
        var error = Assert.Throws<ArgumentException>(() => Chart.Bar(["a", "b"], [1, 2]).AddBars([1, 2, 3], "GRU"));
        Assert.StartsWith(
            "Chart.Bar(name: \"GRU\"): values must have one number for every label, but got 2 labels and 3 values. Use double.NaN where there is no bar.",
            error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bar_PlotlyJson_IsGroupedOverCategories()
    {
        var root = JsonDocument.Parse(Chart.Bar(["1", "2"], [3.5, double.PositiveInfinity], "x").AddBars([1, 2]).Title("T").ToPlotlyJson()).RootElement;
        Assert.Equal(["bar", "bar"], root.GetProperty("data").EnumerateArray().Select(trace => trace.GetProperty("type").GetString()));
        Assert.Equal(["1", "2"], root.GetProperty("data")[0].GetProperty("x").EnumerateArray().Select(x => x.GetString()));
        Assert.Equal(JsonValueKind.Null, root.GetProperty("data")[0].GetProperty("y")[1].ValueKind);
        Assert.Equal(("group", "category"), (root.GetProperty("layout").GetProperty("barmode").GetString(), root.GetProperty("layout").GetProperty("xaxis").GetProperty("type").GetString()));
    }

    [Fact]
    public void Heatmap_Cells_HaveTheColoursOfTheirValues()
    {
        // Both signs: blue, white, orange around zero; one run of equal colour is one piece of a path.
        var fragment = new Fragment(Chart.Heatmap(new[,] { { -2.0, 0, 0 }, { 2, 1, double.NaN } }));
        var paths = Cells(fragment).ToDictionary(e => e.Attribute("fill")!.Value, e => e.Attribute("d")!.Value);
        Assert.Equal("M0 0h1v1h-1z", paths[Palette.Color(0, diverging: true)]);
        Assert.Equal("M1 0h2v1h-2z", paths["#f6f6f6"]);
        Assert.Equal("M0 1h1v1h-1z", paths[Palette.Color(64, diverging: true)]);
        Assert.Equal(4, paths.Count);
        Assert.Equal("1 of 6 values not finite, left blank.", Assert.Single(fragment.Notes));
    }

    [Fact]
    public void Heatmap_OneSign_RunsFromSmallestToLargest()
    {
        Assert.Equal(new ColorScale(1, 4), Chart.Heatmap(new[,] { { 1, 4 } }).Scale());
        Assert.Equal(new ColorScale(-1, 1, Diverging: true), Chart.Heatmap(new[,] { { 1, 4 } }).Range(-1, 1).Scale());
        Assert.Equal("1 of 2 values outside -1 to 1, shown in the end colour.", Assert.Single(new Fragment(Chart.Heatmap(new[,] { { 1, 4 } }).Range(-1, 1)).Notes));
    }

    [Fact]
    public void Heatmap_Huge_ShowsMeansOfBlocksAndSaysSo()
    {
        var rows = Enumerable.Range(0, 400).Select(row => Enumerable.Range(0, 600).Select(column => (double)(row / 3 + column / 3)));
        var chart = Chart.Heatmap(rows);
        var fragment = new Fragment(chart);
        Assert.Equal("400 rows, 600 columns: each cell is the mean of up to 3 by 3 values.", Assert.Single(fragment.Notes));
        var values = fragment.Hover.GetProperty("values").EnumerateArray().Select(e => e.GetDouble()).ToArray();
        Assert.Equal(134 * 200, values.Length);
        Assert.Equal([0, 1, 2], values.Take(3));
        Assert.Equal(133 + 199, values[^1]);
        Assert.InRange(chart.ToHtml().Length, 1, 700_000);
    }

    [Fact]
    public void Heatmap_LogColors_EqualFactorsAreEqualSteps()
    {
        var chart = Chart.Heatmap(new[,] { { 1e-6, 1e-3, 1 }, { 0, -1, double.NaN } }).LogColors();
        Assert.Equal(new ColorScale(1e-6, 1, Log: true), chart.Scale());
        Assert.Equal([0, (Palette.Levels - 1) / 2, Palette.Levels - 1], new[] { 1e-6, 1e-3, 1 }.Select(chart.Scale().Level));
        var fragment = new Fragment(chart);
        Assert.Equal(["M0 0h1v1h-1z", "M1 0h1v1h-1z", "M2 0h1v1h-1z"], Cells(fragment).Select(e => e.Attribute("d")!.Value));
        Assert.Equal("3 of 6 values not finite, or not positive for logarithmic colours, left blank.", Assert.Single(fragment.Notes));
        Assert.Subset(fragment.Texts.ToHashSet(), new HashSet<string> { "1e-6", "0.01", "1" });
        Assert.Equal("Heatmap: 2 rows, 3 columns, values -1 to 1, logarithmic colours.", chart.ToString());

        var trace = JsonDocument.Parse(chart.ToPlotlyJson()).RootElement.GetProperty("data")[0];
        Assert.Equal([-6, -3, 0], trace.GetProperty("z")[0].EnumerateArray().Select(e => Math.Round(e.GetDouble(), 9)));
        Assert.All(trace.GetProperty("z")[1].EnumerateArray(), e => Assert.Equal(JsonValueKind.Null, e.ValueKind));
        Assert.Equal((-6, 0), (trace.GetProperty("zmin").GetDouble(), trace.GetProperty("zmax").GetDouble()));
        Assert.Contains("1e-6", trace.GetProperty("colorbar").GetProperty("ticktext").EnumerateArray().Select(e => e.GetString()));
    }

    [Fact]
    public void Heatmap_LogColors_NothingPositiveOrRangeFromZero_IsSaid()
    {
        Assert.Contains("no data", new Fragment(Chart.Heatmap(new[,] { { -1.0, 0 } }).LogColors()).Texts);
        Message("Chart.Heatmap: with logarithmic colours the range must begin above 0, but begins at 0. Use Range(1e-6, 1), or leave LogColors out.",
            () => Chart.Heatmap(new double[2, 3]).Range(0, 1).LogColors());
        Message("Chart.Heatmap: with logarithmic colours the range must begin above 0, but begins at -1.", () => Chart.Heatmap(new double[2, 3]).LogColors().Range(-1, 1));
    }

    [Fact]
    public void Heatmap_LogColorsHuge_ShowsGeometricMeans()
    {
        var chart = Chart.Heatmap(Enumerable.Range(0, 1).Select(_ => Enumerable.Range(0, 600).Select(column => Math.Pow(10, -column % 3)))).LogColors();
        var fragment = new Fragment(chart);
        Assert.Equal("1 rows, 600 columns: each cell is the geometric mean of up to 1 by 3 values.", Assert.Single(fragment.Notes));
        Assert.All(fragment.Hover.GetProperty("values").EnumerateArray(), e => Assert.Equal(0.1, e.GetDouble(), 1e-4));
    }

    [Fact]
    public void Heatmap_NumbersInCells_AreNoFinerThanTheColours()
    {
        var fragment = new Fragment(Chart.Heatmap(new[,] { { 0.97, 0.0314159, 0.0059, 3e-9, 0 } }).Range(0, 1));
        Assert.Equal(["0.97", "0.031", "0.006", "≈0", "0"], fragment.WithClass("ck-fixed").Select(text => text.Value));
        fragment = new Fragment(Chart.Heatmap(new[,] { { 1234.5, 0.4, -2 } }));
        Assert.Equal(["1234", "≈0", "-2"], fragment.WithClass("ck-fixed").Select(text => text.Value));
        Assert.Equal(["1e-9", "0.5"], new Fragment(Chart.Heatmap(new[,] { { 1e-9, 0.5 } }).LogColors()).WithClass("ck-fixed").Select(text => text.Value));
    }

    [Fact]
    public void Heatmap_OfTensor_PassesOverABatchOfOne()
    {
        var states = Tensor.From([1f, 2, 3, 4, 5, 6], 1, 3, 2);
        var chart = Chart.Heatmap(states, ["a", "b", "c"]).XAxis("neuron").YAxis("time").Transpose();
        Assert.Equal("Heatmap: 2 rows (neuron), 3 columns (time), values 1 to 6.", chart.ToString());
        var z = JsonDocument.Parse(chart.ToPlotlyJson()).RootElement.GetProperty("data")[0].GetProperty("z");
        Assert.Equal([1, 3, 5], z[0].EnumerateArray().Select(e => e.GetDouble()));
        Assert.Equal([2, 4, 6], z[1].EnumerateArray().Select(e => e.GetDouble()));
        var error = Assert.Throws<ShapeException>(() => Chart.Heatmap(Tensor.Zeros(2, 3, 2)));
        Assert.Equal("Chart.Heatmap: matrix must be [rows, columns], but got [2, 3, 2]. Take one example of the batch, or Reshape it first.", error.Message);
    }

    [Fact]
    public void Heatmap_WrongInput_SaysWhichAndTheMend()
    {
        Message("Chart.Heatmap: every row must have 2 values as row 0 has, but row 1 has 3. Give rows of one length; double.NaN leaves a cell blank.",
            () => Chart.Heatmap(new double[][] { [1, 2], [1, 2, 3] }));
        Message("Chart.Heatmap: rowLabels must have one label for every row, but got 1 labels and 2 rows. Leave rowLabels out to number the rows.",
            () => Chart.Heatmap(new double[2, 3], ["a"]));
        Message("Chart.Heatmap.Range: min must be smaller than max, both finite, but got 1 and 1. For states use Range(-1, 1), for gates Range(0, 1).",
            () => Chart.Heatmap(new double[2, 3]).Range(1, 1));
    }

    [Fact]
    public void ColoredText_Values_BecomeSignAndStrength()
    {
        var fragment = new Fragment(Chart.ColoredText("a \n<", [-0.5, 0.25, 3, double.NaN]));
        var cells = fragment.WithClass("ck-text").Single().Elements("i").ToArray();
        Assert.Equal(["a", " ", "↵", "<"], cells.Select(cell => cell.Value));
        Assert.Equal(["n --a:0.5", "p --a:0.25", "p --a:1", "x "], cells.Select(cell => $"{cell.Attribute("class")!.Value} {cell.Attribute("style")?.Value}"));
        Assert.Equal(["'a'", "space", "newline", "'<'"], fragment.Hover.GetProperty("names").EnumerateArray().Select(e => e.GetString()));
        Assert.Equal(3, fragment.Hover.GetProperty("values")[2].GetDouble());
        Assert.Equal(["1 of 4 values not finite, struck through.", "1 of 4 values outside -1 to 1, shown in the end colour."], fragment.Notes);
    }

    [Fact]
    public void ColoredText_OfStates_TakesOneNeuron()
    {
        var states = Tensor.From(new float[,] { { 0.1f, 0.5f }, { 0.2f, -0.5f } });
        var values = new Fragment(Chart.ColoredText("ab", states, neuron: 1)).Hover.GetProperty("values").EnumerateArray().Select(e => e.GetDouble());
        Assert.Equal([0.5, -0.5], values);
        Message("Chart.ColoredText: neuron must be 0 to 1, as states are [2, 2], but got 2.", () => Chart.ColoredText("ab", states, 2));
        Message("Chart.ColoredText: values must have one number for every character, but got 3 characters and 2 values. Cut the longer one: text[..2] or values[..2].",
            () => Chart.ColoredText("abc", states, 1));
    }

    [Fact]
    public void ColoredText_PlotlyJson_IsRowsOfLetters()
    {
        var text = new string('x', 70);
        var trace = JsonDocument.Parse(Chart.ColoredText(text, Enumerable.Range(0, 70)).ToPlotlyJson()).RootElement.GetProperty("data")[0];
        Assert.Equal([60, 10], trace.GetProperty("z").EnumerateArray().Select(row => row.GetArrayLength()));
        Assert.Equal(69, trace.GetProperty("z")[1][9].GetDouble());
        Assert.Equal("x", trace.GetProperty("text")[1][9].GetString());
    }

    [Fact]
    public void Palette_Series_AreOfOkabeAndIto() =>
        Assert.Equal(["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#0072b2"], Enumerable.Range(0, 7).Select(Palette.Series));

    // The cells are drawn first, then the bar of colours.
    private static IEnumerable<System.Xml.Linq.XElement> Cells(Fragment fragment) => fragment.Picture.Elements().First(e => e.Name.LocalName == "g").Elements();

    private static void Message(string expected, Func<Chart> chart) =>
        Assert.StartsWith(expected, Assert.ThrowsAny<ArgumentException>(() => chart()).Message, StringComparison.Ordinal);
}
