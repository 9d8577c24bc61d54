namespace CourseKit.Notebooks;

/// <summary>A text's characters as a vocabulary counts them, and how a picture writes them.</summary>
internal static class Glyphs
{
    /// <summary>One string for every code point; half of a surrogate pair becomes the sign for what cannot be shown.</summary>
    public static string[] Of(string text) => [.. text.EnumerateRunes().Select(rune => rune.ToString())];

    /// <summary>A character in a sentence: 'a', space, newline.</summary>
    public static string Name(string glyph) => glyph switch
    {
        " " => "space",
        "\n" => "newline",
        "\t" => "tab",
        "\r" => "carriage return",
        _ => $"'{Markup.Visible(glyph)}'",
    };

    /// <summary>What was read as one text: characters one behind another, words apart.</summary>
    public static string Join(IEnumerable<string> labels) => string.Join(labels.All(label => label.Length < 3) ? "" : " ", labels);

    /// <summary>A number set low, as in h₂.</summary>
    public static string Low(int number) => string.Concat(Num.Whole(number).Select(digit => (char)('₀' + (digit - '0'))));

    /// <summary>The beginning of a text, in quotation marks and on one line.</summary>
    public static string Quote(string text, int most = 40) => $"\"{Markup.Shorten(Markup.Visible(text), most)}\"";
}
