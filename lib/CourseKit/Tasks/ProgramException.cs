namespace CourseKit.Tasks;

/// <summary>A program that cannot be read or run: where it is wrong, and why.</summary>
public sealed class ProgramException : Exception
{
    /// <summary>Makes the exception without a place.</summary>
    public ProgramException()
        : this("there is something wrong with it.")
    {
    }

    /// <summary>Makes the exception without a place.</summary>
    /// <param name="message">The reason.</param>
    public ProgramException(string message)
        : this(1, 1, message)
    {
    }

    /// <summary>Makes the exception without a place.</summary>
    /// <param name="message">The reason.</param>
    /// <param name="innerException">What went wrong below.</param>
    public ProgramException(string message, Exception innerException)
        : base(message, innerException) => (Line, Column, Reason) = (1, 1, message);

    /// <summary>Makes the exception.</summary>
    /// <param name="line">The line, from 1.</param>
    /// <param name="column">The character of the line, from 1.</param>
    /// <param name="reason">Expected, got, mend.</param>
    public ProgramException(int line, int column, string reason)
        : base(FormattableString.Invariant($"Program, line {line}, column {column}: {reason}")) => (Line, Column, Reason) = (line, column, reason);

    /// <summary>The line, from 1.</summary>
    public int Line { get; }

    /// <summary>The character of the line, from 1.</summary>
    public int Column { get; }

    /// <summary>What was expected, what is there, and the mend.</summary>
    public string Reason { get; } = "";
}
