namespace CourseKit.Notebooks;

/// <summary>
/// Sizes in the units of a picture's view box. On a phone the picture shrinks to about 0.6 and its text grows to
/// 18 units (Figure.css), so room for text is reckoned at that size.
/// </summary>
internal static class Layout
{
    /// <summary>Width of every picture.</summary>
    public const double Width = 600;

    /// <summary>Height of a picture with axes.</summary>
    public const double Height = 330;

    /// <summary>Room for one character.</summary>
    public const double CharWidth = 11;

    /// <summary>Room for one line of text.</summary>
    public const double LineHeight = 22;
}
