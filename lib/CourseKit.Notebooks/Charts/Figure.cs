using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CourseKit.Notebooks;

/// <summary>A legend's entry: a series' name and colour number.</summary>
internal readonly record struct LegendEntry(string Name, int Color);

/// <summary>Wraps a drawing into the HTML that every front end takes: title, legend and notes, then style and script.</summary>
/// <remarks>Nothing has an id, so charts on one page cannot collide; a script binds the charts that no script has bound yet.</remarks>
internal static class Figure
{
    private static readonly Lazy<string> Style = new(() => Resource("Figure.css") + Resource("Pictures.css") + Resource("Dials.css"));
    private static readonly Lazy<string> Script = new(() => Resource("Hover.js") + Resource("Slider.js") + Resource("Dials.js"));

    /// <summary>Puts style and script around figures, which makes them a fragment that stands by itself.</summary>
    public static string Complete(string figures) => $"<div class=\"ck\">\n<style>\n{Style.Value}</style>\n{figures}<script>\n{Script.Value}</script>\n</div>\n";

    /// <summary>Makes the figure.</summary>
    /// <param name="title">Text above; may be empty.</param>
    /// <param name="legend">Entries; none for no legend.</param>
    /// <param name="body">The drawing.</param>
    /// <param name="notes">Lines below, such as what was left out.</param>
    /// <param name="writeHover">Writes the members of the JSON object that the script reads.</param>
    public static string Of(
        string title, IEnumerable<LegendEntry> legend, string body, IEnumerable<string> notes, Action<Utf8JsonWriter> writeHover)
    {
        var html = new StringBuilder();
        html.Append("<figure class=\"ck-chart\" data-hover='").Append(Markup.EscapeJson(Json(writeHover))).Append("'>\n");
        if (title.Length > 0)
            html.Append("<div class=\"ck-title\">").Append(Markup.Escape(title)).Append("</div>\n");
        var entries = legend.ToArray();
        if (entries.Length > 0)
        {
            html.Append("<div class=\"ck-legend\">");
            foreach (var entry in entries)
                html.Append("<span class=\"ck-k").Append(Num.Whole(entry.Color % 6)).Append("\" style=\"--c:").Append(Color(entry.Color)).Append("\">").Append(Markup.Escape(entry.Name)).Append("</span>");
            html.Append("</div>\n");
        }

        html.Append(body);
        foreach (var note in notes)
            html.Append("<p class=\"ck-note\">").Append(Markup.Escape(note)).Append("</p>\n");
        return html.Append("<div class=\"ck-tip\" hidden=\"hidden\"></div>\n</figure>\n").ToString();
    }

    /// <summary>Wraps SVG content into its root element with a text alternative.</summary>
    /// <param name="height">Height of the view box.</param>
    /// <param name="kind">What kind of picture it is.</param>
    /// <param name="title">Its title; may be empty.</param>
    /// <param name="description">What it shows, for those who cannot see it.</param>
    /// <param name="content">The elements.</param>
    /// <param name="width">Width of the view box.</param>
    // A <title> element would pop up as a second read-out under the mouse, so the name stands in aria-label.
    public static string Svg(double height, string kind, string title, string description, string content, double width = Layout.Width) =>
        $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Num.Px(width)} {Num.Px(height)}\" role=\"img\" " +
        $"aria-label=\"{Markup.Escape(title.Length > 0 ? $"{kind}: {title}" : kind)}\">\n" +
        $"<desc>{Markup.Escape(description)}</desc>\n{content}</svg>\n";

    /// <summary>A series' colour as CSS that follows the theme.</summary>
    public static string Color(int series) =>
        string.Create(CultureInfo.InvariantCulture, $"var(--ck-s{series % 6},{Palette.Series(series)})");

    /// <summary>Makes a JSON object.</summary>
    public static string Json(Action<Utf8JsonWriter> writeMembers)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            writeMembers(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static string Resource(string name)
    {
        using var stream = typeof(Figure).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"CourseKit.Notebooks: the resource {name} must be in the assembly, but is not. Build the kit anew.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
