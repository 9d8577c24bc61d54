using System.Text;

namespace CourseKit.Notebooks;

/// <summary>Draws a matrix as SVG.</summary>
internal static class HeatmapDrawing
{
    private const int MostRows = 190;
    private const int MostColumns = 280;

    public static string ToFigure(HeatmapChart chart)
    {
        var notes = new List<string>();
        var (cells, rowLabels, columnLabels) = Shrink(chart, notes);
        var (rows, columns) = (cells.GetLength(0), cells.GetLength(1));
        var scale = chart.Scale();
        var bar = Axis.Fit(scale.Min, scale.Max, scale.Log, round: false, target: 4);
        var right = Layout.Width - bar.LabelWidth - 40;
        var rowTexts = rowLabels.Select(label => Markup.Shorten(Markup.Visible(label), 14)).ToArray();
        var left = Math.Max(14, Longest(rowTexts) * Layout.CharWidth + 10);
        var width = Math.Min(60, (right - left) / Math.Max(1, columns));
        var height = Math.Min(Math.Clamp(width, 16, 44), 380.0 / Math.Max(1, rows));
        right = columns == 0 ? right : left + width * columns;
        var top = PlotFrame.Top(chart.YLabel);
        // A colour bar needs some height of its own.
        var bottom = top + Math.Max(height * rows, rows == 0 ? 90 : 0);
        var below = Math.Max(bottom, top + 90);

        var svg = new StringBuilder();
        CellGrid.Draw(svg, rows, columns, (row, column) => cells[row, column], scale, left, top, width, height);
        if (width >= 44 && height >= 20)
            DrawNumbers(svg, cells, scale, left, top, width, height);
        DrawRowLabels(svg, rowTexts, left, top, height);
        var labelHeight = DrawColumnLabels(svg, columnLabels, left, bottom, width);
        // Under a narrow matrix a long label would leave the picture on the left.
        var half = Math.Max((left + right) / 2, Math.Min(Layout.Width, chart.XLabel.Length * Layout.CharWidth) / 2);
        PlotFrame.DrawXLabel(svg, chart.XLabel, 0, 2 * half, bottom + labelHeight + 18);
        if (chart.YLabel.Length > 0)
            svg.Append(Markup.Text(0, 18, Markup.Shorten(chart.YLabel, 50))).Append('\n');
        DrawBar(svg, bar.Between(below, top), scale.Diverging, right + 18);
        if (!chart.Values.Cast<double>().Any(scale.Shows))
            svg.Append(Markup.Text((left + right) / 2, (top + bottom) / 2 + 5, "no data", "middle")).Append('\n');

        Note(chart, scale, notes);
        var total = Math.Max(below + 12, bottom + labelHeight + (chart.XLabel.Length > 0 ? Layout.LineHeight + 4 : 4));
        var body = Figure.Svg(total, "Heatmap", chart.Heading, chart.ToString(), svg.ToString());
        return Figure.Of(chart.Heading, [], body, notes, json =>
        {
            json.WriteString("kind", "cells");
            json.WriteNumber("left", left);
            json.WriteNumber("top", top);
            json.WriteNumber("width", width);
            json.WriteNumber("height", height);
            json.WriteString("x", chart.XLabel.Length > 0 ? chart.XLabel : "column");
            json.WriteString("y", chart.YLabel.Length > 0 ? chart.YLabel : "row");
            json.WriteTexts("rows", rowLabels.Select(Markup.Visible));
            json.WriteTexts("columns", columnLabels.Select(Markup.Visible));
            json.WriteNumbers("values", cells.Cast<double>(), 5);
        });
    }

    private static int Longest(string[] texts) => texts.Length == 0 ? 0 : texts.Max(text => text.Length);

    // A picture has no more room than about one cell for two units: larger matrices are shown as means of blocks, logarithmic ones as means of exponents.
    private static (double[,] Cells, string[] RowLabels, string[] ColumnLabels) Shrink(HeatmapChart chart, List<string> notes)
    {
        var (high, wide) = ((chart.Rows - 1) / MostRows + 1, (chart.Columns - 1) / MostColumns + 1);
        if (high <= 1 && wide <= 1)
            return (chart.Values, chart.RowLabels, chart.ColumnLabels);
        var cells = new double[(chart.Rows - 1) / high + 1, (chart.Columns - 1) / wide + 1];
        for (var row = 0; row < cells.GetLength(0); row++)
            for (var column = 0; column < cells.GetLength(1); column++)
                cells[row, column] = BlockMean(chart.Values, row * high, column * wide, high, wide, chart.HasLogColors);
        notes.Add($"{Num.Whole(chart.Rows)} rows, {Num.Whole(chart.Columns)} columns: each cell is the {(chart.HasLogColors ? "geometric mean" : "mean")} of up to {Num.Whole(high)} by {Num.Whole(wide)} values.");
        return (cells, Every(chart.RowLabels, high), Every(chart.ColumnLabels, wide));
    }

    private static string[] Every(string[] labels, int stride) => [.. labels.Where((_, k) => k % stride == 0)];

