using System.Globalization;
using System.Text;

namespace CourseKit.Notebooks;

/// <summary>Coloured cells side by side: one path for every colour, a cell being a step of one unit in it.</summary>
internal static class CellGrid
{
    /// <summary>Draws rows of cells; what has no colour on the scale stays blank.</summary>
    /// <param name="svg">Where to draw.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="columns">How many columns.</param>
    /// <param name="value">The value of a cell by row and column.</param>
    /// <param name="scale">What the values' colours are.</param>
    /// <param name="left">Left end.</param>
    /// <param name="top">Upper end.</param>
    /// <param name="width">A cell's width.</param>
    /// <param name="height">A cell's height.</param>
    /// <param name="paint">The attributes that colour a level; null for those of the palette.</param>
    public static void Draw(
        StringBuilder svg, int rows, int columns, Func<int, int, double> value, ColorScale scale, double left, double top, double width, double height, Func<int, string>? paint = null)
    {
        paint ??= level => $"fill=\"{Palette.Color(level, scale.Diverging)}\"";
        svg.Append(CultureInfo.InvariantCulture, $"<g transform=\"translate({left} {top}) scale({width} {height})\" shape-rendering=\"crispEdges\">\n");
        var paths = new StringBuilder?[Palette.Levels];
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns;)
            {
                var first = column++;
                if (!scale.Shows(value(row, first)))
                    continue;
                var level = scale.Level(value(row, first));
                while (column < columns && scale.Shows(value(row, column)) && scale.Level(value(row, column)) == level)
                    column++;
                (paths[level] ??= new StringBuilder())
                    .Append($"M{Num.Whole(first)} {Num.Whole(row)}h{Num.Whole(column - first)}v1h-{Num.Whole(column - first)}z");
            }

        for (var level = 0; level < paths.Length; level++)
            if (paths[level] is { } path)
                svg.Append($"<path {paint(level)} d=\"{path}\"/>\n");
        svg.Append("</g>\n");
    }

    /// <summary>The colours from the first to the last, for a key.</summary>
    public static string Gradient(bool diverging) => $"linear-gradient(to right,{string.Join(",", Palette.Stops(diverging))})";
}
