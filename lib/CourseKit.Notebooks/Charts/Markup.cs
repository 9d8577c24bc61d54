using System.Text;

namespace CourseKit.Notebooks;

/// <summary>Text made safe for HTML and SVG: escaped, and without what XML forbids.</summary>
internal static class Markup
{
    /// <summary>Escapes a text for an element's content or a quoted attribute.</summary>
    public static string Escape(string text)
    {
        var result = new StringBuilder(text.Length + 16);
        for (var k = 0; k < text.Length; k++)
        {
            var c = text[k];
            if (char.IsHighSurrogate(c) && k + 1 < text.Length && char.IsLowSurrogate(text[k + 1]))
                result.Append(c).Append(text[++k]);
            else
                result.Append(c switch
                {
                    '&' => "&amp;",
                    '<' => "&lt;",
                    '>' => "&gt;",
                    '"' => "&quot;",
                    '\'' => "&#39;",
                    '\t' or '\n' => c.ToString(),
                    '\r' => "&#13;",
                    < ' ' or '\uFFFE' or '\uFFFF' => "\uFFFD",
                    _ when char.IsSurrogate(c) => "\uFFFD",
                    _ => c.ToString(),
                });
        }

        return result.ToString();
    }

    /// <summary>Escapes JSON for an attribute in single quotes, where double quotes may stay.</summary>
    public static string EscapeJson(string json) =>
        json.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace("'", "&#39;", StringComparison.Ordinal);

    /// <summary>Shortens a label to so many characters, the last one an ellipsis.</summary>
    public static string Shorten(string label, int most)
    {
        if (label.Length <= most)
            return label;
        var end = Math.Max(1, most - 1);
        return (char.IsHighSurrogate(label[end - 1]) ? label[..(end - 1)] : label[..end]) + "…";
    }

    /// <summary>A label that can be seen: white space and control characters as signs.</summary>
    public static string Visible(string label) => label switch
    {
        " " => "␣",
        _ => string.Concat(label.Select(c => c switch
        {
            '\n' => '↵',
            '\t' => '→',
            < ' ' => (char)(0x2400 + c),
            '\x7f' => '␡',
            _ => c,
        })),
    };

    /// <summary>An SVG text element.</summary>
    public static string Text(double x, double y, string text, string anchor = "start", string more = "") =>
        $"<text x=\"{Num.Px(x)}\" y=\"{Num.Px(y)}\" text-anchor=\"{anchor}\"{more}>{Escape(text)}</text>";

    /// <summary>An SVG line element.</summary>
    public static string Line(double x1, double y1, double x2, double y2, string cssClass) =>
        $"<line class=\"{cssClass}\" x1=\"{Num.Px(x1)}\" y1=\"{Num.Px(y1)}\" x2=\"{Num.Px(x2)}\" y2=\"{Num.Px(y2)}\"/>";
}
