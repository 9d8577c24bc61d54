namespace CourseKit.Host.Site;

/// <summary>
/// Turns the TeX that the course's equations use into MathML Core, which every current browser draws without a script or a network.
/// What it does not know is an error, so that no page ever shows raw TeX.
/// </summary>
internal static class TexToMathMl
{
    /// <summary>Converts one equation.</summary>
    /// <param name="tex">The source between the dollar signs.</param>
    /// <param name="display">True for an equation on a line of its own, false for one in running text.</param>
    /// <returns>A math element; its alttext holds the source.</returns>
    /// <exception cref="TexException">A command is not supported, or braces, delimiters or environments do not pair up.</exception>
    public static string Convert(string tex, bool display)
    {
        var source = string.Join(' ', tex.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        var content = new TexParser(source, display).Parse();
        return $"<math{(display ? " display=\"block\"" : "")} alttext=\"{HtmlText.Escape(source)}\">{content}</math>";
    }
}