    private static double BlockMean(double[,] values, int firstRow, int firstColumn, int high, int wide, bool log)
    {
        var (mean, count) = (0.0, 0);
        for (var row = firstRow; row < Math.Min(firstRow + high, values.GetLength(0)); row++)
            for (var column = firstColumn; column < Math.Min(firstColumn + wide, values.GetLength(1)); column++)
                if (Axis.Shows(values[row, column], log))
                    mean += ((log ? Math.Log(values[row, column]) : values[row, column]) - mean) / ++count;
        return count == 0 ? double.NaN : log ? Math.Exp(mean) : mean;
    }

    // To two digits, and no finer than a thousandth of what the colours span.
    private static string Number(double value, ColorScale scale)
    {
        var unit = scale.Log ? 0 : Math.Pow(10, Math.Floor(Math.Log10(scale.Max / 1000 - scale.Min / 1000)));
        return value != 0 && Math.Abs(value) < unit / 2 ? "≈0" : Num.Digits(unit > 0 && Math.Abs(value) < 100 * unit ? Math.Round(value / unit) * unit : value, 2);
    }

    private static void DrawNumbers(
        StringBuilder svg, double[,] cells, ColorScale scale, double left, double top, double width, double height)
    {
        for (var row = 0; row < cells.GetLength(0); row++)
            for (var column = 0; column < cells.GetLength(1); column++)
                if (scale.Shows(cells[row, column]))
                    svg.Append(Markup.Text(
                        left + (column + 0.5) * width, top + (row + 0.5) * height + 4.5, Number(cells[row, column], scale),
                        "middle", $" class=\"ck-fixed\" style=\"fill:{scale.Ink(cells[row, column])}\""));

        svg.Append('\n');
    }

    // At least so many cells from one label to the next, and a number that people count in.
    private static int Stride(double least) =>
        ((int[])[1, 2, 5, 10, 20, 50, 100, 200]).First(stride => stride >= least || stride == 200);

    private static void DrawRowLabels(StringBuilder svg, string[] labels, double left, double top, double height)
    {
        var stride = Stride((Layout.LineHeight - 3) / height);
        for (var row = 0; row < labels.Length; row += stride)
            svg.Append(Markup.Text(left - 6, top + (row + 0.5) * height + 4.5, labels[row], "end", " class=\"ck-tick\""));
        svg.Append('\n');
    }

    // Returns the height that the labels take: level, small and level for letters under narrow cells, or upright.
    private static double DrawColumnLabels(StringBuilder svg, string[] columnLabels, double left, double bottom, double width)
    {
        var labels = columnLabels.Select(label => Markup.Shorten(Markup.Visible(label), 12)).ToArray();
        var longest = Longest(labels);
        if (longest == 0)
            return 0;
        var isLetters = longest == 1 && width >= 7;
        var isNumbers = labels.All(label => label.All(char.IsAsciiDigit));
        var upright = !isLetters && !isNumbers && longest * Layout.CharWidth > width;
        var room = isLetters ? width : upright ? Layout.LineHeight - 4 : longest * Layout.CharWidth + (isNumbers ? 6 : 0);
        var stride = Stride(room / width);
        for (var column = 0; column < labels.Length; column += stride)
        {
            var (x, y) = (left + (column + 0.5) * width, bottom + 18);
            svg.Append(upright
                ? Markup.Text(x + 4.5, bottom + 6, labels[column], "end", $" class=\"ck-tick\" transform=\"rotate(-90 {Num.Px(x + 4.5)} {Num.Px(bottom + 6)})\"")
                : isLetters && width < 12
                    ? Markup.Text(x, y - 4, labels[column], "middle", $" class=\"ck-tick ck-fixed\" style=\"font-size:{Num.Px(Math.Min(13, width * 1.5))}px\"")
                    : Markup.Text(x, y, labels[column], "middle", " class=\"ck-tick\""));
        }

        svg.Append('\n');
        return upright ? longest * Layout.CharWidth + 8 : Layout.LineHeight;
    }

    private static void DrawBar(StringBuilder svg, Axis axis, bool diverging, double left)
    {
        var levels = new ColorScale(0, Palette.Levels - 1, diverging);
        CellGrid.Draw(svg, Palette.Levels, 1, (row, _) => Palette.Levels - 1 - row, levels, left, axis.To, 13, (axis.From - axis.To) / Palette.Levels);
        foreach (var tick in axis.Ticks)
            svg.Append(Markup.Text(left + 18, axis.Place(tick.Value) + 5, tick.Text, "start", " class=\"ck-tick\""));
        svg.Append('\n');
    }

    private static void Note(HeatmapChart chart, ColorScale scale, List<string> notes)
    {
        var values = chart.Values.Cast<double>().ToArray();
        var missing = values.Count(value => !scale.Shows(value));
        if (missing > 0)
            notes.Add($"{Num.Whole(missing)} of {Num.Whole(values.Length)} values not finite{(scale.Log ? ", or not positive for logarithmic colours" : "")}, left blank.");
        var outside = values.Count(value => scale.Shows(value) && (value < scale.Min || value > scale.Max));
        if (outside > 0)
            notes.Add($"{Num.Whole(outside)} of {Num.Whole(values.Length)} values outside {Num.Short(scale.Min)} to {Num.Short(scale.Max)}, shown in the end colour.");
    }
}
