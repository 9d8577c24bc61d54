using System.Globalization;
using CourseKit.Data;
using CourseKit.Data.Loaders;
using CourseKit.Tensors;

namespace CourseKit.Tests.Data;

public sealed class TimeSeriesTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("coursekit-csv-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Load_HeaderAndColumns_GivesThoseInTheirOrder()
    {
        var series = TimeSeries.Load(Write("month,passengers,mean\n1949-01, 112 ,1.5e1\r\n1949-02,118,-2\n\n"), new() { Columns = ["mean", "passengers"] });
        Assert.Equal(["mean", "passengers"], series.Columns);
        Assert.Equal([15f, -2], series["mean"]);
        Assert.Equal([112f, 118], series["passengers"]);
        Assert.Equal(new Shape(2, 2), series.ToTensor().Shape);
        Assert.Equal([15f, 112, -2, 118], series.ToTensor().ToArray());
        Assert.Equal("TimeSeries of 2 rows: mean, passengers", series.ToString());
    }

    [Fact]
    public void Load_GermanCulture_StillTakesTheDecimalPoint()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            var german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            (german.NumberFormat.NumberDecimalSeparator, german.NumberFormat.NumberGroupSeparator) = (",", ".");
            CultureInfo.CurrentCulture = german;
            Assert.Equal([1.25f, 1000], TimeSeries.Load(Write("x;y\n1.25;1\n1e3;2\n"), new() { Delimiter = ';' })["x"]);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Load_Quotes_KeepDelimitersLineEndsAndMarks()
    {
        var series = TimeSeries.Load(Write("\"a, \"\"b\"\"\nc\",\"x\"\n\"1\",2\n 3 ,\"4\""));
        Assert.Equal(["a, \"b\"\nc", "x"], series.Columns);
        Assert.Equal([2f, 4], series["x"]);
    }

    [Fact]
    public void Load_NoHeader_NumbersTheColumns() => Assert.Equal([2f, 4], TimeSeries.Load(Write("1,2\n3,4"), new() { Header = false })["1"]);

    [Theory]
    [InlineData(MissingValues.Previous, "1,,?,4,NA", new[] { 1f, 1, 1, 4, 4 })]
    [InlineData(MissingValues.Interpolate, "1,,?,4,NA", new[] { 1f, 2, 3, 4, 4 })]
    [InlineData(MissingValues.Interpolate, ",nan,6,8,", new[] { 6f, 6, 6, 8, 8 })]
    public void Load_MissingValues_AreFilledAsAsked(MissingValues missing, string values, float[] expected) =>
        Assert.Equal(expected, TimeSeries.Load(Write("t,x\n" + string.Concat(values.Split(',').Select((value, row) => $"{row},{value}\n"))), new() { Missing = missing })["x"]);

    public static TheoryData<string, CsvOptions?, string> Bad => new()
    {
        { "t,x\n1,2\n3,\n", null, ", line 3, column 'x': the value is missing (''). Choose what to do with CsvOptions.Missing." },
        { "t,x\n1,abc\n", null, ", line 2, column 'x': 'abc' is no number. Name the columns that are, in CsvOptions.Columns, or what marks a missing value, in CsvOptions.MissingTexts." },
        { "t,x\n1,1e99\n", null, ", line 2, column 'x': '1e99' is no number. Name the columns that are, in CsvOptions.Columns, or what marks a missing value, in CsvOptions.MissingTexts." },
        { "t,x\n\"1\n2\",3\n1,2,3\n", new() { Columns = ["x"] }, ", line 4: there must be 2 values separated by ',', as in the first line, but there are 3. Check the delimiter and the quotes." },
        { "t,x\n1,2\n", new() { Columns = ["y"] }, " has no column 'y', but 't', 'x'. Check the name, the delimiter and the header." },
        { "t,x\n", null, " must have at least one row of numbers below its header, but has none." },
        { "t,x\n1,\"2\n", null, ", line 2: a quotation mark opens here and none closes it." },
        { "t,x\n1,\n2,4", new() { Missing = MissingValues.Previous }, ", line 2, column 'x': the first value is missing, so that there is none before it. Use MissingValues.Interpolate." },
        { "t,x\n1,\n", new() { Missing = MissingValues.Interpolate }, ", column 'x': every value is missing." },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void Load_BadFile_ThrowsNamingLineAndColumn(string text, CsvOptions? options, string message)
    {
        var path = Write(text);
        Assert.Equal($"TimeSeries: '{path}'{message}", Assert.Throws<DataException>(() => TimeSeries.Load(path, options)).Message);
    }

    [Fact]
    public void Column_Unknown_ThrowsNamingThem() =>
        Assert.StartsWith("TimeSeries: there is no column 'z' among 't', 'x'.", Assert.Throws<ArgumentException>(() => TimeSeries.Load(Write("t,x\n1,2\n"))["z"]).Message);

    private string Write(string text)
    {
        var path = Path.Combine(folder, "series.csv");
        File.WriteAllText(path, text);
        return path;
    }
}
