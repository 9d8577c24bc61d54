using CourseKit.Autograd;
using CourseKit.Tensors;

namespace CourseKit.Optimizers;

/// <summary>Adam: steps along the running mean of the gradient, divided by the root of its running square.</summary>
/// <remarks>
/// g = g + weightDecay·w; m = β1·m + (1 − β1)·g; v = β2·v + (1 − β2)·g²; w = w − rate·(m/(1 − β1^t))/(√(v/(1 − β2^t)) + epsilon).
/// AMSGrad divides by the root of the greatest v so far. As torch.optim.Adam. Kingma and Ba, 2015; Reddi, Kale and Kumar, 2018.
/// </remarks>
public class Adam : Optimizer
{
    private readonly double _beta1;
    private readonly double _beta2;
    private readonly double _epsilon;
    private readonly double _weightDecay;
    private readonly bool _decoupled;
    private readonly bool _amsgrad;

    /// <summary>Makes the optimizer.</summary>
    /// <param name="learningRate">The size of a step, above 0. Default: 0.001.</param>
    /// <param name="beta1">How much of the running mean stays, in [0, 1). Default: 0.9.</param>
    /// <param name="beta2">How much of the running square stays, in [0, 1). Default: 0.999.</param>
    /// <param name="epsilon">Keeps the divisor from 0, above 0. Default: 1e-8.</param>
    /// <param name="weightDecay">How strongly weights are drawn to 0, through the gradient, at least 0. Default: 0.</param>
    /// <param name="amsgrad">Divide by the greatest running square so far, so that steps never grow again. Default: false.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public Adam(double learningRate = 0.001, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0, bool amsgrad = false)
        : this(learningRate, beta1, beta2, epsilon, weightDecay, amsgrad, decoupled: false)
    {
    }

    private protected Adam(double learningRate, double beta1, double beta2, double epsilon, double weightDecay, bool amsgrad, bool decoupled)
        : base(learningRate)
    {
        _beta1 = RequireInside(beta1, beta1 is >= 0 and < 1, nameof(beta1), "at least 0 and below 1");
        _beta2 = RequireInside(beta2, beta2 is >= 0 and < 1, nameof(beta2), "at least 0 and below 1");
        _epsilon = RequireInside(epsilon, epsilon > 0, nameof(epsilon), "above 0");
        _weightDecay = RequireInside(weightDecay, weightDecay >= 0, nameof(weightDecay), "at least 0");
        _amsgrad = amsgrad;
        _decoupled = decoupled;
    }

    private protected override IReadOnlyList<string> SlotNames => _amsgrad ? ["exp_avg", "exp_avg_sq", "max_exp_avg_sq"] : ["exp_avg", "exp_avg_sq"];

    private protected override void Update(Tensor weight, Tensor gradient, Memory memory, float rate)
    {
        var (beta1, beta2, epsilon, decay) = ((float)_beta1, (float)_beta2, (float)_epsilon, (float)_weightDecay);
        if (memory.Slots is [var first, var second, var greatest])
            Updates.AmsGrad(weight, gradient, first, second, greatest, rate, beta1, beta2, epsilon, decay, memory.Steps);
        else
            Updates.Adam(weight, gradient, memory.Slots[0], memory.Slots[1], rate, beta1, beta2, epsilon, decay, _decoupled, memory.Steps);
    }
}
