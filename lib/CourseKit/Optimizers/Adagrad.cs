using CourseKit.Autograd;
using CourseKit.Tensors;

namespace CourseKit.Optimizers;

/// <summary>Adagrad: each number's step is divided by the root of the sum of its squared gradients so far.</summary>
/// <remarks>g = g + weightDecay·w; s = s + g²; w = w − rate·g/(√s + epsilon). As torch.optim.Adagrad. Duchi, Hazan and Singer, 2011.</remarks>
public sealed class Adagrad : Optimizer
{
    private readonly double _epsilon;
    private readonly double _weightDecay;

    /// <summary>Makes the optimizer.</summary>
    /// <param name="learningRate">The size of a step, above 0. Default: 0.01.</param>
    /// <param name="epsilon">Keeps the divisor from 0, above 0. Default: 1e-10.</param>
    /// <param name="weightDecay">How strongly weights are drawn to 0, at least 0. Default: 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public Adagrad(double learningRate = 0.01, double epsilon = 1e-10, double weightDecay = 0)
        : base(learningRate)
    {
        _epsilon = RequireInside(epsilon, epsilon > 0, nameof(epsilon), "above 0");
        _weightDecay = RequireInside(weightDecay, weightDecay >= 0, nameof(weightDecay), "at least 0");
    }

    private protected override IReadOnlyList<string> SlotNames { get; } = ["sum"];

    private protected override void Update(Tensor weight, Tensor gradient, Memory memory, float rate) =>
        Updates.Adagrad(weight, gradient, memory.Slots[0], rate, (float)_epsilon, (float)_weightDecay);
}
