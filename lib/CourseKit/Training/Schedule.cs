namespace CourseKit.Training;

/// <summary>
/// How the learning rate goes: from what happened so far to the number that the optimizer's rate is multiplied with in the next step. It remembers nothing itself, so one
/// schedule may serve many trainings, and a training that goes on from a checkpoint finds the same rates.
/// </summary>
/// <param name="factor">From the steps taken (0 before the first) and the validation losses so far, in order, to the factor, at least 0.</param>
/// <remarks>Known elsewhere as torch.optim.lr_scheduler, keras.optimizers.schedules. A step is one update, not an epoch.</remarks>
public sealed class Schedule(Func<int, IReadOnlyList<ValidationPoint>, double> factor)
{
    private readonly string _text = "Schedule";

    private Schedule(string text, Func<int, IReadOnlyList<ValidationPoint>, double> factor)
        : this(factor) => _text = text;

    /// <summary>What the optimizer's rate is multiplied with.</summary>
    /// <param name="step">Steps taken, at least 0.</param>
    /// <param name="validation">The validation losses so far, in order.</param>
    public double Factor(int step, IReadOnlyList<ValidationPoint> validation) => factor(step, validation);

    /// <summary>Multiplies the rate by a factor after every so many steps.</summary>
    /// <param name="every">Steps between two changes, at least 1.</param>
    /// <param name="factor">In (0, 1]. Default: 0.1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    /// <remarks>factor^⌊step/every⌋. As torch.optim.lr_scheduler.StepLR.</remarks>
    public static Schedule StepDecay(int every, double factor = 0.1)
    {
        Require(every >= 1, nameof(StepDecay), nameof(every), "at least 1", every);
        RequireShare(factor, nameof(StepDecay), nameof(factor));
        return new(FormattableString.Invariant($"StepDecay({every}, {factor})"), (step, _) => Math.Pow(factor, step / every));
    }

    /// <summary>Multiplies the rate by a factor after every step.</summary>
    /// <param name="factor">In (0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">factor is outside its range.</exception>
    /// <remarks>factor^step. As torch.optim.lr_scheduler.ExponentialLR.</remarks>
    public static Schedule Exponential(double factor)
    {
        RequireShare(factor, nameof(Exponential), nameof(factor));
        return new(FormattableString.Invariant($"Exponential({factor})"), (step, _) => Math.Pow(factor, step));
    }

    /// <summary>Lets the rate fall along half a wave of the cosine, and keeps it at the least from then on.</summary>
    /// <param name="steps">How long it falls, at least 1.</param>
    /// <param name="minimum">The factor at the end, in [0, 1]. Default: 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    /// <remarks>
    /// minimum + (1 − minimum)·(1 + cos(π·step/steps))/2. As torch.optim.lr_scheduler.CosineAnnealingLR up to its T_max. Loshchilov and Hutter, SGDR, 2017.
    /// </remarks>
    public static Schedule Cosine(int steps, double minimum = 0)
    {
        Require(steps >= 1, nameof(Cosine), nameof(steps), "at least 1", steps);
        RequireMinimum(minimum, nameof(Cosine));
        return new(FormattableString.Invariant($"Cosine({steps}, {minimum})"),
            (step, _) => minimum + ((1 - minimum) * (1 + Math.Cos(Math.PI * Math.Min(step, steps) / steps)) / 2));
    }

    /// <summary>Lets the rate grow evenly to its whole; then it stays. Put <see cref="Then"/> or <see cref="Times"/> behind it.</summary>
    /// <param name="steps">How long it grows, at least 1.</param>
    /// <param name="start">The factor of the first step, in [0, 1]. Default: 1/3.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    /// <remarks>start + (1 − start)·min(step, steps)/steps. As torch.optim.lr_scheduler.LinearLR. Goyal and others, 2017.</remarks>
    public static Schedule WarmUp(int steps, double start = 1.0 / 3)
    {
        Require(steps >= 1, nameof(WarmUp), nameof(steps), "at least 1", steps);
        Require(start is >= 0 and <= 1, nameof(WarmUp), nameof(start), "from 0 to 1", start);
        return new(FormattableString.Invariant($"WarmUp({steps}, {start})"), (step, _) => start + ((1 - start) * Math.Min(step, steps) / steps));
    }

