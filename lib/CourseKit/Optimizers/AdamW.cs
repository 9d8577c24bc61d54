namespace CourseKit.Optimizers;

/// <summary>Adam with weight decay apart from the gradient.</summary>
/// <remarks>w = w − rate·weightDecay·w, then Adam's step without decay. As torch.optim.AdamW. Loshchilov and Hutter, 2019.</remarks>
public sealed class AdamW : Adam
{
    /// <summary>Makes the optimizer.</summary>
    /// <param name="learningRate">The size of a step, above 0. Default: 0.001.</param>
    /// <param name="beta1">How much of the running mean stays, in [0, 1). Default: 0.9.</param>
    /// <param name="beta2">How much of the running square stays, in [0, 1). Default: 0.999.</param>
    /// <param name="epsilon">Keeps the divisor from 0, above 0. Default: 1e-8.</param>
    /// <param name="weightDecay">What share of a weight goes each step, times the rate, at least 0. Default: 0.01.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public AdamW(double learningRate = 0.001, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0.01)
        : base(learningRate, beta1, beta2, epsilon, weightDecay, amsgrad: false, decoupled: true)
    {
    }
}
