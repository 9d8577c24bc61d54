namespace CourseKit.Inspection;

/// <summary>What a gradient check found, tensor by tensor. Made by <see cref="GradientCheck"/>.</summary>
public sealed class GradientCheckResult
{
    internal GradientCheckResult(string what, IReadOnlyList<GradientCheckRow> rows, double tolerance) => (What, Rows, Tolerance) = (what, rows, tolerance);

    /// <summary>What was checked: "Lstm(inputSize: 3, hiddenSize: 4)".</summary>
    public string What { get; }

    /// <summary>One row for each tensor.</summary>
    public IReadOnlyList<GradientCheckRow> Rows { get; }

    /// <summary>The largest relative difference that passes.</summary>
    public double Tolerance { get; }

    /// <summary>The row with the largest relative difference.</summary>
    public GradientCheckRow Worst => Rows.MaxBy(row => double.IsNaN(row.LargestRelativeDifference) ? double.PositiveInfinity : row.LargestRelativeDifference)!;

    /// <summary>The largest relative difference of all.</summary>
    public double LargestRelativeDifference => Worst.LargestRelativeDifference;

    /// <summary>Whether every tensor's gradient agrees.</summary>
    public bool Passed => Rows.All(Passes);

    /// <summary>Goes on when the check passed.</summary>
    /// <returns>This result, so that a cell can end on it.</returns>
    /// <exception cref="GradientCheckException">A gradient is wrong; the message is <see cref="ToString"/>'s.</exception>
    public GradientCheckResult Throw() => Passed ? this : throw new GradientCheckException(ToString());

    /// <summary>One line when the check passed; else one line for each tensor whose gradient is wrong.</summary>
    public override string ToString()
    {
        if (Passed)
            return FormattableString.Invariant($"{What}: the gradient is right. {Rows.Sum(row => row.Count)} numbers in {Rows.Count} tensor{(Rows.Count == 1 ? "" : "s")}, largest relative difference {LargestRelativeDifference:E1}, at {Worst.Name}{Worst.Index}.");
        var wrong = Rows.Where(row => !Passes(row)).ToList();
        return $"{What}: the gradient of {wrong.Count} of {Rows.Count} tensor{(Rows.Count == 1 ? "" : "s")} is wrong.{string.Concat(wrong.Select(row => $"\n  {row}"))}";
    }

    private bool Passes(GradientCheckRow row) => row.LargestRelativeDifference <= Tolerance;
}
