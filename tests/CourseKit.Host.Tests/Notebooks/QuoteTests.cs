using System.Text.RegularExpressions;

namespace CourseKit.Host.Tests.Notebooks;

/// <summary>What the notebooks' conclusions say in numbers is watched: each number is quoted in Quotes/, where the executed notebook gives it again.</summary>
public sealed partial class QuoteTests
{
    public static TheoryData<string> Chapters => CourseFiles.Chapters;

    [Theory]
    [MemberData(nameof(Chapters))]
    public void Quotes_OfAChapter_StandInItsProse(string name)
    {
        var prose = string.Join("\n", CourseFiles.Cells(name).Where(cell => !cell.IsCode).Select(cell => cell.Source));

        Assert.All(Quote.Of(name), quote =>
        {
            Assert.Contains(quote.Text, prose, StringComparison.Ordinal);
            Assert.True(double.IsFinite(quote.Number));
            Assert.True(quote.Tolerance >= 0, quote.Text);
        });
    }

    [Theory]
    [MemberData(nameof(Chapters))]
    public void Numbers_InWhatWeSaw_AreQuoted(string name)
    {
        var conclusion = CourseFiles.Cells(name).Single(cell => cell.Source.StartsWith("## What we saw", StringComparison.Ordinal)).Source;
        var left = Quote.Of(name).OrderByDescending(quote => quote.Text.Length)
            .Aggregate(NoResult().Replace(conclusion, " "), (text, quote) => text.Replace(quote.Text, " ", StringComparison.Ordinal));

        Assert.Empty(Quote.Digits().Matches(left).Select(match => match.Value));
    }

    // Code, references to other notebooks and exercises, and years.
    [GeneratedRegex(@"`[^`]*`|\bnotebooks? \d\d((, \d\d)* and \d\d)?|\b(exercise|Exercise) \d\d\.\d|\((19|20)\d\d\)")]
    private static partial Regex NoResult();
}
