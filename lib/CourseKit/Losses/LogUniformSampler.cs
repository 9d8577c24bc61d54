using CourseKit.Tensors;

namespace CourseKit.Losses;

/// <summary>Draws classes in the order of their frequency as Zipf's law has it: class k with probability (log(k + 2) − log(k + 1))/log(classes + 1).</summary>
/// <remarks>Known elsewhere as tf.random.log_uniform_candidate_sampler.</remarks>
public sealed class LogUniformSampler
{
    private readonly double logRange;

    /// <summary>Makes the sampler.</summary>
    /// <param name="classes">How many classes, the most frequent first; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">classes is below 1.</exception>
    public LogUniformSampler(int classes)
    {
        if (classes < 1)
            throw new ArgumentOutOfRangeException(nameof(classes), $"LogUniformSampler: classes must be at least 1, but got {classes}.");
        Classes = classes;
        logRange = Math.Log(classes + 1.0);
    }

    /// <summary>How many classes.</summary>
    public int Classes { get; }

    /// <summary>How likely one draw gives a class.</summary>
    /// <param name="class">0..classes−1.</param>
    public double Probability(int @class) => Math.Log((@class + 2.0) / (@class + 1.0)) / logRange;

    /// <summary>Draws until so many different classes have come.</summary>
    /// <param name="random">Gives one number a draw.</param>
    /// <param name="count">How many classes, 1..classes.</param>
    /// <returns>The classes in the order in which they came, and how many draws it took.</returns>
    /// <exception cref="ArgumentOutOfRangeException">count is not in 1..classes.</exception>
    public (int[] Classes, long Draws) Draw(RandomSource random, int count)
    {
        ArgumentNullException.ThrowIfNull(random);
        if (count < 1 || count > Classes)
            throw new ArgumentOutOfRangeException(nameof(count), $"LogUniformSampler: count must be in 1..{Classes}, but got {count}.");
        var (drawn, seen, draws) = (new int[count], new HashSet<int>(count), 0L);
        while (seen.Count < count)
        {
            // e^(u·log(classes + 1)) is in [1, classes + 1), and rounding must not leave it.
            var candidate = Math.Min((int)Math.Exp(random.NextDouble() * logRange) - 1, Classes - 1);
            draws++;
            if (seen.Add(candidate))
                drawn[seen.Count - 1] = candidate;
        }
        return (drawn, draws);
    }

    /// <summary>How likely a class is among the different ones of so many draws: 1 − (1 − p)^draws.</summary>
    /// <param name="class">0..classes−1.</param>
    /// <param name="draws">As <see cref="Draw"/> says.</param>
    public double ExpectedCount(int @class, long draws) => 1 - Math.Pow(1 - Probability(@class), draws);
}
