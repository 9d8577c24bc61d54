using CourseKit.Autograd;
using CourseKit.Tensors;

namespace CourseKit.Optimizers;

/// <summary>Stochastic gradient descent, plain, with momentum, or with Nesterov's.</summary>
/// <remarks>
/// g = g + weightDecay·w; v = momentum·v + g (v = g at first); w = w − rate·v, or with Nesterov w − rate·(g + momentum·v). As torch.optim.SGD.
/// Robbins and Monro, 1951; Polyak, 1964; Nesterov, 1983.
/// </remarks>
public sealed class Sgd : Optimizer
{
    private readonly double _momentum;
    private readonly double _weightDecay;
    private readonly bool _nesterov;

    /// <summary>Makes the optimizer.</summary>
    /// <param name="learningRate">The size of a step, above 0.</param>
    /// <param name="momentum">How much of the last step's direction stays, in [0, 1). Default: 0.</param>
    /// <param name="nesterov">Look ahead along the momentum; momentum must then be above 0. Default: false.</param>
    /// <param name="weightDecay">How strongly weights are drawn to 0, at least 0. Default: 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public Sgd(double learningRate, double momentum = 0, bool nesterov = false, double weightDecay = 0)
        : base(learningRate)
    {
        _momentum = RequireInside(momentum, momentum is >= 0 and < 1 && (momentum > 0 || !nesterov), nameof(momentum),
            nesterov ? "above 0 and below 1 with nesterov" : "at least 0 and below 1");
        _weightDecay = RequireInside(weightDecay, weightDecay >= 0, nameof(weightDecay), "at least 0");
        _nesterov = nesterov;
    }

    private protected override IReadOnlyList<string> SlotNames => _momentum > 0 ? ["momentum_buffer"] : [];

    private protected override void Update(Tensor weight, Tensor gradient, Memory memory, float rate) =>
        Updates.Sgd(weight, gradient, _momentum > 0 ? memory.Slots[0] : null, rate, (float)_momentum, _nesterov, (float)_weightDecay, first: memory.Steps == 1);
}
