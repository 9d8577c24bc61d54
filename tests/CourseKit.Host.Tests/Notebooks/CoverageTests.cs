namespace CourseKit.Host.Tests.Notebooks;

/// <summary>docs/coverage.md says where each concept of the course stands: the heading is there, and under it the words.</summary>
public sealed class CoverageTests
{
    private static readonly IReadOnlyList<Row> Rows =
        [.. File.ReadLines(Path.Combine(CourseFiles.Root, "docs", "coverage.md")).Where(line => line.StartsWith("| 00", StringComparison.Ordinal)).Select(Parse)];

    [Fact]
    public void Rows_EachConcept_StandsUnderItsHeading() =>
        Assert.All(Rows, row => Assert.Contains(row.Phrase, Section(row.Notebook, row.Heading), StringComparison.OrdinalIgnoreCase));

    [Fact]
    public void Rows_EveryDeckAndEveryChapter_IsThere()
    {
        Assert.Equal(["000", "001", "002", "003", "004"], Rows.Select(row => row.Deck).Distinct().Order(StringComparer.Ordinal));
        // Notebook 00 belongs to no deck: it is the way in.
        Assert.Empty(CourseFiles.Names.Where(name => char.IsAsciiDigit(name[0]) && name != "00-start-here.ipynb").Except(Rows.Select(row => row.Notebook)));
    }

    // The text and code from a heading to the next of its kind; several sections of one name are one.
    private static string Section(string notebook, string heading)
    {
        var (inside, text) = (false, new List<string>());
        foreach (var line in CourseFiles.Cells(notebook).SelectMany(cell => cell.Source.Split('\n').Select(line => (cell.IsCode, Line: line))))
        {
            if (!line.IsCode && line.Line.StartsWith("## ", StringComparison.Ordinal))
                inside = line.Line[3..] == heading;
            else if (inside)
                text.Add(line.Line);
        }

        Assert.True(text.Count > 0, $"{notebook} has no heading \"{heading}\".");
        return string.Join('\n', text);
    }

    // | 000 | concept | [03-simple-rnn](../notebooks/03-simple-rnn.ipynb) | Goal | "words" |
    private static Row Parse(string line) =>
        line.Trim('|').Split(" | ").Select(cell => cell.Trim().Replace("\\|", "|", StringComparison.Ordinal)).ToArray() is [var deck, var concept, var link, var heading, ['"', .., '"'] phrase]
            ? new(deck, concept, link[(link.LastIndexOf('/') + 1)..^1], heading, phrase[1..^1])
            : throw new FormatException($"A row is | deck | concept | [notebook](path) | heading | \"words\" |, but got: {line}");

    private sealed record Row(string Deck, string Concept, string Notebook, string Heading, string Phrase);
}
