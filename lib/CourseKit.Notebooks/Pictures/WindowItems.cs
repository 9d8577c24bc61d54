namespace CourseKit.Notebooks;

/// <summary>What a windows picture cuts: numbers or tokens, as many as fit side by side.</summary>
internal sealed class WindowItems
{
    /// <summary>Room for a row's number, left of the items.</summary>
    public const double Gutter = 34;

    private const int MostItems = 22;
    private const int LongestToken = 12;

    private WindowItems(string[] texts, double[]? values, double[] widths, int all) =>
        (Texts, Values, All, Widths) = (texts, values, all, widths);

    /// <summary>What stands in a cell: the number's place, or the token.</summary>
    public string[] Texts { get; }

    /// <summary>The numbers; null for tokens.</summary>
    public double[]? Values { get; }

    /// <summary>The width of each one's cell.</summary>
    public double[] Widths { get; }

    /// <summary>How many there would be; as many as are shown, or more.</summary>
    public int All { get; }

    /// <summary>How many are shown.</summary>
    public int Count => Texts.Length;

    /// <summary>"numbers" or "words".</summary>
    public string Unit => Values is null ? "words" : "numbers";

    public static WindowItems Of(double[] series)
    {
        if (Array.FindIndex(series, value => !double.IsFinite(value)) is >= 0 and var bad)
            throw new ArgumentException($"Picture.Windows: every number must be finite, but series[{Num.Whole(bad)}] is {Num.Short(series[bad])}. Leave it out, or fill the gap.", nameof(series));
        var count = Math.Min(series.Length, MostItems);
        var width = Math.Min(40, (Layout.Width - Gutter - 2) / Math.Max(count, 1));
        return new([.. Enumerable.Range(0, count).Select(t => Num.Whole(t))], series[..count], [.. Enumerable.Repeat(width, count)], series.Length);
    }

    public static WindowItems Of(string[] tokens)
    {
        var (texts, widths, room) = (new List<string>(), new List<double>(), Layout.Width - Gutter - 2);
        foreach (var token in tokens)
        {
            var text = Markup.Shorten(Markup.Visible(token), LongestToken);
            var width = text.EnumerateRunes().Count() * Layout.CharWidth + 12;
            if (width > room)
                break;
            texts.Add(text);
            widths.Add(width);
            room -= width;
        }

        return new([.. texts], null, [.. widths], tokens.Length);
    }

    /// <summary>Where an item's cell begins in the row of all.</summary>
    public double Left(int item) => Gutter + Widths.Take(item).Sum();
}
