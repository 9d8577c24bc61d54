using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using CourseKit.Notebooks;

namespace CourseKit.Benchmarks;

/// <summary>Writes a chart as an SVG file that stands by itself, for documents: with title and legend above the picture, on white, and the styles that a page would bring.</summary>
internal static partial class StandaloneSvg
{
    private const int Line = 20, Margin = 10;

    private const string Style = "text{font:13px system-ui,\"Segoe UI\",Roboto,\"Helvetica Neue\",Arial,sans-serif;fill:#111}.title{font-size:16px;font-weight:600}.ck-tick{opacity:.75}.ck-grid{stroke:#111;opacity:.14}"
        + ".ck-axis{stroke:#111;opacity:.6}.ck-line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}.ck-dots{fill:none;stroke-width:6.5;stroke-linecap:round}";

    /// <summary>Writes the file; an existing one is replaced.</summary>
    /// <param name="chart">Lines over two axes.</param>
    /// <param name="file">The file.</param>
    /// <param name="names">The lines' names, in order.</param>
    public static void Write(XYChart chart, string file, IEnumerable<string> names)
    {
        var html = chart.ToHtml();
        var picture = Picture().Match(html);
        var title = Title().Match(html).Groups["text"].Value;
        var (width, height) = (Number(picture.Groups["width"]), Number(picture.Groups["height"]));
        var colors = Color().Matches(picture.Value).Select(match => match.Groups["color"].Value);
        var svg = new StringBuilder();
        var y = Margin + Line;
        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"title\" x=\"{Margin}\" y=\"{y}\">{title}</text>\n");
        foreach (var (name, color) in names.Zip(colors))
        {
            y += Line;
            svg.Append(CultureInfo.InvariantCulture, $"<path style=\"stroke:{color};stroke-width:4\" d=\"M{Margin},{y - 4}h18\"/><text x=\"{Margin + 24}\" y=\"{y}\">{WebUtility.HtmlEncode(name)}</text>\n");
        }

        var (outerWidth, outerHeight) = (width + (2 * Margin), y + (2 * Margin) + height);
        var text = string.Create(CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {outerWidth} {outerHeight}\" width=\"{outerWidth}\" height=\"{outerHeight}\" {picture.Groups["label"].Value}>\n<style>{Style}</style>\n"
            + $"<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n{svg}<g transform=\"translate({Margin},{y + Margin})\">\n{picture.Groups["content"].Value}</g>\n</svg>\n");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private static double Number(Group group) => double.Parse(group.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex("<svg xmlns=\"[^\"]*\" viewBox=\"0 0 (?<width>[\\d.]+) (?<height>[\\d.]+)\" (?<label>[^>]*)>\n(?<content>.*?)</svg>", RegexOptions.Singleline)]
    private static partial Regex Picture();

    [GeneratedRegex("<div class=\"ck-title\">(?<text>.*?)</div>")]
    private static partial Regex Title();

    [GeneratedRegex("class=\"ck-line[^>]*stroke:(?<color>[^;\"]*)")]
    private static partial Regex Color();
}
