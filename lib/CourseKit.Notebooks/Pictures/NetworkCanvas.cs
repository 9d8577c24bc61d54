using System.Text;
using System.Text.Json;

namespace CourseKit.Notebooks;

/// <summary>The shapes that network diagrams are made of, and what the mouse reads out of them. Arrowheads are drawn as lines, for markers would need ids.</summary>
internal sealed class NetworkCanvas
{
    private readonly StringBuilder _svg = new();
    private readonly List<(double X, double Y, double Width, double Height, string Text)> _spots = [];

    /// <summary>A rounded box with a letter in its middle.</summary>
    public void Box(double x, double y, double width, double height, string css, string letter, string says)
    {
        _svg.Append($"<rect class=\"ck-box {css}\" x=\"{Num.Px(x - width / 2)}\" y=\"{Num.Px(y)}\" width=\"{Num.Px(width)}\" height=\"{Num.Px(height)}\" rx=\"{Num.Px(Math.Min(6, height / 2))}\"/>");
        if (letter.Length > 0)
            _svg.Append(Markup.Text(x, y + height / 2 + 5, letter, "middle"));
        _svg.Append('\n');
        _spots.Add((x - width / 2, y, width, height, says));
    }

    /// <summary>What goes in: a circle with a letter.</summary>
    public void Circle(double x, double y, double radius, string letter, string says)
    {
        _svg.Append($"<circle class=\"ck-box\" cx=\"{Num.Px(x)}\" cy=\"{Num.Px(y)}\" r=\"{Num.Px(radius)}\"/>").Append(Markup.Text(x, y + 5, letter, "middle")).Append('\n');
        _spots.Add((x - radius, y - radius, 2 * radius, 2 * radius, says));
    }

    /// <summary>A small circle in which something is added.</summary>
    public void Plus(double x, double y) =>
        _svg.Append($"<circle class=\"ck-box\" cx=\"{Num.Px(x)}\" cy=\"{Num.Px(y)}\" r=\"6\"/><path class=\"ck-flow\" d=\"M{Num.Px(x - 3)},{Num.Px(y)}H{Num.Px(x + 3)}M{Num.Px(x)},{Num.Px(y - 3)}V{Num.Px(y + 3)}\"/>\n");

    /// <summary>A line through corners, with an arrowhead at its end.</summary>
    public void Arrow(string css, params ReadOnlySpan<(double X, double Y)> corners)
    {
        _svg.Append($"<path class=\"ck-flow{(css.Length > 0 ? " " + css : "")}\" d=\"");
        for (var k = 0; k < corners.Length; k++)
            _svg.Append(k == 0 ? 'M' : 'L').Append(Num.Px(corners[k].X)).Append(',').Append(Num.Px(corners[k].Y));
        var (from, to) = (corners[^2], corners[^1]);
        var (dx, dy) = (Math.Sign(to.X - from.X), Math.Sign(to.Y - from.Y));
        const double Long = 5, Wide = 3.5;
        _svg.Append($"M{Num.Px(to.X - Long * dx - Wide * dy)},{Num.Px(to.Y - Long * dy - Wide * dx)}L{Num.Px(to.X)},{Num.Px(to.Y)}L{Num.Px(to.X - Long * dx + Wide * dy)},{Num.Px(to.Y - Long * dy + Wide * dx)}\"/>\n");
    }

    /// <summary>Text alone.</summary>
    public void Text(double x, double y, string text, string anchor, string css) =>
        _svg.Append(Markup.Text(x, y, text, anchor, css.Length > 0 ? $" class=\"{css}\"" : "")).Append('\n');

    /// <summary>A straight line that is no flow.</summary>
    public void Line((double X, double Y) from, (double X, double Y) to, string css) => _svg.Append(Markup.Line(from.X, from.Y, to.X, to.Y, css)).Append('\n');

    /// <summary>A line through corners.</summary>
    public void Line(params ReadOnlySpan<(double X, double Y)> corners)
    {
        _svg.Append("<path class=\"ck-flow\" d=\"");
        for (var k = 0; k < corners.Length; k++)
            _svg.Append(k == 0 ? 'M' : 'L').Append(Num.Px(corners[k].X)).Append(',').Append(Num.Px(corners[k].Y));
        _svg.Append("\"/>\n");
    }

    /// <summary>Lines of text left of the drawing, around a height; the first of each group is a name.</summary>
    public void Label(double middle, params ReadOnlySpan<string[]> groups)
    {
        var count = 0;
        foreach (var group in groups)
            count += group.Length;
        var y = middle - (count - 1) * 9 + 5;
        foreach (var group in groups)
            for (var k = 0; k < group.Length; k++, y += 18)
                _svg.Append(Markup.Text(0, y, Markup.Shorten(group[k], 22), "start", k == 0 ? " class=\"ck-name\"" : " class=\"ck-tick\""));
        _svg.Append('\n');
    }

    /// <summary>A word beside something.</summary>
    public void Caption(double x, double y, string text, string anchor = "middle", string css = "ck-name") =>
        _svg.Append(Markup.Text(x, y, text, anchor, $" class=\"{css}\"")).Append('\n');

    /// <summary>A vector as a column of numbers on their colours, around a height; empty cells where it is not known yet.</summary>
    public void Numbers(double x, double middle, double width, double row, IList<double> vector, int most, ColorScale scale, bool isKnown)
    {
        var count = Math.Min(most, vector.Count);
        var top = middle - count * row / 2;
        Colors(x - width / 2, top, width, row, vector, count, scale, isKnown);
        for (var k = 0; isKnown && k < count; k++)
            _svg.Append(Markup.Text(x, top + (k + 0.5) * row + 5, CellPlayerDrawing.Number(vector[k]), "middle", scale.Ink(vector[k]) == "#000" ? " class=\"ck-dark\"" : " class=\"ck-bright\""));
        _svg.Append('\n');
    }

    /// <summary>A vector as a column of colours in an outline.</summary>
    public void Colors(double left, double top, double width, double row, IList<double> vector, int count, ColorScale scale, bool isKnown)
    {
        for (var k = 0; isKnown && k < count; k++)
            _svg.Append($"<rect fill=\"{scale.Color(vector[k])}\" x=\"{Num.Px(left)}\" y=\"{Num.Px(top + k * row)}\" width=\"{Num.Px(width)}\" height=\"{Num.Px(row)}\"/>");
        _svg.Append($"<path class=\"ck-seam\" d=\"");
        for (var k = 0; k <= count; k++)
            _svg.Append($"M{Num.Px(left)},{Num.Px(top + k * row)}H{Num.Px(left + width)}");
        _svg.Append($"M{Num.Px(left)},{Num.Px(top)}V{Num.Px(top + count * row)}M{Num.Px(left + width)},{Num.Px(top)}V{Num.Px(top + count * row)}\"/>\n");
    }

    /// <summary>The SVG.</summary>
    public string Svg(double height, string title, string description) => Figure.Svg(height, "Network", title, description, _svg.ToString());

    /// <summary>Writes what the mouse reads.</summary>
    public void WriteHover(Utf8JsonWriter json)
    {
        json.WriteString("kind", "boxes");
        json.WriteStartArray("boxes");
        foreach (var spot in _spots)
        {
            json.WriteStartArray();
            foreach (var number in (double[])[spot.X, spot.Y, spot.Width, spot.Height])
                json.WriteValue(number, 4);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteTexts("texts", _spots.Select(spot => spot.Text));
    }
}
