namespace CourseKit.Interchange;

/// <summary>A safetensors file that cannot be read or written. The message names the file, what was expected, and what was found.</summary>
public sealed class SafetensorsException : Exception
{
    /// <summary>Makes the exception without a message of its own.</summary>
    public SafetensorsException()
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">Which file, expected, got, mend.</param>
    public SafetensorsException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">Which file, expected, got, mend.</param>
    /// <param name="innerException">What went wrong below.</param>
    public SafetensorsException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
