using CourseKit.Autograd;
using CourseKit.Tensors;

namespace CourseKit.Optimizers;

/// <summary>RMSProp: each number's step is divided by the running size of its gradient.</summary>
/// <remarks>
/// g = g + weightDecay·w; s = alpha·s + (1 − alpha)·g²; w = w − rate·g/(√s + epsilon), or with momentum v = momentum·v + g/(√s + epsilon), w = w − rate·v.
/// As torch.optim.RMSprop. Tieleman and Hinton, lecture 6.5, 2012.
/// </remarks>
public sealed class RmsProp : Optimizer
{
    private readonly double _alpha;
    private readonly double _epsilon;
    private readonly double _momentum;
    private readonly double _weightDecay;

    /// <summary>Makes the optimizer.</summary>
    /// <param name="learningRate">The size of a step, above 0. Default: 0.01.</param>
    /// <param name="alpha">How much of the running square stays, in [0, 1). Default: 0.99. Keras: rho, 0.9.</param>
    /// <param name="epsilon">Keeps the divisor from 0, above 0. Default: 1e-8.</param>
    /// <param name="momentum">How much of the last step stays, in [0, 1). Default: 0.</param>
    /// <param name="weightDecay">How strongly weights are drawn to 0, at least 0. Default: 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public RmsProp(double learningRate = 0.01, double alpha = 0.99, double epsilon = 1e-8, double momentum = 0, double weightDecay = 0)
        : base(learningRate)
    {
        _alpha = RequireInside(alpha, alpha is >= 0 and < 1, nameof(alpha), "at least 0 and below 1");
        _epsilon = RequireInside(epsilon, epsilon > 0, nameof(epsilon), "above 0");
        _momentum = RequireInside(momentum, momentum is >= 0 and < 1, nameof(momentum), "at least 0 and below 1");
        _weightDecay = RequireInside(weightDecay, weightDecay >= 0, nameof(weightDecay), "at least 0");
    }

    private protected override IReadOnlyList<string> SlotNames => _momentum > 0 ? ["square_avg", "momentum_buffer"] : ["square_avg"];

    private protected override void Update(Tensor weight, Tensor gradient, Memory memory, float rate) =>
        Updates.RmsProp(weight, gradient, memory.Slots[0], _momentum > 0 ? memory.Slots[1] : null, rate, (float)_alpha, (float)_epsilon, (float)_momentum, (float)_weightDecay);
}
