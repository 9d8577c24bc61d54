using CourseKit.Host.Notebooks;
using Microsoft.DotNet.Interactive.Formatting;
using Html = CourseKit.Cells.Html;

namespace CourseKit.Host.Execution;

/// <summary>
/// Shows any object the way .NET Interactive does. Types of the kit bring their own formatters by the convention of an attribute
/// named TypeFormatterSourceAttribute, which the formatter honours by name.
/// </summary>
internal static class DisplayFormat
{
    private const string Plain = "text/plain";

    /// <summary>How HTML that only wraps plain text begins: it says no more than text/plain does.</summary>
    private const string PlainInHtml = "<div class=\"dni-plaintext\">";

    static DisplayFormat()
    {
        foreach (var mimeType in (string[])["text/html", Plain])
            Formatter.Register<Html>((html, writer) => writer.Write(html.ToString()), mimeType);
        Formatter.SetPreferredMimeTypesFor(typeof(Html), "text/html", Plain);
    }

    /// <summary>Formats a value in every MIME type that its own formatters name, and always in text/plain.</summary>
    /// <param name="value">Anything, also null.</param>
    /// <param name="executionCount">The cell's number for its result, null for display(x).</param>
    /// <param name="mimeTypes">The types to give; none means the value's own.</param>
    public static DisplayOutput Of(object? value, int? executionCount, params IReadOnlyList<string> mimeTypes)
    {
        if (value is null)
            return DisplayOutput.Of(executionCount, (Plain, Formatter.NullString));
        IEnumerable<string> wanted = mimeTypes.Count > 0 ? mimeTypes : [.. Formatter.GetPreferredMimeTypesFor(value.GetType()), Plain];
        return DisplayOutput.Of(executionCount, wanted.Distinct()
            .Select(mimeType => (MimeType: mimeType, Content: Formatter.ToDisplayString(value, mimeType)))
            .Where(pair => mimeTypes.Count > 0 || !pair.Content.StartsWith(PlainInHtml, StringComparison.Ordinal)));
    }
}
