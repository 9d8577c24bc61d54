namespace CourseKit.Inspection;

/// <summary>A gradient differs from its finite differences; the message says which, where, by how much, and what the mistake looks like.</summary>
public sealed class GradientCheckException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What differs.</param>
    public GradientCheckException(string message)
        : base(message)
    {
    }
}
