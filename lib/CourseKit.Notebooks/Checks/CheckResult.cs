namespace CourseKit.Notebooks;

/// <summary>A check that passed. Made by <see cref="Check.Same"/>.</summary>
[TypeFormatterSource(typeof(DisplayFormatterSource))]
public sealed class CheckResult
{
    private readonly string _text;

    internal CheckResult(string text, double largestDifference, int count) =>
        (_text, LargestDifference, Count) = (text, largestDifference, count);

    /// <summary>The largest absolute difference between two numbers at the same place.</summary>
    public double LargestDifference { get; }

    /// <summary>How many pairs of numbers were compared.</summary>
    public int Count { get; }

    /// <summary>The result in one line.</summary>
    /// <returns>Such as "same: largest difference 3.0e-8 over 40 numbers".</returns>
    public override string ToString() => _text;
}
