using CourseKit.Training;

namespace CourseKit.SequenceToSequence;

/// <summary>
/// Lets the <see cref="EncoderDecoder.TeacherForcingRatio"/> fall as training goes on: at first the decoder reads the true tokens, at last those that it draws itself, as it
/// must when it writes alone. Goes among <see cref="FitOptions.Callbacks"/>; a training that goes on from a checkpoint goes on here too.
/// </summary>
/// <remarks>
/// Bengio, Vinyals, Jaitly and Shazeer, Scheduled Sampling for Sequence Prediction with Recurrent Neural Networks, 2015. Teacher forcing: Williams and Zipser, 1989.
/// </remarks>
public sealed class ScheduledSampling : ICallback
{
    private readonly Func<long, double> ratio;
    private readonly string name;

    private ScheduledSampling(string name, Func<long, double> ratio) => (this.name, this.ratio) = (name, ratio);

    /// <summary>max(least, 1 − slope·step).</summary>
    /// <param name="slope">What the ratio loses a step, at least 0.</param>
    /// <param name="least">Where it stops, from 0 to 1. Default: 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public static ScheduledSampling Linear(double slope, double least = 0)
    {
        Require(slope >= 0, nameof(Linear), nameof(slope), "at least 0", slope);
        Require(least is >= 0 and <= 1, nameof(Linear), nameof(least), "from 0 to 1", least);
        return new(FormattableString.Invariant($"Linear({slope}, {least})"), step => Math.Max(least, 1 - (slope * step)));
    }

    /// <summary>rate^step.</summary>
    /// <param name="rate">Above 0 and below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">rate is outside its range.</exception>
    public static ScheduledSampling Exponential(double rate)
    {
        Require(rate is > 0 and < 1, nameof(Exponential), nameof(rate), "above 0 and below 1", rate);
        return new(FormattableString.Invariant($"Exponential({rate})"), step => Math.Pow(rate, step));
    }

    /// <summary>k/(k + e^(step/k)): near 1 at first, a half at step k·ln k, near 0 at last.</summary>
    /// <param name="k">At least 1; the greater, the later the fall.</param>
    /// <exception cref="ArgumentOutOfRangeException">k is below 1 or not finite.</exception>
    public static ScheduledSampling InverseSigmoid(double k)
    {
        Require(k >= 1 && double.IsFinite(k), nameof(InverseSigmoid), nameof(k), "at least 1 and finite", k);
        return new(FormattableString.Invariant($"InverseSigmoid({k})"), step => k / (k + Math.Exp(step / k)));
    }

    /// <summary>The ratio at a step.</summary>
    /// <param name="step">Updates so far, from 0.</param>
    /// <returns>From 0 to 1.</returns>
    public double At(long step) => ratio(step);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The model in training is no <see cref="EncoderDecoder"/>.</exception>
    public void Begin(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.Model.Layers is not [EncoderDecoder])
            throw new InvalidOperationException($"ScheduledSampling: the model must be an EncoderDecoder, but is a {run.Model}. Only a decoder is forced by a teacher.");
        AfterStep(run);
    }

    /// <inheritdoc/>
    public void AfterStep(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        ((EncoderDecoder)run.Model.Layers[0]).TeacherForcingRatio = At(run.History.Steps.Count);
    }

    /// <summary>The schedule as it is written in code: "ScheduledSampling.Exponential(0.999)".</summary>
    public override string ToString() => $"ScheduledSampling.{name}";

    private static void Require(bool inside, string schedule, string parameter, string range, double value)
    {
        if (!inside)
            throw new ArgumentOutOfRangeException(parameter, FormattableString.Invariant($"ScheduledSampling.{schedule}: {parameter} must be {range}, but got {value}."));
    }
}
