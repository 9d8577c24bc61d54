using System.Text;
using CourseKit.Data;
using CourseKit.Tensors;

namespace CourseKit.Tasks;

/// <summary>
/// Temporal order with two relevant symbols, experiment 6a: a sequence begins with E and ends with B; between them stand a, b, c or d, evenly drawn, but at two places X or Y.
/// The class is which two stood there, in order, so that the first one must be kept over some forty symbols that mean nothing, and the second over as many again.
/// </summary>
/// <remarks>
/// Hochreiter and Schmidhuber, Long Short-Term Memory, 1997, section 5.6: lengths evenly from 100 to 110, the first place from 10 to 20, the second from 50 to 60, counted from 0.
/// For another least length the places are the same parts of it.
/// </remarks>
public sealed class TemporalOrder : GeneratedTask
{
    private const int Start = 0, Trigger = 1, FirstDistractor = 2, Distractors = 4, FirstRelevant = 6;

    private readonly (int Low, int High) first, second;

    /// <summary>Makes the task.</summary>
    /// <param name="leastSteps">Time steps of the shortest sequence, at least 10. Default: 100.</param>
    /// <param name="mostSteps">Time steps of the longest sequence, not below leastSteps. Default: 110.</param>
    /// <exception cref="ArgumentOutOfRangeException">leastSteps is below 10, or mostSteps below leastSteps.</exception>
    public TemporalOrder(int leastSteps = 100, int mostSteps = 110)
    {
        if (leastSteps < 10)
            throw new ArgumentOutOfRangeException(nameof(leastSteps), $"TemporalOrder: leastSteps must be at least 10, but got {leastSteps}. Two places must fit, at a tenth and at half of it.");
        if (mostSteps < leastSteps)
            throw new ArgumentOutOfRangeException(nameof(mostSteps), $"TemporalOrder: mostSteps must be at least leastSteps, {leastSteps}, but got {mostSteps}.");
        (LeastSteps, MostSteps) = (leastSteps, mostSteps);
        (first, second) = ((leastSteps / 10, leastSteps / 5), (leastSteps / 2, leastSteps * 3 / 5));
    }

    /// <summary>The symbols in the order of the features: E, B, a, b, c, d, X, Y.</summary>
    public static IReadOnlyList<string> Symbols { get; } = ["E", "B", "a", "b", "c", "d", "X", "Y"];

    /// <summary>The classes in the order of their numbers: XX, XY, YX, YY. The paper calls them Q, R, S, U.</summary>
    public static IReadOnlyList<string> Classes { get; } = ["XX", "XY", "YX", "YY"];

    /// <summary>Time steps of the shortest sequence.</summary>
    public int LeastSteps { get; }

    /// <summary>Time steps of the longest sequence.</summary>
    public int MostSteps { get; }

    /// <summary>8: a one for the symbol, zeros else.</summary>
    public override int InputSize => Symbols.Count;

    /// <summary>4 classes. Targets are [batch], one a sequence; where lengths differ the batch is padded at the back and has a mask.</summary>
    public override int OutputSize => Classes.Count;

    /// <summary>ln 4: all four classes are equally likely.</summary>
    public override double BaselineLoss => Math.Log(Classes.Count);

    /// <summary>The symbols of one sequence of a batch, such as "EacXbd...B"; padding is left out.</summary>
    /// <param name="batch">A batch of this task.</param>
    /// <param name="row">Which sequence, from 0.</param>
    /// <exception cref="ShapeException">The batch has no features [batch, time, 8].</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public static string Text(Batch batch, int row)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Features is not { Shape: { Rank: 3, Last: 8 } shape } features)
            throw new ShapeException($"TemporalOrder.Text: the batch must have features [batch, time, 8], but has {batch.Features?.Shape.ToString() ?? "none"}. Give a batch of this task.");
        if ((uint)row >= (uint)shape[0])
            throw new ArgumentOutOfRangeException(nameof(row), $"TemporalOrder.Text: row must be in 0..{shape[0] - 1}, but got {row}.");
        var numbers = features.ToArray().AsSpan(row * shape[1] * 8, shape[1] * 8);
        var text = new StringBuilder(shape[1]);
        for (var step = 0; step < shape[1]; step++)
        {
            var symbol = numbers.Slice(step * 8, 8).IndexOf(1f);
            if (symbol >= 0)
                text.Append(Symbols[symbol]);
        }
        return text.ToString();
    }

    /// <summary>"TemporalOrder of 100 to 110 time steps".</summary>
    public override string ToString() => $"TemporalOrder of {LeastSteps} to {MostSteps} time steps";

    private protected override Batch Draw(int batchSize, RandomSource random)
    {
        var (sequences, classes) = (new int[batchSize][], new int[batchSize]);
        for (var row = 0; row < batchSize; row++)
        {
            var symbols = new int[LeastSteps + random.NextInt(MostSteps - LeastSteps + 1)];
            for (var step = 1; step < symbols.Length - 1; step++)
                symbols[step] = FirstDistractor + random.NextInt(Distractors);
            (symbols[0], symbols[^1]) = (Start, Trigger);
            foreach (var (low, high) in (ReadOnlySpan<(int, int)>)[first, second])
            {
                var relevant = random.NextInt(2);
                symbols[low + random.NextInt(high - low + 1)] = FirstRelevant + relevant;
                classes[row] = classes[row] * 2 + relevant;
            }
            sequences[row] = symbols;
        }

        int[] lengths = [.. sequences.Select(symbols => symbols.Length)];
        var steps = lengths.Max();
        var features = new float[batchSize * steps * InputSize];
        for (var row = 0; row < batchSize; row++)
        {
            for (var step = 0; step < lengths[row]; step++)
                features[(row * steps + step) * InputSize + sequences[row][step]] = 1;
        }
        return new(Tensor.From(features, batchSize, steps, InputSize), IntTensor.From(classes, batchSize))
        {
            Mask = lengths.Min() == steps ? null : Mask.FromLengths(lengths, steps),
        };
    }
}
