using System.Text;

namespace CourseKit.Notebooks;

/// <summary>The rectangle that data is drawn in, with the grid, marks and labels of its axes.</summary>
internal static class PlotFrame
{
    /// <summary>Room above the plot: half a line, or one for the vertical axis' label, which stands there upright.</summary>
    public static double Top(string yLabel) => yLabel.Length > 0 ? Layout.LineHeight + 14 : 14;

    /// <summary>Room below the plot for marks and the axis' label.</summary>
    public static double Bottom(string xLabel) => Layout.LineHeight + 10 + (xLabel.Length > 0 ? Layout.LineHeight : 0);

    /// <summary>Horizontal lines and texts of the vertical axis.</summary>
    public static void DrawY(StringBuilder svg, Axis y, string label, double left, double right)
    {
        foreach (var tick in y.Ticks)
        {
            var at = y.Place(tick.Value);
            svg.Append(Markup.Line(left, at, right, at, "ck-grid"));
            svg.Append(Markup.Text(left - 7, at + 4.5, tick.Text, "end", " class=\"ck-tick\"")).Append('\n');
        }

        if (label.Length > 0)
            svg.Append(Markup.Text(0, 18, Markup.Shorten(label, (int)(Layout.Width / Layout.CharWidth)))).Append('\n');
    }

    /// <summary>Vertical lines and texts of the horizontal axis.</summary>
    public static void DrawX(StringBuilder svg, Axis x, string label, double top, double bottom)
    {
        svg.Append(Markup.Line(x.From, bottom, x.To, bottom, "ck-axis")).Append('\n');
        foreach (var tick in x.Ticks)
        {
            var at = x.Place(tick.Value);
            svg.Append(Markup.Line(at, top, at, bottom, "ck-grid"));
            svg.Append(Markup.Text(at, bottom + 22, tick.Text, "middle", " class=\"ck-tick\"")).Append('\n');
        }

        DrawXLabel(svg, label, x.From, x.To, bottom + 22 + Layout.LineHeight);
    }

    /// <summary>The horizontal axis' label, in the middle below.</summary>
    public static void DrawXLabel(StringBuilder svg, string label, double left, double right, double at)
    {
        if (label.Length > 0)
            svg.Append(Markup.Text((left + right) / 2, at, Markup.Shorten(label, (int)((right - left) / Layout.CharWidth)), "middle")).Append('\n');
    }
}
