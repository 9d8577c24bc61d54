using System.Xml.Linq;
using CourseKit.Autograd;
using CourseKit.Layers;
using CourseKit.Tensors;
using CourseKit.Training;
using MathNet.Numerics.LinearAlgebra;
using Microsoft.DotNet.Interactive.Formatting;

namespace CourseKit.Notebooks.Tests;

/// <summary>Through .NET Interactive's own formatter, which finds the kit's by the attribute's name alone.</summary>
public class DisplayTests
{
    public static TheoryData<object> Shown => new(
        Chart.Line(new[] { 1.0, 2 }), Chart.Bar(["a"], [1]), Chart.Heatmap(new double[2, 2]), Chart.ColoredText("a", [0.5]),
        Kit.Start(), Check.Same(1.0, 1.0), Tensor.Zeros(2, 3), IntTensor.From([1, 2, 3]), SmallModel(), SmallModel().Summary(), new History());

    [Fact]
    public void Start_MatrixAndVectorOfMathNet_ShowAsTables()
    {
        Kit.Start();
        var matrix = Matrix<double>.Build.DenseOfArray(new[,] { { 1.5, -2 }, { 0, 4 } });
        Assert.Equal("Matrix [2, 2]\n     0   1\n0  1.5  -2\n1    0   4\n4 numbers: min -2, mean 0.875, max 4", matrix.ToDisplayString("text/plain"));
        Assert.Contains("<td>1.5</td>", matrix.ToDisplayString("text/html"), StringComparison.Ordinal);
        Assert.StartsWith("Vector [2]", matrix.Row(0).ToDisplayString("text/plain"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Shown), DisableDiscoveryEnumeration = true)]
    public void Formatter_OfDotNetInteractive_FindsHtmlAndText(object value)
    {
        Assert.Equal(["text/html", "text/plain"], Formatter.GetPreferredMimeTypesFor(value.GetType()));
        Assert.Equal(Display.Html(value), value.ToDisplayString("text/html"));
        Assert.Equal(Display.Text(value), value.ToDisplayString("text/plain"));
        XElement.Parse($"<div>{Display.Html(value)}</div>");
    }

    [Theory]
    [MemberData(nameof(Shown), DisableDiscoveryEnumeration = true)]
    public void Convention_ReadByReflection_HasTheMembersByName(object value)
    {
        var attribute = value.GetType().GetCustomAttributes(inherit: true).Single(a => a.GetType().Name == "TypeFormatterSourceAttribute");
        var sourceType = Assert.IsAssignableFrom<Type>(attribute.GetType().GetProperty("FormatterSourceType")!.GetValue(attribute));
        var source = Activator.CreateInstance(sourceType)!;
        var formatters = (System.Collections.IEnumerable)sourceType.GetMethod("CreateTypeFormatters")!.Invoke(source, null)!;
        var mimeTypes = new List<string>();
        foreach (var formatter in formatters)
        {
            mimeTypes.Add((string)formatter.GetType().GetProperty("MimeType")!.GetValue(formatter)!);
            using var writer = new StringWriter();
            var format = formatter.GetType().GetMethod("Format", [typeof(object), typeof(TextWriter)])!;
            Assert.Equal(true, format.Invoke(formatter, [value, writer]));
            Assert.NotEmpty(writer.ToString());
            Assert.Equal(false, format.Invoke(formatter, [new object(), writer]));
        }

        Assert.Equal(["text/html", "text/plain"], mimeTypes);
    }

    [Fact]
    public void Tensor_Matrix_ShowsNumbersIndicesAndStatistics()
    {
        var tensor = Tensor.From(new float[,] { { 1, 2.5f, -3 }, { 4, float.NaN, 6 } });
        tensor.Name = "w<1>";
        Assert.Equal(
            """
            Tensor w<1> [2, 3]
               0    1   2
            0  1  2.5  -3
            1  4  NaN   6
            6 numbers, 1 of them not finite: min -3, mean 2.1, max 6
            """.ReplaceLineEndings("\n"), Display.Text(tensor));
        var table = XElement.Parse($"<div>{Display.Html(tensor)}</div>");
        Assert.Equal(["1", "2.5", "-3", "4", "NaN", "6"], table.Descendants("td").Select(cell => cell.Value));
        Assert.Equal("Tensor w<1> [2, 3]", table.Descendants("div").ElementAt(1).Value);
    }

