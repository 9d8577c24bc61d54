namespace CourseKit.Tensors;

/// <summary>
/// Lets notebooks show a type well. C# front ends find this attribute by its name and read its properties by theirs; the class
/// that they get is CourseKit.Notebooks' when that is loaded, so that the library needs neither.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TypeFormatterSourceAttribute : Attribute
{
    /// <summary>A class with a parameterless constructor and a public method CreateTypeFormatters.</summary>
    public Type FormatterSourceType { get; } = AppDomain.CurrentDomain.GetAssemblies()
        .Where(assembly => assembly.GetName().Name == "CourseKit.Notebooks")
        .Select(assembly => assembly.GetType("CourseKit.Notebooks.DisplayFormatterSource"))
        .FirstOrDefault(type => type is not null) ?? typeof(NoFormatterSource);

    /// <summary>What a front end stores for a value: HTML to look at, and text for tools that read no HTML.</summary>
    public string[] PreferredMimeTypes { get; } = ["text/html", "text/plain"];

    /// <summary>Stands in when CourseKit.Notebooks is not loaded: the front end then shows the type in its own way.</summary>
    private sealed class NoFormatterSource
    {
        private readonly object[] _formatters = [];

        public object[] CreateTypeFormatters() => _formatters;
    }
}
