using CourseKit.Autograd;
using CourseKit.Tensors;

namespace CourseKit.Optimizers;

/// <summary>Adadelta: each number's step is as large as its steps have been, relative to its gradients.</summary>
/// <remarks>
/// g = g + weightDecay·w; s = rho·s + (1 − rho)·g²; d = g·√(u + epsilon)/√(s + epsilon); u = rho·u + (1 − rho)·d²; w = w − rate·d.
/// As torch.optim.Adadelta. Zeiler, 2012.
/// </remarks>
public sealed class Adadelta : Optimizer
{
    private readonly double _rho;
    private readonly double _epsilon;
    private readonly double _weightDecay;

    /// <summary>Makes the optimizer.</summary>
    /// <param name="learningRate">The factor of every step, above 0. Default: 1.</param>
    /// <param name="rho">How much of the running squares stays, in [0, 1). Default: 0.9.</param>
    /// <param name="epsilon">Gets the steps going and keeps the divisor from 0, above 0. Default: 1e-6.</param>
    /// <param name="weightDecay">How strongly weights are drawn to 0, at least 0. Default: 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public Adadelta(double learningRate = 1, double rho = 0.9, double epsilon = 1e-6, double weightDecay = 0)
        : base(learningRate)
    {
        _rho = RequireInside(rho, rho is >= 0 and < 1, nameof(rho), "at least 0 and below 1");
        _epsilon = RequireInside(epsilon, epsilon > 0, nameof(epsilon), "above 0");
        _weightDecay = RequireInside(weightDecay, weightDecay >= 0, nameof(weightDecay), "at least 0");
    }

    private protected override IReadOnlyList<string> SlotNames { get; } = ["square_avg", "acc_delta"];

    private protected override void Update(Tensor weight, Tensor gradient, Memory memory, float rate) =>
        Updates.Adadelta(weight, gradient, memory.Slots[0], memory.Slots[1], rate, (float)_rho, (float)_epsilon, (float)_weightDecay);
}
