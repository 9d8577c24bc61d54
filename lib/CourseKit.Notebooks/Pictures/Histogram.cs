namespace CourseKit.Notebooks;

/// <summary>How many numbers fall into each of equal intervals, and what they are on the average.</summary>
/// <param name="Counts">Numbers in each interval, from −Reach to Reach.</param>
/// <param name="Reach">The greatest size of a finite number; 1 where all are 0.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="Deviation">Their standard deviation, √ of the mean squared distance from the mean.</param>
/// <param name="NotFinite">Numbers that are in no interval.</param>
internal sealed record Histogram(int[] Counts, double Reach, double Mean, double Deviation, int NotFinite)
{
    /// <summary>Counts numbers.</summary>
    /// <param name="values">The numbers.</param>
    /// <param name="intervals">How many; an odd number, so that zero lies in the middle of one.</param>
    public static Histogram Of(ReadOnlySpan<float> values, int intervals)
    {
        var (reach, sum, finite) = (0.0, 0.0, 0);
        foreach (var value in values)
            if (float.IsFinite(value))
                (reach, sum, finite) = (Math.Max(reach, Math.Abs(value)), sum + value, finite + 1);
        reach = reach > 0 ? reach : 1;
        var mean = finite == 0 ? double.NaN : sum / finite;
        var (counts, squares) = (new int[intervals], 0.0);
        foreach (var value in values)
            if (float.IsFinite(value))
            {
                counts[Math.Min(intervals - 1, (int)((value + reach) / (2 * reach) * intervals))]++;
                squares += (value - mean) * (value - mean);
            }

        return new(counts, reach, mean, finite == 0 ? double.NaN : Math.Sqrt(squares / finite), values.Length - finite);
    }
}