    [Fact]
    public void Tensor_Large_IsShortenedInEveryDimension()
    {
        var values = Enumerable.Range(0, 20 * 30 * 40).Select(k => (float)k).ToArray();
        var text = Display.Text(Tensor.From(values, 20, 30, 40))!;
        var lines = text.Split('\n');
        Assert.Equal("Tensor [20, 30, 40]", lines[0]);
        Assert.Equal("[0, .., ..]", lines[1]);
        Assert.Equal(["0", "1", "2", "3", "4", "5", "…", "39"], lines[2].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(["29", "1160", "1161", "1162", "1163", "1164", "1165", "…", "1199"], lines[12].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(3, lines.Count(line => line.StartsWith('[') || line.StartsWith('…')));
        Assert.Contains("… 18 more …", lines);
        Assert.Contains("[19, .., ..]", lines);
        Assert.Equal("24000 numbers: min 0, mean 12000, max 23999", lines[^1]);
    }

    [Fact]
    public void Tensor_OneNumberEmptyOrGone_ShowsItself()
    {
        Assert.Equal("Tensor []\n  0\n  7\n1 number: min 7, mean 7, max 7", Display.Text(Tensor.From([7f], Shape.Scalar)));
        Assert.Equal("IntTensor [2]\n  0  1\n  3  4\n2 numbers: min 3, mean 3.5, max 4", Display.Text(IntTensor.From([3, 4])));
        var x = Tensor.From([1f, 2]);
        x.RequiresGradient = true;
        Tensor? gone = null;
        Tape.Step(() => gone = Ops.Scale(x, 2));
        Assert.Contains("Call Detach() inside the step to keep the numbers.", Display.Text(gone!), StringComparison.Ordinal);
    }

    [Fact]
    public void Model_Summary_ListsLayersAndTotal()
    {
        var table = XElement.Parse($"<div>{Display.Html(SmallModel())}</div>");
        var rows = table.Descendants("tr").Select(row => row.Elements().Select(cell => cell.Value).ToArray()).ToArray();
        Assert.Equal(["name", "layer", "output", "parameters"], rows[0]);
        Assert.Equal(SmallModel().Summary().Layers.Count + 2, rows.Length);
        Assert.Equal("[batch, time, 16]", rows[2][2]);
        Assert.Equal(["total", "2,056"], rows[^1]);
    }

    [Fact]
    public void History_AfterTraining_IsAChartWithItsLastValues()
    {
        var result = CharacterModel.Train(string.Concat(Enumerable.Repeat("abcd", 200)), new CharacterTraining { Hidden = 8, Steps = 30, BatchSize = 4, Window = 8, Progress = null });
        var history = result.History;
        var html = XElement.Parse($"<div>{Display.Html(history)}</div>");
        Assert.Equal(30, System.Text.Json.JsonDocument.Parse(html.Descendants("figure").Single().Attribute("data-hover")!.Value).RootElement
            .GetProperty("series")[0].GetProperty("y").GetArrayLength());
        Assert.StartsWith(history + "; best validation ", html.Descendants("p").First().Value, StringComparison.Ordinal);
        Assert.Equal(result.ToString(), XElement.Parse($"<div>{Display.Html(result)}</div>").Descendants("p").ElementAt(1).Value);
    }

    [Fact]
    public void Kit_Start_NamesVersionsVectorsAndCores()
    {
        var info = Kit.Start();
        Assert.Matches(@"^CourseKit \d+\.\d+\.\d+, \.NET 10\.\S+, (no vectors|\d+-bit vectors), \d+ cores?$", info.ToString());
        Assert.Equal(System.Runtime.Intrinsics.Vector128.IsHardwareAccelerated, info.VectorBits >= 128);
        Assert.Equal(System.Globalization.CultureInfo.InvariantCulture, System.Globalization.CultureInfo.CurrentCulture);
    }

    private static Model SmallModel() => new(1, new Embedding(8, 5), new Lstm(5, 16), new Linear(16, 32));
}
