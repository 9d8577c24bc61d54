namespace CourseKit.Notebooks;

/// <summary>One line, or one set of dots.</summary>
internal sealed record XYSeries(string Name, bool IsLine, double[] Xs, double[] Ys, int Color)
{
    /// <summary>Whether point k can be drawn on these axes.</summary>
    public bool Shows(int k, bool xLog, bool yLog) => Axis.Shows(Xs[k], xLog) && Axis.Shows(Ys[k], yLog);

    /// <summary>The smallest and largest values of the points that can be drawn; null when there are none.</summary>
    public (double XMin, double XMax, double YMin, double YMax)? Range(bool xLog, bool yLog)
    {
        (double XMin, double XMax, double YMin, double YMax)? range = null;
        for (var k = 0; k < Xs.Length; k++)
            if (Shows(k, xLog, yLog))
            {
                var r = range ?? (Xs[k], Xs[k], Ys[k], Ys[k]);
                range = (Math.Min(r.XMin, Xs[k]), Math.Max(r.XMax, Xs[k]), Math.Min(r.YMin, Ys[k]), Math.Max(r.YMax, Ys[k]));
            }

        return range;
    }

    /// <summary>Whether x never falls, so that a reader looks a value up by its x.</summary>
    public bool IsSorted
    {
        get
        {
            for (var k = 1; k < Xs.Length; k++)
                if (Xs[k] < Xs[k - 1])
                    return false;
            return true;
        }
    }

    /// <summary>The name, or what stands in for it.</summary>
    public string NameOr(string otherwise) => Name.Length > 0 ? Name : otherwise;
}
