namespace CourseKit.Training;

/// <summary>A checkpoint that cannot be read, written, or gone on from. The message names the file, what was expected, what was found, and the mend.</summary>
public sealed class CheckpointException : Exception
{
    /// <summary>Makes the exception without a message of its own.</summary>
    public CheckpointException()
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">Which file, expected, got, mend.</param>
    public CheckpointException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">Which file, expected, got, mend.</param>
    /// <param name="innerException">What went wrong below.</param>
    public CheckpointException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
