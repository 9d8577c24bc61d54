namespace CourseKit.Cells;

/// <summary>Text that is HTML. Made by HTML("...").</summary>
/// <param name="content">HTML.</param>
public sealed class Html(string content)
{
    /// <summary>The HTML as it stands.</summary>
    /// <returns>The content.</returns>
    public override string ToString() => content;
}
