namespace CourseKit.Notebooks;

/// <summary>Thins points that fall on the same pixels, without hiding what a reader would see.</summary>
internal static class Decimation
{
    /// <summary>Below so many points nothing is thinned.</summary>
    public const int Free = 2000;

    /// <summary>
    /// For a line: of each run of points in one pixel column, the first, lowest, highest and last stay, in their order.
    /// </summary>
    /// <param name="points">Positions in the picture; a point that is not finite is a gap and stays.</param>
    /// <returns>Indices of the points that stay.</returns>
    public static List<int> Line(IReadOnlyList<(double X, double Y)> points)
    {
        var kept = new List<int>();
        if (points.Count <= Free)
        {
            kept.AddRange(Enumerable.Range(0, points.Count));
            return kept;
        }

        for (var first = 0; first < points.Count;)
        {
            if (!double.IsFinite(points[first].X))
            {
                kept.Add(first++);
                continue;
            }

            var column = Math.Floor(points[first].X);
            int lowest = first, highest = first, last = first;
            while (last + 1 < points.Count && Math.Floor(points[last + 1].X) == column)
            {
                last++;
                if (points[last].Y < points[lowest].Y)
                    lowest = last;
                if (points[last].Y > points[highest].Y)
                    highest = last;
            }

            var (earlier, later) = (Math.Min(lowest, highest), Math.Max(lowest, highest));
            foreach (var index in (ReadOnlySpan<int>)[first, earlier, later, last])
                if (kept.Count == 0 || kept[^1] < index)
                    kept.Add(index);
            first = last + 1;
        }

        return kept;
    }

    /// <summary>For dots: of all points in one square of 2 by 2 units, which their dots cover wholly, the first stays.</summary>
    /// <param name="points">Positions in the picture; a point that is not finite is left out.</param>
    /// <returns>Indices of the points that stay.</returns>
    public static List<int> Dots(IReadOnlyList<(double X, double Y)> points)
    {
        var kept = new List<int>();
        var taken = new HashSet<(double, double)>();
        for (var k = 0; k < points.Count; k++)
        {
            var (x, y) = points[k];
            if (double.IsFinite(x) && (points.Count <= Free || taken.Add((Math.Floor(x / 2), Math.Floor(y / 2)))))
                kept.Add(k);
        }

        return kept;
    }
}
