namespace CourseKit.Notebooks.Tests;

public class TableTests
{
    private static Table Losses => new Table("model", "loss", "numbers", "time").Row("uniform <&>", 4.14313, 0, "").Row("network", 0.9222f, 93087L, "30 s");

    [Fact]
    public void ToString_MixedCells_AlignsFirstLeftAndOthersRight() => Assert.Equal(
        "model         loss  numbers  time\n" +
        "uniform <&>  4.143        0\n" +
        "network      0.922   93,087  30 s", Losses.ToString());

    [Fact]
    public void ToHtml_MixedCells_EscapesAndMarksTheFirstColumn()
    {
        var html = Losses.ToHtml();

        Assert.Contains("<tr><th class=\"l\">model</th><th>loss</th><th>numbers</th><th>time</th></tr>", html, StringComparison.Ordinal);
        Assert.Contains("<tr><td class=\"l\">uniform &lt;&amp;&gt;</td><td>4.143</td><td>0</td><td></td></tr>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Display_Table_ShowsBothForms()
    {
        Assert.Equal(Losses.ToHtml(), Display.Html(Losses));
        Assert.Equal(Losses.ToString(), Display.Text(Losses));
    }

    [Fact]
    public void Row_OneValueShort_ThrowsNamingTheColumns()
    {
        var error = Assert.Throws<ArgumentException>(() => new Table("model", "loss").Row("uniform"));

        Assert.StartsWith("Table.Row: a row must have 2 values (model, loss), but got 1. Give \"\" for an empty cell.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_NoColumn_Throws() =>
        Assert.StartsWith("Table: there must be at least one column", Assert.Throws<ArgumentException>(() => new Table()).Message, StringComparison.Ordinal);
}
