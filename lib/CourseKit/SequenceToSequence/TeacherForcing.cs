namespace CourseKit.SequenceToSequence;

/// <summary>
/// With which probability the decoder reads the true token before the one to be written, and not one that the model itself draws, as it must when it writes alone.
/// It falls as training goes on.
/// </summary>
/// <remarks>Teacher forcing: Williams and Zipser, 1989. The schedules: Bengio, Vinyals, Jaitly and Shazeer, Scheduled Sampling for Sequence Prediction with Recurrent Neural Networks, 2015.</remarks>
public sealed class TeacherForcing
{
    private readonly Func<long, double> probability;
    private readonly string name;

    private TeacherForcing(string name, Func<long, double> probability) => (this.name, this.probability) = (name, probability);

    /// <summary>The true token always: probability 1. The fastest, for the decoder then reads whole targets in one call.</summary>
    public static TeacherForcing Always { get; } = new("Always", _ => 1);

    /// <summary>max(least, 1 − slope·step).</summary>
    /// <param name="slope">What the probability loses a step, at least 0.</param>
    /// <param name="least">Where it stops, from 0 to 1. Default: 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public static TeacherForcing Linear(double slope, double least = 0)
    {
        Require(slope >= 0, nameof(Linear), nameof(slope), "at least 0", slope);
        Require(least is >= 0 and <= 1, nameof(Linear), nameof(least), "from 0 to 1", least);
        return new(FormattableString.Invariant($"Linear({slope}, {least})"), step => Math.Max(least, 1 - (slope * step)));
    }

    /// <summary>rate^step.</summary>
    /// <param name="rate">Above 0 and below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">rate is outside its range.</exception>
    public static TeacherForcing Exponential(double rate)
    {
        Require(rate is > 0 and < 1, nameof(Exponential), nameof(rate), "above 0 and below 1", rate);
        return new(FormattableString.Invariant($"Exponential({rate})"), step => Math.Pow(rate, step));
    }

    /// <summary>k/(k + e^(step/k)): near 1 at first, about a half at step k·ln k, near 0 at last.</summary>
    /// <param name="k">At least 1; the greater, the later the fall.</param>
    /// <exception cref="ArgumentOutOfRangeException">k is below 1 or not finite.</exception>
    public static TeacherForcing InverseSigmoid(double k)
    {
        Require(k >= 1 && double.IsFinite(k), nameof(InverseSigmoid), nameof(k), "at least 1 and finite", k);
        return new(FormattableString.Invariant($"InverseSigmoid({k})"), step => k / (k + Math.Exp(step / k)));
    }

    /// <summary>The probability at a step.</summary>
    /// <param name="step">Updates so far, from 0.</param>
    /// <returns>From 0 to 1.</returns>
    public double At(long step) => probability(step);

    /// <summary>The schedule as it is written in code: "Exponential(0.999)".</summary>
    public override string ToString() => name;

    private static void Require(bool inside, string schedule, string parameter, string range, double value)
    {
        if (!inside)
            throw new ArgumentOutOfRangeException(parameter, FormattableString.Invariant($"TeacherForcing.{schedule}: {parameter} must be {range}, but got {value}."));
    }
}
