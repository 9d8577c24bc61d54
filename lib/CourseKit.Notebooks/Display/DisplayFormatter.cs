namespace CourseKit.Notebooks;

/// <summary>Formats for one MIME type; called by front ends through reflection.</summary>
internal sealed class DisplayFormatter(string mimeType, Func<object, string?> format)
{
    /// <summary>The MIME type of what is written.</summary>
    public string MimeType { get; } = mimeType;

    /// <summary>Writes the value.</summary>
    /// <param name="instance">The value.</param>
    /// <param name="writer">Where to write.</param>
    /// <returns>Whether the value is of a type that the kit shows; if not, nothing is written.</returns>
    public bool Format(object instance, TextWriter writer)
    {
        if (format(instance) is not { } text)
            return false;
        writer.Write(text);
        return true;
    }
}
