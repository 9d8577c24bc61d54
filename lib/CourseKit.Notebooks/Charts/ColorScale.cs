namespace CourseKit.Notebooks;

/// <summary>Which values the first and the last colour of a scale stand for, and what lies between.</summary>
/// <param name="Min">The value of the first colour.</param>
/// <param name="Max">The value of the last colour, larger.</param>
/// <param name="Diverging">Whether the colours run from blue over white to orange.</param>
/// <param name="Log">Whether equal factors are equal steps of colour; Min is then positive.</param>
internal readonly record struct ColorScale(double Min, double Max, bool Diverging = false, bool Log = false)
{
    /// <summary>Gates and probabilities.</summary>
    public static ColorScale Shares { get; } = new(0, 1);

    /// <summary>States and candidates.</summary>
    public static ColorScale States { get; } = new(-1, 1, Diverging: true);

    /// <summary>Whether the value has a colour.</summary>
    public bool Shows(double value) => Axis.Shows(value, Log);

    /// <summary>The number of a value's colour, 0 .. Palette.Levels - 1; values beyond the ends take those.</summary>
    public int Level(double value)
    {
        // Halves, because the difference of two finite numbers can overflow.
        var span = On(Max) - On(Min);
        return span > 0 ? (int)Math.Round(Math.Clamp((On(value) - On(Min)) / span, 0, 1) * (Palette.Levels - 1)) : 0;
    }

    /// <summary>A value's colour.</summary>
    public string Color(double value) => Palette.Color(Level(value), Diverging);

    /// <summary>The ink that can be read on a value's colour.</summary>
    public string Ink(double value) => Palette.IsBright(Level(value), Diverging) ? "#000" : "#fff";

    private double On(double value) => Log ? Math.Log10(value) : value / 2;
}
