namespace CourseKit.Backends;

/// <summary>A device is missing, out of memory, or cannot do what it was asked; the message names the device and says what helps.</summary>
public sealed class BackendException : Exception
{
    /// <summary>Says what happened.</summary>
    /// <param name="message">Names the device and says what helps.</param>
    public BackendException(string message)
        : base(message)
    {
    }

    /// <summary>Says what happened and why.</summary>
    /// <param name="message">Names the device and says what helps.</param>
    /// <param name="innerException">What the device's library said; null when it said nothing.</param>
    public BackendException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
