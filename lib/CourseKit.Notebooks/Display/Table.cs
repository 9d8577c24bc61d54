using System.Globalization;
using System.Text;

namespace CourseKit.Notebooks;

/// <summary>A small table that a cell ends on, such as models and their losses.</summary>
/// <remarks>The first column is text and stands left, the others right. A double shows 3 digits after the point, a whole number its thousands; a string shows as it is.</remarks>
[TypeFormatterSource(typeof(DisplayFormatterSource))]
public sealed class Table
{
    private readonly string[] _headings;
    private readonly List<string[]> _rows = [];

    /// <summary>Starts a table.</summary>
    /// <param name="headings">The columns' names, at least one.</param>
    /// <exception cref="ArgumentException">There is no column.</exception>
    public Table(params string[] headings)
    {
        ArgumentNullException.ThrowIfNull(headings);
        if (headings.Length == 0)
            throw new ArgumentException("Table: there must be at least one column, but there is none. Name the columns.", nameof(headings));
        _headings = [.. headings];
    }

    /// <summary>Adds a row.</summary>
    /// <param name="cells">One value for every column.</param>
    /// <returns>This table.</returns>
    /// <exception cref="ArgumentException">There is not one value for every column.</exception>
    public Table Row(params object[] cells)
    {
        ArgumentNullException.ThrowIfNull(cells);
        if (cells.Length != _headings.Length)
            throw new ArgumentException(
                $"Table.Row: a row must have {_headings.Length} values ({string.Join(", ", _headings)}), but got {cells.Length}. Give \"\" for an empty cell.", nameof(cells));
        _rows.Add([.. cells.Select(Text)]);
        return this;
    }

    /// <summary>The table as text, in columns.</summary>
    /// <returns>One line for the headings and one for every row.</returns>
    public override string ToString()
    {
        var widths = _headings.Select((heading, column) => _rows.Append(_headings).Max(row => row[column].Length)).ToArray();
        return string.Join('\n', _rows.Prepend(_headings).Select(row =>
            string.Join("  ", row.Select((cell, column) => column == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[column]))).TrimEnd()));
    }

    /// <summary>The table as an HTML fragment.</summary>
    internal string ToHtml()
    {
        var html = new StringBuilder(NumberTable.TableStyle);
        html.Append("<div class=\"ck-table\">\n<table>\n");
        AppendRow(html, "th", _headings);
        foreach (var row in _rows)
            AppendRow(html, "td", row);
        return html.Append("</table>\n</div>\n").ToString();
    }

    private static void AppendRow(StringBuilder html, string tag, string[] cells)
    {
        html.Append("<tr>");
        for (var column = 0; column < cells.Length; column++)
            html.Append($"<{tag}{(column == 0 ? " class=\"l\"" : "")}>{Markup.Escape(cells[column])}</{tag}>");
        html.Append("</tr>\n");
    }

    private static string Text(object cell) => cell switch
    {
        double or float => string.Create(CultureInfo.InvariantCulture, $"{cell:F3}"),
        int or long => string.Create(CultureInfo.InvariantCulture, $"{cell:N0}"),
        _ => Convert.ToString(cell, CultureInfo.InvariantCulture) ?? "",
    };
}
