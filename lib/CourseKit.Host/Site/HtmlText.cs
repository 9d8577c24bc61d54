namespace CourseKit.Host.Site;

/// <summary>Text made safe for HTML.</summary>
internal static class HtmlText
{
    /// <summary>Escapes text for an element's content or a quoted attribute.</summary>
    public static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("\"", "&quot;", StringComparison.Ordinal);
}
