namespace CourseKit.Notebooks;

/// <summary>What a learner computed differs from what it was checked against; the message says where, by how much, and what it looks like.</summary>
public sealed class CheckException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What differs.</param>
    public CheckException(string message)
        : base(message)
    {
    }
}
