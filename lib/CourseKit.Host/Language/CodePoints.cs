namespace CourseKit.Host.Language;

/// <summary>Jupyter counts a cursor's place in code points, .NET counts in UTF-16 units: a character beyond the first 65,536 is one there and two here.</summary>
internal static class CodePoints
{
    /// <summary>The UTF-16 index of a place that is counted in code points; the text's end for a place beyond it.</summary>
    public static int ToIndex(string text, int codePoints)
    {
        var index = 0;
        for (; codePoints > 0 && index < text.Length; codePoints--)
            index += char.IsSurrogatePair(text, index) ? 2 : 1;
        return index;
    }

    /// <summary>The number of code points before a UTF-16 index.</summary>
    public static int FromIndex(string text, int index)
    {
        var codePoints = 0;
        for (var i = 0; i < index; codePoints++)
            i += char.IsSurrogatePair(text, i) ? 2 : 1;
        return codePoints;
    }
}
