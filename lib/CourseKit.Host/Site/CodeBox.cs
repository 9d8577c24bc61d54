namespace CourseKit.Host.Site;

/// <summary>Code as the pages show it, in a box that the page's script gives a button to copy it.</summary>
internal static class CodeBox
{
    /// <summary>The box.</summary>
    /// <param name="html">The code as HTML, coloured or not.</param>
    /// <param name="name">What the button says that it copies, such as "code of cell 3".</param>
    public static string Of(string html, string name) => $"<div class=\"source\" data-name=\"{name}\"><pre class=\"code\"><code>{html}</code></pre></div>";
}
