namespace CourseKit.Host.Site;

/// <summary>A heading that the table of contents lists.</summary>
/// <param name="Level">2 or 3.</param>
/// <param name="Id">The id of the heading on its page.</param>
/// <param name="Html">Its words.</param>
internal sealed record PageHeading(int Level, string Id, string Html);

/// <summary>The words under one heading, for the search.</summary>
/// <param name="Heading">The heading that the words follow, or null at the beginning of a cell.</param>
/// <param name="Words">Prose as plain text.</param>
internal sealed record HeadedWords(PageHeading? Heading, string Words);

/// <summary>One rendered Markdown cell.</summary>
/// <param name="Html">The cell, without the page's title.</param>
/// <param name="Title">The words of its first heading of level 1 as plain text, or null.</param>
/// <param name="TitleHtml">The same as HTML.</param>
/// <param name="Goal">The first paragraph under a heading named Goal, as HTML, or null.</param>
/// <param name="Words">What it says before its first heading of level 2 or 3, and under each of them.</param>
internal sealed record MarkdownPart(string Html, string? Title, string? TitleHtml, string? Goal, IReadOnlyList<HeadedWords> Words)
{
    /// <summary>Its headings of levels 2 and 3, in order.</summary>
    public IEnumerable<PageHeading> Headings => Words.Select(words => words.Heading).OfType<PageHeading>();
}
