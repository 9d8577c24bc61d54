namespace CourseKit.Inspection;

/// <summary>How far this library is from one golden file.</summary>
/// <param name="File">The file's name without folder and ending.</param>
/// <param name="Numbers">How many numbers were compared.</param>
/// <param name="LargestDifference">The largest absolute difference; infinite where this library gave no finite number.</param>
/// <param name="Place">Where the largest difference is, in the file's words; null when nothing was compared.</param>
/// <param name="Reason">Why the file could not be compared; null when it was.</param>
public sealed record ParityResult(string File, int Numbers, double LargestDifference, string? Place, string? Reason)
{
    /// <summary>Whether the file was compared and every number is within <see cref="Parity.Tolerance"/>.</summary>
    public bool Agrees => Reason is null && LargestDifference <= Parity.Tolerance;

    /// <summary>One line: "lstm_l2_bi: 1.2E-07 at grad_x, 1234 numbers", or the reason.</summary>
    public override string ToString() => Reason is null
        ? FormattableString.Invariant($"{File}: {LargestDifference:0.0E+00} at {Place}, {Numbers} numbers")
        : $"{File}: {Reason}";
}
