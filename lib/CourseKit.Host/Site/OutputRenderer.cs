using System.Text;
using System.Text.RegularExpressions;
using CourseKit.Host.Notebooks;

namespace CourseKit.Host.Site;

/// <summary>Renders a cell's outputs: HTML and pictures as they are, everything else as text.</summary>
internal static partial class OutputRenderer
{
    private const int LongestTableLine = 100;

    /// <summary>One output as HTML.</summary>
    /// <exception cref="SiteException">The output's HTML loads something from the network.</exception>
    public static string ToHtml(CellOutput output) => output switch
    {
        StreamOutput stream => Text(stream.Name == "stderr" ? "stream stderr" : "stream stdout", stream.Text),
        ErrorOutput error => $"<pre class=\"error\"><strong>{HtmlText.Escape(error.Name)}</strong>: {Plain(error.Message)}{Traceback(error)}</pre>",
        DisplayOutput display => Display(display),
        _ => "",
    };

    private static string Traceback(ErrorOutput error)
    {
        var text = new StringBuilder();
        // A traceback often begins with the message itself.
        foreach (var line in error.Traceback.Where(line => line.Trim() != error.Message.Trim() && line.Trim() != $"{error.Name}: {error.Message}".Trim()))
            text.Append('\n').Append(Plain(line));
        return text.ToString();
    }

    private static string Display(DisplayOutput display)
    {
        if (display.Text("text/html") is { } html)
            return Offline(html);
        if (display.Text("image/svg+xml") is { } svg)
            return Offline(XmlHeader().Replace(svg, ""));
        foreach (var type in (string[])["image/png", "image/jpeg", "image/gif"])
            if (display.Text(type) is { } picture)
                return $"<img alt=\"Output of the cell above\" src=\"data:{type};base64,{Blank().Replace(picture, "")}\">";
        return display.Text("text/plain") is { } text ? Text("value", text) : "";
    }

    // A line longer than any table's is running text, which is read wrapped; shorter ones keep their columns and scroll.
    private static string Text(string css, string text) =>
        $"<pre class=\"{css}{(text.Split('\n').Any(line => line.Length > LongestTableLine) ? " wrap" : "")}\">{Plain(text)}</pre>";

    // Pages work without a network, and a page that does not is found here rather than by a reader.
    private static string Offline(string html) => RemoteResource().Match(html) is { Success: true } remote
        ? throw new SiteException(
            $"the output loads {remote.Groups["url"].Value} from the network. Pages must work offline: show a picture that holds all it needs.")
        : html;

    private static string Plain(string text) => HtmlText.Escape(Ansi().Replace(StreamText.Collapse(text), ""));

    [GeneratedRegex(@"\x1B\[[0-9;?]*[A-Za-z]")]
    private static partial Regex Ansi();

    [GeneratedRegex(@"^\s*(<\?xml[^>]*\?>|<!DOCTYPE[^>]*>|\s)*", RegexOptions.IgnoreCase)]
    private static partial Regex XmlHeader();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blank();

    [GeneratedRegex(
        """(\b(src|srcset|poster|xlink:href)\s*=\s*["']?\s*|<(link|image|use)\b[^>]*\bhref\s*=\s*["']?\s*|url\(\s*["']?\s*|@import\s+["']|\bimport\s*\(?\s*["'])(?<url>(https?:)?//[^"'\s)>]+)""",
        RegexOptions.IgnoreCase)]
    private static partial Regex RemoteResource();
}
