using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace CourseKit.Host.Language;

/// <summary>XML documentation as words to read.</summary>
internal static partial class DocumentationText
{
    /// <summary>An element's words on one line for each paragraph; code keeps its lines.</summary>
    /// <param name="element">summary, param, returns and the like.</param>
    public static string Of(XElement element)
    {
        var text = new StringBuilder();
        Append(text, element);
        return Blank().Replace(text.ToString(), " ").Replace(" \n", "\n", StringComparison.Ordinal).Replace("\n ", "\n", StringComparison.Ordinal)
            .Trim().Replace('\u0001', ' ');
    }

    private static void Append(StringBuilder text, XElement parent)
    {
        foreach (var node in parent.Nodes())
        {
            if (node is XText words)
                text.Append(LineEnd().Replace(words.Value, " "));
            else if (node is XElement element)
                Append(text, element, element.Name.LocalName);
        }
    }

    private static void Append(StringBuilder text, XElement element, string name)
    {
        switch (name)
        {
            case "see" or "seealso" or "paramref" or "typeparamref":
                var target = element.Attribute("langword") ?? element.Attribute("name") ?? element.Attribute("href") ?? element.Attribute("cref");
                if (element.IsEmpty || element.Value.Length == 0)
                    text.Append(target is null ? "" : ShortName(target.Value));
                else
                    Append(text, element);
                break;
            case "code":
                // Its blanks are marked, so that joining lines leaves them alone.
                text.Append('\n').Append(string.Join('\n', Unindented(element.Value).Select(line => "    " + line)).Replace(' ', '\u0001')).Append('\n');
                break;
            case "para" or "item":
                text.Append('\n');
                Append(text, element);
                text.Append('\n');
                break;
            case "term":
                Append(text, element);
                text.Append(": ");
                break;
            case "listheader":
                break;
            case "br":
                text.Append('\n');
                break;
            default:
                Append(text, element);
                break;
        }
    }

    /// <summary>A documentation id as people write it: "M:System.Math.Sqrt(System.Double)" is "Math.Sqrt".</summary>
    /// <param name="id">An id, or any other word, which stays.</param>
    public static string ShortName(string id)
    {
        if (id.Length < 2 || id[1] != ':')
            return id;
        var name = Arity().Replace(Arguments().Replace(id[2..], ""), "");
        var parts = name.Split('.');
        var kept = id[0] is 'T' or 'N' ? parts.TakeLast(1) : parts.TakeLast(2);
        return string.Join('.', kept.Where(part => part != "#ctor"));
    }

    private static IEnumerable<string> Unindented(string code)
    {
        var lines = code.Trim('\n').TrimEnd().Split('\n');
        var indent = lines.Where(line => line.Trim().Length > 0).Select(line => line.Length - line.TrimStart().Length).DefaultIfEmpty(0).Min();
        return lines.Select(line => line.Length >= indent ? line[indent..] : line.TrimStart());
    }

    [GeneratedRegex(" {2,}")]
    private static partial Regex Blank();

    [GeneratedRegex(@"\s*\n\s*")]
    private static partial Regex LineEnd();

    [GeneratedRegex(@"\(.*\)(~.*)?$")]
    private static partial Regex Arguments();

    [GeneratedRegex("``?[0-9]+")]
    private static partial Regex Arity();
}
