using System.Globalization;
using System.Text.RegularExpressions;

namespace CourseKit.Host.Tests.Notebooks;

/// <summary>A number that a notebook's prose quotes, and how the notebook's own variables give it again. Kept in Quotes/NAME.tsv.</summary>
/// <param name="Text">The words as they stand in the prose, with one number in them.</param>
/// <param name="Expression">C# that gives the number after the last cell.</param>
/// <param name="Tolerance">The largest difference: half a unit of the last digit for arithmetic, more for what was trained.</param>
internal sealed partial record Quote(string Text, string Expression, double Tolerance)
{
    /// <summary>The number in the text.</summary>
    public double Number => double.Parse(Digits().Matches(Text).Single().Value.Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);

    /// <summary>A notebook's quotes; none when it has no file.</summary>
    public static IReadOnlyList<Quote> Of(string notebook)
    {
        var file = Path.Combine(CourseFiles.Root, "tests", "CourseKit.Host.Tests", "Notebooks", "Quotes", Path.ChangeExtension(notebook, ".tsv"));
        return File.Exists(file)
            ? [.. File.ReadLines(file).Where(line => line.Length > 0 && line[0] != '#').Select(Parse)]
            : [];
    }

    /// <summary>The cell that prints every number, one a line.</summary>
    public static string Cell(IEnumerable<Quote> quotes) =>
        string.Join("\n", quotes.Select(quote => $"Console.WriteLine(((double)({quote.Expression})).ToString(\"R\", System.Globalization.CultureInfo.InvariantCulture));"));

    /// <summary>Numbers as they stand in prose: "-0.7", "2,500", "17".</summary>
    [GeneratedRegex(@"(?<![\w.])-?\d+(,\d{3})*(\.\d+)?(e-?\d+)?")]
    public static partial Regex Digits();

    private static Quote Parse(string line) =>
        line.Split('\t') is [var text, var expression, var tolerance]
            ? new(text, expression, double.Parse(tolerance, CultureInfo.InvariantCulture))
            : throw new FormatException($"A quote is text, expression and tolerance with tabs between, but got: {line}");
}
