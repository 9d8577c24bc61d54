namespace CourseKit.Inspection;

/// <summary>A recurrent cell lacks a property that it must have; the message names each, with a counterexample.</summary>
public sealed class CellCheckException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What fails.</param>
    public CellCheckException(string message)
        : base(message)
    {
    }
}
