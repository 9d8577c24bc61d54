using CourseKit.Data;
using CourseKit.Tensors;

namespace CourseKit.Tasks;

/// <summary>
/// The copy memory task: ten symbols are shown, then blanks for a while, then a sign; after the sign the ten symbols must be repeated. In between nothing but blanks is to be answered.
/// </summary>
/// <remarks>
/// Hochreiter and Schmidhuber, 1997, in the form of Arjovsky, Shah and Bengio, Unitary Evolution Recurrent Neural Networks, 2016: T + 20 time steps, in which the ten symbols come
/// first and the sign stands at T + 9, counted from 0. The loss is the mean over all T + 20 of them.
/// </remarks>
public sealed class CopyMemory : GeneratedTask
{
    /// <summary>How many symbols are to be kept.</summary>
    public const int Length = 10;

    /// <summary>How many different symbols there are.</summary>
    public const int SymbolCount = 8;

    private const int Blank = 0, Sign = SymbolCount + 1;

    /// <summary>Makes the task.</summary>
    /// <param name="delay">T, the time steps from the last symbol to the sign; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">delay is below 1.</exception>
    public CopyMemory(int delay)
    {
        if (delay < 1)
            throw new ArgumentOutOfRangeException(nameof(delay), $"CopyMemory: delay must be at least 1, but got {delay}.");
        Delay = delay;
    }

    /// <summary>T, the time steps from the last symbol to the sign.</summary>
    public int Delay { get; }

    /// <summary>Time steps of every sequence: T + 20.</summary>
    public int Steps => Delay + 2 * Length;

    /// <summary>10: a one for what is shown, zeros else. 0 is the blank, 1..8 are the symbols, 9 is the sign.</summary>
    public override int InputSize => SymbolCount + 2;

    /// <summary>9 classes, numbered as the inputs; the sign is never an answer. Targets are [batch, T + 20].</summary>
    public override int OutputSize => SymbolCount + 1;

    /// <summary>10·ln 8/(T + 20): blanks up to the sign, and after it any of the eight symbols.</summary>
    public override double BaselineLoss => Length * Math.Log(SymbolCount) / Steps;

    /// <summary>"CopyMemory with a delay of 100: 120 time steps".</summary>
    public override string ToString() => $"CopyMemory with a delay of {Delay}: {Steps} time steps";

    private protected override Batch Draw(int batchSize, RandomSource random)
    {
        var features = new float[batchSize * Steps * InputSize];
        var classes = new int[batchSize * Steps];
        for (var row = 0; row < batchSize; row++)
        {
            for (var step = 0; step < Steps; step++)
            {
                var shown = step < Length ? 1 + random.NextInt(SymbolCount) : step == Delay + Length - 1 ? Sign : Blank;
                features[(row * Steps + step) * InputSize + shown] = 1;
                if (step < Length)
                    classes[row * Steps + Delay + Length + step] = shown;
            }
        }
        return new(Tensor.From(features, batchSize, Steps, InputSize), IntTensor.From(classes, batchSize, Steps));
    }
}
