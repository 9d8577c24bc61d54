namespace CourseKit.Notebooks;

/// <summary>
/// Something to look at that a notebook cell ends on: HTML and SVG with no dependency, readable offline and in print, the same in every front end and on the
/// course's pages. Numbers are drawn by <see cref="Chart"/>, recurrent networks by <see cref="Picture"/>.
/// </summary>
[TypeFormatterSource(typeof(DisplayFormatterSource))]
public abstract class Drawing
{
    private protected Drawing()
    {
    }

    /// <summary>The drawing as an HTML fragment with its style and its script; no file or address outside it is used.</summary>
    /// <returns>A well-formed fragment, the same for the same drawing.</returns>
    public string ToHtml() => Figure.Complete(ToFigure());

    /// <summary>What the drawing shows, in a few words, for those who cannot see it.</summary>
    /// <returns>One line.</returns>
    public abstract override string ToString();

    /// <summary>The drawing alone, for a place where style and script stand already.</summary>
    internal abstract string ToFigure();
}