    /// <summary>Multiplies the rate by a factor when the validation loss has stopped to fall.</summary>
    /// <param name="factor">In (0, 1]. Default: 0.1.</param>
    /// <param name="patience">How many validations in a row without a better loss are borne, at least 0. Default: 10.</param>
    /// <param name="threshold">By what part of the best a loss must be lower to count as better, in [0, 1). Default: 1e-4.</param>
    /// <param name="cooldown">After a change so many validations are not counted, at least 0. Default: 0.</param>
    /// <param name="minimum">The least factor, in [0, 1]. Default: 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    /// <remarks>As torch.optim.lr_scheduler.ReduceLROnPlateau with mode 'min', threshold_mode 'rel' and eps 0.</remarks>
    public static Schedule OnPlateau(double factor = 0.1, int patience = 10, double threshold = 1e-4, int cooldown = 0, double minimum = 0)
    {
        RequireShare(factor, nameof(OnPlateau), nameof(factor));
        Require(patience >= 0, nameof(OnPlateau), nameof(patience), "at least 0", patience);
        Require(threshold is >= 0 and < 1, nameof(OnPlateau), nameof(threshold), "at least 0 and below 1", threshold);
        Require(cooldown >= 0, nameof(OnPlateau), nameof(cooldown), "at least 0", cooldown);
        RequireMinimum(minimum, nameof(OnPlateau));
        return new(FormattableString.Invariant($"OnPlateau({factor}, {patience}, {threshold}, {cooldown}, {minimum})"), (_, validation) =>
        {
            var (rate, best, bad, resting) = (1.0, double.PositiveInfinity, 0, 0);
            foreach (var (_, loss) in validation)
            {
                var better = loss < best * (1 - threshold);
                (best, bad) = better ? (loss, 0) : (best, bad + 1);
                if (resting > 0)
                    (resting, bad) = (resting - 1, 0);
                if (bad > patience)
                    (rate, resting, bad) = (Math.Max(rate * factor, minimum), cooldown, 0);
            }
            return rate;
        });
    }

    /// <summary>Multiplies the rate by a factor each time that a validation passes a target.</summary>
    /// <param name="target">A validation loss of at most this passes.</param>
    /// <param name="factor">In (0, 1]. Default: 0.8.</param>
    /// <param name="minimum">The least factor, in [0, 1]. Default: 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    /// <remarks>max(minimum, factor^passed). Zaremba and Sutskever, Learning to Execute, 2014.</remarks>
    public static Schedule OnTarget(double target, double factor = 0.8, double minimum = 0)
    {
        Require(double.IsFinite(target), nameof(OnTarget), nameof(target), "finite", target);
        RequireShare(factor, nameof(OnTarget), nameof(factor));
        RequireMinimum(minimum, nameof(OnTarget));
        return new(FormattableString.Invariant($"OnTarget({target}, {factor}, {minimum})"),
            (_, validation) => Math.Max(minimum, Math.Pow(factor, validation.Count(point => point.Loss <= target))));
    }

    /// <summary>This schedule first, then another that counts its steps from there on.</summary>
    /// <param name="after">How many steps this one has, at least 0.</param>
    /// <param name="next">What follows; it sees the validation losses of its own steps only.</param>
    /// <exception cref="ArgumentOutOfRangeException">after is negative.</exception>
    /// <remarks>As torch.optim.lr_scheduler.SequentialLR.</remarks>
    public Schedule Then(int after, Schedule next)
    {
        ArgumentNullException.ThrowIfNull(next);
        Require(after >= 0, nameof(Then), nameof(after), "at least 0", after);
        return new($"{this}.Then({after}, {next})", (step, validation) => step < after
            ? Factor(step, validation)
            : next.Factor(step - after, [.. validation.Where(point => point.Step > after).Select(point => point with { Step = point.Step - after })]));
    }

    /// <summary>Both at once: the product of the factors.</summary>
    /// <param name="other">The other schedule.</param>
    /// <remarks>As torch.optim.lr_scheduler.ChainedScheduler.</remarks>
    public Schedule Times(Schedule other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new($"{this}.Times({other})", (step, validation) => Factor(step, validation) * other.Factor(step, validation));
    }

    /// <summary>The kind with its numbers: "Cosine(2000, 0)".</summary>
    public override string ToString() => _text;

    private static void RequireShare(double value, string schedule, string name) => Require(value is > 0 and <= 1, schedule, name, "above 0 and at most 1", value);

    private static void RequireMinimum(double minimum, string schedule) => Require(minimum is >= 0 and <= 1, schedule, nameof(minimum), "from 0 to 1", minimum);

    private static void Require(bool inside, string schedule, string name, string range, double value)
    {
        if (!inside)
            throw new ArgumentOutOfRangeException(null, FormattableString.Invariant($"Schedule.{schedule}: {name} must be {range}, but got {value}."));
    }
}
