using System.Text;

namespace CourseKit.Notebooks;

/// <summary>A block of numbers as tables, shortened in every dimension, with a line about all of it.</summary>
internal sealed class NumberTable(string heading, int[] shape, double[] values)
{
    private const int MostRows = 10;
    private const int MostColumns = 8;
    private const int MostTables = 3;
    private const string More = "…";

    /// <summary>The tables as HTML.</summary>
    public string Html()
    {
        var html = new StringBuilder();
        html.Append(TableStyle).Append("<div class=\"ck-table\">\n<div>").Append(Markup.Escape(heading)).Append("</div>\n");
        foreach (var (name, rows) in Tables())
        {
            if (name.Length > 0)
                html.Append("<div>").Append(Markup.Escape(name)).Append("</div>\n");
            if (rows.Length == 0)
                continue;
            html.Append("<table>\n");
            foreach (var row in rows)
            {
                html.Append("<tr>");
                for (var k = 0; k < row.Length; k++)
                    html.Append(k == 0 || row == rows[0] ? $"<th>{row[k]}</th>" : $"<td>{row[k]}</td>");
                html.Append("</tr>\n");
            }

            html.Append("</table>\n");
        }

        return html.Append("<div>").Append(Markup.Escape(Statistics())).Append("</div>\n</div>\n").ToString();
    }

    /// <summary>The tables as text.</summary>
    public string Text()
    {
        var text = new StringBuilder(heading).Append('\n');
        foreach (var (name, rows) in Tables())
        {
            if (name.Length > 0)
                text.Append(name).Append('\n');
            if (rows.Length == 0)
                continue;
            var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
            foreach (var row in rows)
                text.AppendJoin("  ", row.Select((cell, column) => cell.PadLeft(widths[column]))).Append('\n');
        }

        return text.Append(Statistics()).ToString();
    }

    /// <summary>The look of the kit's tables, in any front end.</summary>
    public const string TableStyle =
        "<style>.ck-table{font:14px/1.45 system-ui,-apple-system,\"Segoe UI\",Roboto,Arial,sans-serif;margin:.4em 0;overflow-x:auto}" +
        ".ck-table table{border-collapse:collapse;margin:.3em 0;font-variant-numeric:tabular-nums;width:auto;display:table}" +
        ".ck-table th,.ck-table td{padding:2px 9px;text-align:right;border:0;border-bottom:1px solid rgba(128,128,128,.3);background:none}" +
        ".ck-table th{font-weight:600;opacity:.75}.ck-table .l{text-align:left}.ck-table tr:last-child .sum{font-weight:600}</style>\n";

    // Every table: the indices before the last two dimensions, then a row of column numbers, then the rows with theirs.
    private IEnumerable<(string Name, string[][] Rows)> Tables()
    {
        if (values.Length == 0)
            yield break;
        var columns = shape.Length > 0 ? shape[^1] : 1;
        var rows = shape.Length > 1 ? shape[^2] : 1;
        var tables = values.Length / (rows * columns);
        foreach (var table in Shown(tables, MostTables))
            yield return table < 0
                ? ($"{More} {Num.Whole(tables - MostTables + 1)} more {More}", [])
                : (shape.Length > 2 ? Name(table) : "", Rows(table * rows * columns, rows, columns));
    }

    private string Name(int table)
    {
        var leading = new NumberBlock(shape[..^2], []);
        return $"{leading.Place(table)[..^1]}, .., ..]";
    }

    private string[][] Rows(int offset, int rows, int columns)
    {
        var shownColumns = Shown(columns, MostColumns).ToArray();
        List<string[]> table = [["", .. shownColumns.Select(column => column < 0 ? More : Num.Whole(column))]];
        foreach (var row in Shown(rows, MostRows))
            table.Add([
                row < 0 ? More : shape.Length > 1 ? Num.Whole(row) : "",
                .. shownColumns.Select(column => row < 0 || column < 0 ? More : Num.Short(values[offset + row * columns + column]))]);
        return [.. table];
    }

    // The indices of what is shown: all of it, or the beginning, -1 for what is left out, and the last.
    private static IEnumerable<int> Shown(int count, int most) =>
        count <= most ? Enumerable.Range(0, count) : (int[])[.. Enumerable.Range(0, most - 2), -1, count - 1];

    private string Statistics()
    {
        var finite = values.Where(double.IsFinite).ToArray();
        var numbers = $"{Num.Whole(values.Length)} number{(values.Length == 1 ? "" : "s")}";
        var missing = values.Length - finite.Length;
        if (missing > 0)
            numbers += $", {Num.Whole(missing)} of them not finite";
        return finite.Length == 0
            ? numbers
            : $"{numbers}: min {Num.Short(finite.Min())}, mean {Num.Short(finite.Average())}, max {Num.Short(finite.Max())}";
    }
}
