using System.Text;

namespace CourseKit.Host.Site;

/// <summary>What the search knows of one section of a page.</summary>
/// <param name="id">The id of its heading; empty before the first one.</param>
/// <param name="heading">The heading's words; empty before the first one.</param>
internal sealed class PageSection(string id, string heading)
{
    private readonly StringBuilder _prose = new();
    private readonly StringBuilder _code = new();

    /// <summary>The id of its heading; empty before the first one.</summary>
    public string Id => id;

    /// <summary>The heading's words; empty before the first one.</summary>
    public string Heading => heading;

    /// <summary>Its prose on one line.</summary>
    public string Prose => _prose.ToString();

    /// <summary>Its code, cell after cell.</summary>
    public string Code => _code.ToString();

    /// <summary>Adds the next words.</summary>
    public void AddProse(string words)
    {
        if (words.Length > 0)
            _prose.Append(_prose.Length > 0 ? " " : "").Append(words);
    }

    /// <summary>Adds the next cell.</summary>
    public void AddCode(string source)
    {
        if (source.Trim() is { Length: > 0 } code)
            _code.Append(_code.Length > 0 ? "\n" : "").Append(code);
    }
}
