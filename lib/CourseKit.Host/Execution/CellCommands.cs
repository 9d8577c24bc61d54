using CourseKit.Host.Notebooks;
using Microsoft.AspNetCore.Html;

namespace CourseKit.Host.Execution;

#pragma warning disable IDE1006, CA1707, CA1708 // The names that notebooks use in .NET Interactive: display(x) and x.Display().
/// <summary>What a cell can call without a name before it, as in .NET Interactive.</summary>
public static class CellCommands
{
    /// <summary>The session whose cell is running. One process runs one notebook.</summary>
    internal static ScriptSession? Session { get; set; }

    /// <summary>Shows a value now, before the cell's end.</summary>
    /// <param name="value">Anything.</param>
    /// <param name="mimeTypes">For example "text/plain"; none means all that the value's type offers.</param>
    public static void display(object? value, params string[] mimeTypes) => Publish(DisplayFormat.Of(value, null, mimeTypes));

    /// <summary>Shows a value now, before the cell's end.</summary>
    /// <param name="value">Anything.</param>
    /// <param name="mimeTypes">For example "text/plain"; none means all that the value's type offers.</param>
    public static void Display<T>(this T value, params string[] mimeTypes) => display(value, mimeTypes);

    /// <summary>Shows text as the given MIME type, as it stands.</summary>
    /// <param name="text">The content, for example HTML.</param>
    /// <param name="mimeType">For example "text/html".</param>
    public static void DisplayAs(this string text, string mimeType) => Publish(DisplayOutput.Of(null, (mimeType, text)));

    /// <summary>Marks text as HTML: as a cell's last expression, or inside display(...), it is shown rendered.</summary>
    /// <param name="content">HTML.</param>
    /// <returns>The marked text.</returns>
    public static IHtmlContent HTML(string content) => new HtmlString(content);

    private static void Publish(DisplayOutput output) =>
        (Session ?? throw new InvalidOperationException("display: no notebook is running in this process.")).Publish(output);
}
