using System.Text;

namespace CourseKit.Host.Site;

/// <summary>Gives each heading of a page an id of its own.</summary>
internal sealed class HeadingIds
{
    // Ids of the page's own frame.
    private readonly HashSet<string> _taken = ["content", "contents", "search", "search-index", "search-results"];

    /// <summary>A new id made of the heading's words.</summary>
    public string Next(string heading)
    {
        var slug = Slug(heading);
        var id = slug;
        for (var n = 2; !_taken.Add(id); n++)
            id = $"{slug}-{n}";
        return id;
    }

    /// <summary>The words of a heading in small letters, joined by hyphens; "section" when it has none.</summary>
    public static string Slug(string heading)
    {
        var slug = new StringBuilder();
        foreach (var c in heading)
        {
            if (char.IsLetterOrDigit(c))
                slug.Append(char.ToLowerInvariant(c));
            else if (slug.Length > 0 && slug[^1] != '-')
                slug.Append('-');
        }
        var text = slug.ToString().TrimEnd('-');
        return text.Length == 0 ? "section" : text;
    }
}
