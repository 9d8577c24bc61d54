using System.Net;
using System.Text.RegularExpressions;

namespace CourseKit.Host.Site;

/// <summary>Text made safe for HTML, and HTML made text again.</summary>
internal static partial class HtmlText
{
    /// <summary>Escapes text for an element's content or a quoted attribute.</summary>
    public static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("\"", "&quot;", StringComparison.Ordinal);

    /// <summary>The words that rendered HTML shows, on one line: without tags and MathML's invisible signs.</summary>
    /// <param name="html">What this site's renderers write, in which no attribute holds a bare "&gt;".</param>
    public static string Words(string html) => Blank().Replace(Invisible().Replace(WebUtility.HtmlDecode(Tag().Replace(html, "")), ""), " ").Trim();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex("[\u2061-\u2064\u200B]")]
    private static partial Regex Invisible();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blank();
}
