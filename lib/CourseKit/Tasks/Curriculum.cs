using CourseKit.Tensors;

namespace CourseKit.Tasks;

/// <summary>
/// How hard the examples of a training are, and when they become harder: a strategy of curriculum learning. After each validation <see cref="Report"/> is told the accuracy; when that passes
/// <see cref="Passes"/>, or has not become better for <see cref="Patience"/> validations, the level goes up, or at the target the learning rate goes down.
/// </summary>
/// <remarks>
/// Zaremba and Sutskever, Learning to Execute, 2014: <see cref="BaselineCurriculum"/>, <see cref="NaiveCurriculum"/>, <see cref="MixCurriculum"/>, <see cref="CombinedCurriculum"/>. One of
/// your own overrides <see cref="Draw"/>, and <see cref="Next"/> if it has levels.
/// </remarks>
public abstract class Curriculum
{
    /// <summary>The rate's factor below which the training is over.</summary>
    public const double LeastRate = 1e-3;

    private double best;
    private int waited;

    /// <summary>Makes a strategy.</summary>
    /// <param name="target">How hard the task is in the end.</param>
    /// <param name="start">The level to begin with; null for the target.</param>
    /// <exception cref="ArgumentOutOfRangeException">A length or nesting is below 1, or the start is harder than the target.</exception>
    protected Curriculum(Difficulty target, Difficulty? start = null)
    {
        var level = start ?? target;
        if (target.Length < 1 || target.Nesting < 1 || level.Length < 1 || level.Nesting < 1)
            throw new ArgumentOutOfRangeException(null, $"{GetType().Name}: Length and Nesting must be at least 1, but the target is {target} and the start {level}.");
        if (level.Length > target.Length || level.Nesting > target.Nesting)
            throw new ArgumentOutOfRangeException(null, $"{GetType().Name}: the start must not be harder than the target, but they are {level} and {target}.");
        (Target, Level) = (target, level);
    }

    /// <summary>The names of the four strategies of the paper, as <see cref="Of"/> knows them.</summary>
    public static IReadOnlyList<string> Names { get; } = ["baseline", "naive", "mix", "combined"];

    /// <summary>The strategy's name, as the paper has it: "naive".</summary>
    public virtual string Name => GetType().Name.Replace(nameof(Curriculum), "", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>How hard the task is in the end.</summary>
    public Difficulty Target { get; }

    /// <summary>How hard validation is now.</summary>
    public Difficulty Level { get; private set; }

    /// <summary>The accuracy that goes up a level. Default: 0.95.</summary>
    public double Passes { get; init; } = 0.95;

    /// <summary>How many validations in a row without a better accuracy go up a level too, at least 1. Default: 3.</summary>
    public int Patience { get; init; } = 3;

    /// <summary>What the learning rate is multiplied with: 1, and 0.8 times as much whenever the target is passed.</summary>
    public double RateFactor { get; private set; } = 1;

    /// <summary>Whether the rate has fallen so low that the training is over.</summary>
    public bool IsOver => RateFactor < LeastRate;

    /// <summary>The strategy of a name.</summary>
    /// <param name="name">baseline, naive, mix or combined.</param>
    /// <param name="target">How hard the task is in the end.</param>
    /// <exception cref="ArgumentException">There is no such strategy.</exception>
    public static Curriculum Of(string name, Difficulty target) => name switch
    {
        "baseline" => new BaselineCurriculum(target),
        "naive" => new NaiveCurriculum(target),
        "mix" => new MixCurriculum(target),
        "combined" => new CombinedCurriculum(target),
        _ => throw new ArgumentException($"Curriculum: the strategy must be {string.Join(", ", Names)}, but got \"{name}\".", nameof(name)),
    };

    /// <summary>How hard the next example is.</summary>
    /// <param name="random">Where a strategy draws from.</param>
    public abstract Difficulty Draw(RandomSource random);

    /// <summary>Takes note of a validation.</summary>
    /// <param name="accuracy">The accuracy at <see cref="Level"/>, from 0 to 1.</param>
    /// <returns>Whether the level or the rate has changed.</returns>
    public bool Report(double accuracy)
    {
        (best, waited) = accuracy > best ? (accuracy, 0) : (best, waited + 1);
        if (!(accuracy > Passes) && waited < Patience)
            return false;
        (best, waited) = (0, 0);
        if (Level == Target)
            RateFactor *= 0.8;
        else
            Level = Next(Level);
        return true;
    }

    /// <summary>The level after one that is passed and is not the target. Default: the target.</summary>
    /// <param name="level">The level that is passed.</param>
    protected virtual Difficulty Next(Difficulty level) => Target;

    /// <summary>What must outlast a stop.</summary>
    internal double[] Save() => [Level.Length, Level.Nesting, Level.IsMixed ? 1 : 0, RateFactor, best, waited];

    /// <summary>Goes on from what <see cref="Save"/> gave.</summary>
    internal void Load(double[] saved) =>
        (Level, RateFactor, best, waited) = (new((int)saved[0], (int)saved[1], saved[2] != 0), saved[3], saved[4], (int)saved[5]);
}
