namespace CourseKit.Notebooks;

/// <summary>How each type that the kit shows looks as a cell's result.</summary>
internal static class Display
{
    /// <summary>The value as HTML; null for a type that the kit does not show.</summary>
    public static string? Html(object value) => value switch
    {
        Chart chart => chart.ToHtml(),
        KitInfo info => Quiet(info.ToString()),
        CheckResult result => $"<div style=\"color:#009e73\">&#10003; <span style=\"color:#808080\">{Markup.Escape(result.ToString())}</span></div>\n",
        _ => null,
    };

    /// <summary>The value as text; null for a type that the kit does not show.</summary>
    public static string? Text(object value) => value is Chart or KitInfo or CheckResult ? value.ToString() : null;

    private static string Quiet(string text) => $"<div style=\"color:#808080;font-size:90%\">{Markup.Escape(text)}</div>\n";
}
