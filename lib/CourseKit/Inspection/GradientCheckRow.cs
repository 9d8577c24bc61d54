namespace CourseKit.Inspection;

/// <summary>The gradient of one tensor beside its finite differences.</summary>
/// <param name="Name">The tensor: "weight_hh_l0".</param>
/// <param name="Count">How many numbers were compared.</param>
/// <param name="LargestRelativeDifference">|difference − gradient|/max(|difference|, |gradient|), where it is largest; below one thousandth of the tensor's greatest difference, or below 1e-5, a number counts as that large.</param>
/// <param name="Index">Where that is: "[3, 1]".</param>
/// <param name="Difference">The finite difference there.</param>
/// <param name="Gradient">What Backward gave there.</param>
/// <param name="Hint">What the mistake looks like: "the sign is reversed"; empty when the row passed or nothing fits.</param>
public sealed record GradientCheckRow(string Name, int Count, double LargestRelativeDifference, string Index, double Difference, double Gradient, string Hint)
{
    /// <summary>The row as a teacher would say it: "weight_hh_l0[3, 1]: the finite difference is 0.0123, Backward gave -0.0123: the sign is reversed".</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Name}{Index}: the finite difference is {Difference:G6}, Backward gave {Gradient:G6}{(Hint.Length > 0 ? $": {Hint}" : "")}");
}
