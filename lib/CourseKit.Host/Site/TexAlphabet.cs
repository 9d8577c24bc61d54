namespace CourseKit.Host.Site;

/// <summary>The alphabets of \mathbf and its kin.</summary>
internal enum TexAlphabet
{
    Italic, Roman, Bold, BoldItalic, Blackboard, Calligraphic, Fraktur, SansSerif, Typewriter,
}

/// <summary>Letters of an alphabet as Unicode's mathematical letters, the way MathML Core writes them.</summary>
internal static class TexAlphabetLetters
{
    /// <summary>The identifier or number element for one letter, digit or Greek sign in an alphabet.</summary>
    /// <param name="letter">One character, or a Unicode letter outside the basic plane, which stays as it is.</param>
    /// <param name="alphabet">The alphabet in force.</param>
    public static string Identifier(string letter, TexAlphabet alphabet)
    {
        var mapped = letter.Length == 1 ? Map(letter[0], alphabet) : null;
        if (mapped is not null)
            return $"<mi>{mapped}</mi>";
        // A lone letter in <mi> is slanted by the browser. TeX leaves capital Greek and signs upright.
        var upright = alphabet == TexAlphabet.Roman || letter is [>= 'Α' and <= 'Ω'] || !char.IsLetter(letter, 0) && letter != "∂";
        return upright ? $"<mi mathvariant=\"normal\">{HtmlText.Escape(letter)}</mi>" : $"<mi>{HtmlText.Escape(letter)}</mi>";
    }

    /// <summary>A number in an alphabet; only bold, blackboard, sans-serif and typewriter have digits of their own.</summary>
    public static string Number(string digits, TexAlphabet alphabet) =>
        $"<mn>{string.Concat(digits.Select(d => Map(d, alphabet) ?? d.ToString()))}</mn>";

    private static string? Map(char c, TexAlphabet alphabet) => c switch
    {
        >= 'A' and <= 'Z' => Capital(c, alphabet),
        >= 'a' and <= 'z' => Small(c, alphabet),
        >= '0' and <= '9' => Offset(c - '0', alphabet switch
        {
            TexAlphabet.Bold or TexAlphabet.BoldItalic => 0x1D7CE,
            TexAlphabet.Blackboard => 0x1D7D8,
            TexAlphabet.SansSerif => 0x1D7E2,
            TexAlphabet.Typewriter => 0x1D7F6,
            _ => 0,
        }),
        >= 'Α' and <= 'Ω' => Offset(c - 'Α', alphabet switch { TexAlphabet.Bold => 0x1D6A8, TexAlphabet.BoldItalic => 0x1D71C, _ => 0 }),
        >= 'α' and <= 'ω' => Offset(c - 'α', alphabet == TexAlphabet.BoldItalic ? 0x1D736 : 0),
        'ϵ' when alphabet == TexAlphabet.BoldItalic => char.ConvertFromUtf32(0x1D750),
        '∇' when alphabet is TexAlphabet.Bold or TexAlphabet.BoldItalic => char.ConvertFromUtf32(0x1D6C1),
        _ => null,
    };

    private static string? Capital(char c, TexAlphabet alphabet) => (alphabet, c) switch
    {
        // Letters that Unicode had before the mathematical block was made.
        (TexAlphabet.Blackboard, 'C') => "ℂ",
        (TexAlphabet.Blackboard, 'H') => "ℍ",
        (TexAlphabet.Blackboard, 'N') => "ℕ",
        (TexAlphabet.Blackboard, 'P') => "ℙ",
        (TexAlphabet.Blackboard, 'Q') => "ℚ",
        (TexAlphabet.Blackboard, 'R') => "ℝ",
        (TexAlphabet.Blackboard, 'Z') => "ℤ",
        (TexAlphabet.Calligraphic, 'B') => "ℬ",
        (TexAlphabet.Calligraphic, 'E') => "ℰ",
        (TexAlphabet.Calligraphic, 'F') => "ℱ",
        (TexAlphabet.Calligraphic, 'H') => "ℋ",
        (TexAlphabet.Calligraphic, 'I') => "ℐ",
        (TexAlphabet.Calligraphic, 'L') => "ℒ",
        (TexAlphabet.Calligraphic, 'M') => "ℳ",
        (TexAlphabet.Calligraphic, 'R') => "ℛ",
        (TexAlphabet.Fraktur, 'C') => "ℭ",
        (TexAlphabet.Fraktur, 'H') => "ℌ",
        (TexAlphabet.Fraktur, 'I') => "ℑ",
        (TexAlphabet.Fraktur, 'R') => "ℜ",
        (TexAlphabet.Fraktur, 'Z') => "ℨ",
        _ => Offset(c - 'A', FirstCapital(alphabet)),
    };

    private static string? Small(char c, TexAlphabet alphabet) => (alphabet, c) switch
    {
        (TexAlphabet.Calligraphic, 'e') => "ℯ",
        (TexAlphabet.Calligraphic, 'g') => "ℊ",
        (TexAlphabet.Calligraphic, 'o') => "ℴ",
        _ => FirstCapital(alphabet) is var first and not 0 ? Offset(c - 'a', first + 26) : null,
    };

    private static int FirstCapital(TexAlphabet alphabet) => alphabet switch
    {
        TexAlphabet.Bold => 0x1D400,
        TexAlphabet.BoldItalic => 0x1D468,
        TexAlphabet.Calligraphic => 0x1D49C,
        TexAlphabet.Fraktur => 0x1D504,
        TexAlphabet.Blackboard => 0x1D538,
        TexAlphabet.SansSerif => 0x1D5A0,
        TexAlphabet.Typewriter => 0x1D670,
        _ => 0,
    };

    private static string? Offset(int index, int first) => first == 0 ? null : char.ConvertFromUtf32(first + index);
}
