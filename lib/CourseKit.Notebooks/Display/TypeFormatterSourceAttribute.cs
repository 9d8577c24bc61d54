namespace CourseKit.Notebooks;

/// <summary>
/// Names the class that makes a type's formatters. C# front ends find it by this attribute's name and by the names of its
/// members, so that no package of theirs is referenced.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    /// <summary>A class with a parameterless constructor and a public method CreateTypeFormatters.</summary>
    public Type FormatterSourceType { get; } = formatterSourceType;

    /// <summary>What a front end stores for a value: HTML to look at, and text for tools that read no HTML.</summary>
    // Plotly's MIME type is left out: JupyterLab and VS Code prefer it to HTML where an extension draws it, and then the
    // picture would differ between front ends and stay blank in those without.
    public string[] PreferredMimeTypes { get; } = ["text/html", "text/plain"];
}
