namespace CourseKit.Notebooks;

/// <summary>Makes the formatters of everything that the kit shows; called by front ends through reflection.</summary>
internal sealed class DisplayFormatterSource
{
    private readonly DisplayFormatter[] _formatters =
        [new DisplayFormatter("text/html", Display.Html), new DisplayFormatter("text/plain", Display.Text)];

    /// <summary>The formatters, one for each MIME type.</summary>
    public IEnumerable<object> CreateTypeFormatters() => _formatters;
}
