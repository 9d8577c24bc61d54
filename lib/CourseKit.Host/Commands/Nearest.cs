namespace CourseKit.Host.Commands;

/// <summary>Finds what somebody probably meant to type.</summary>
internal static class Nearest
{
    /// <summary>" Did you mean WORD?" with a leading blank, or nothing when no word is near.</summary>
    /// <param name="typed">What was typed.</param>
    /// <param name="words">What could have been meant.</param>
    public static string Suggest(string typed, IEnumerable<string> words)
    {
        var best = words.Select(word => (Word: word, Distance: Distance(typed, word)))
            .Where(pair => pair.Distance <= Math.Max(1, Math.Min(typed.Length, pair.Word.Length) / 3)
                || (typed.TrimStart('-').Length > 1 && pair.Word.StartsWith(typed, StringComparison.OrdinalIgnoreCase)))
            .OrderBy(pair => pair.Distance).FirstOrDefault();
        return best.Word is null ? "" : $" Did you mean {best.Word}?";
    }

    /// <summary>Edits (a character put in, taken out, changed, or two swapped) from one word to the other.</summary>
    internal static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    rows[i, j] = i + j;
                    continue;
                }
                var same = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1;
                rows[i, j] = Math.Min(Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1, rows[i - 1, j - 1] + same);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }
        return rows[a.Length, b.Length];
    }
}
