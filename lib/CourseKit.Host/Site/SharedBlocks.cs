using System.Text.RegularExpressions;

namespace CourseKit.Host.Site;

/// <summary>
/// The styles and scripts that the kit's drawings repeat in every output, each kept once for the whole page. They are made for that: a
/// rule of style is the same anywhere, and a drawing's script binds the figures that no script has bound yet, so that at the end of the
/// page it does what it did behind each of them. HTML that is not the kit's keeps its own.
/// </summary>
internal sealed partial class SharedBlocks
{
    private readonly List<string> _styles = [];
    private readonly List<string> _scripts = [];

    /// <summary>Rules of style, each once, in the order of their first appearance.</summary>
    public IReadOnlyList<string> Styles => _styles;

    /// <summary>Scripts, each once, in the order of their first appearance; to be run when the whole page is there.</summary>
    public IReadOnlyList<string> Scripts => _scripts;

    /// <summary>Takes the kit's blocks out of an output.</summary>
    /// <param name="html">An output.</param>
    /// <returns>The output without them.</returns>
    public string Take(string html) => !html.StartsWith("<div class=\"ck\">", StringComparison.Ordinal) && !html.StartsWith("<style>.ck-", StringComparison.Ordinal)
        ? html
        : Block().Replace(html, block =>
        {
            var content = block.Groups["content"].Value.Trim('\n');
            // A script that asks where it stands must stay there.
            if (content.Contains("currentScript", StringComparison.Ordinal))
                return block.Value;
            var blocks = block.Groups["name"].Value == "style" ? _styles : _scripts;
            if (!blocks.Contains(content))
                blocks.Add(content);
            return "";
        });

    [GeneratedRegex(@"<(?<name>style|script)>(?<content>.*?)</\k<name>>\n?", RegexOptions.Singleline)]
    private static partial Regex Block();
}
