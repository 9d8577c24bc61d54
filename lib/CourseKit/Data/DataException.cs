namespace CourseKit.Data;

/// <summary>Data from outside that cannot be used: a file that is not text, a text too short to train on. The message names what it is and the mend.</summary>
public sealed class DataException : Exception
{
    /// <summary>Makes the exception without a message of its own.</summary>
    public DataException()
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">Who, expected, got, mend.</param>
    public DataException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">Who, expected, got, mend.</param>
    /// <param name="innerException">What went wrong below.</param>
    public DataException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
