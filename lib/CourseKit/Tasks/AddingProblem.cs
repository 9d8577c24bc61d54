using CourseKit.Data;
using CourseKit.Tensors;

namespace CourseKit.Tasks;

/// <summary>
/// The adding problem: at every time step a number drawn evenly from 0..1 and a marker, which is 1 at two time steps and 0 at the others. The answer is the sum of the two marked
/// numbers, so that the first one must be kept until the end.
/// </summary>
/// <remarks>
/// Hochreiter and Schmidhuber, Long Short-Term Memory, 1997, in the form of Le, Jaitly and Hinton, 2015, and Arjovsky, Shah and Bengio, 2016: one marker stands evenly in the first
/// half of the sequence, the other in the second. The variance of the sum of two even numbers is 2·1/12.
/// </remarks>
public sealed class AddingProblem : GeneratedTask
{
    /// <summary>Makes the task.</summary>
    /// <param name="steps">Time steps of every sequence, at least 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">steps is below 2.</exception>
    public AddingProblem(int steps)
    {
        if (steps < 2)
            throw new ArgumentOutOfRangeException(nameof(steps), $"AddingProblem: steps must be at least 2, but got {steps}. The two markers stand at different time steps.");
        Steps = steps;
    }

    /// <summary>Time steps of every sequence.</summary>
    public int Steps { get; }

    /// <summary>2: the number, and the marker.</summary>
    public override int InputSize => 2;

    /// <summary>1: the sum. Targets are values, [batch, 1].</summary>
    public override int OutputSize => 1;

    /// <summary>1/6: the mean squared error of the answer 1, which is the mean of all sums.</summary>
    public override double BaselineLoss => 1 / 6.0;

    /// <summary>"AddingProblem of 100 time steps".</summary>
    public override string ToString() => $"AddingProblem of {Steps} time steps";

    private protected override Batch Draw(int batchSize, RandomSource random)
    {
        var features = new float[batchSize * Steps * 2];
        var sums = new float[batchSize];
        var half = Steps / 2;
        for (var row = 0; row < batchSize; row++)
        {
            var example = features.AsSpan(row * Steps * 2, Steps * 2);
            for (var step = 0; step < Steps; step++)
                example[step * 2] = random.NextFloat();
            foreach (var marked in (ReadOnlySpan<int>)[random.NextInt(half), half + random.NextInt(Steps - half)])
            {
                example[marked * 2 + 1] = 1;
                sums[row] += example[marked * 2];
            }
        }
        return new(Tensor.From(features, batchSize, Steps, 2), Tensor.From(sums, batchSize, 1));
    }
}
