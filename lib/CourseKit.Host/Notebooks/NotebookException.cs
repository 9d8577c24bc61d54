namespace CourseKit.Host.Notebooks;

/// <summary>A file that cannot be read as a C# notebook. The message names the file, what is wrong and the mend.</summary>
internal sealed class NotebookException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">One line: file, what is wrong, mend.</param>
    public NotebookException(string message) : base(message) { }

    /// <summary>Creates the exception with its cause.</summary>
    /// <param name="message">One line: file, what is wrong, mend.</param>
    /// <param name="inner">What the reader met.</param>
    public NotebookException(string message, Exception inner) : base(message, inner) { }
}
