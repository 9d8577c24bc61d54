using CourseKit.Backends;

namespace CourseKit.Gpu;

public sealed partial class GpuBackend
{
    /// <inheritdoc/>
    public void SgdStep(Storage weight, Storage gradient, Storage? velocity, float rate, float momentum, bool nesterov, float weightDecay, bool first) => device.Each(
        new Sgd
        {
            W = Of(weight),
            G = Of(gradient),
            Velocity = OfOptional(velocity),
            Rate = rate,
            Momentum = momentum,
            Decay = weightDecay,
            Nesterov = nesterov ? 1 : 0,
            First = first ? 1 : 0,
        },
        weight.Length,
        (momentum == 0 ? 3L : 5L) * weight.Length);

    /// <inheritdoc/>
    public void RmsPropStep(Storage weight, Storage gradient, Storage square, Storage? velocity, float rate, float alpha, float epsilon, float momentum, float weightDecay) => device.Each(
        new RmsProp
        {
            W = Of(weight),
            G = Of(gradient),
            Square = Of(square),
            Velocity = OfOptional(velocity),
            Rate = rate,
            Alpha = alpha,
            Epsilon = epsilon,
            Momentum = momentum,
            Decay = weightDecay,
        },
        weight.Length,
        (momentum == 0 ? 5L : 7L) * weight.Length);

    /// <inheritdoc/>
    public void AdamStep(Storage weight, Storage gradient, Storage firstMoment, Storage secondMoment, float rate, float beta1, float beta2, float epsilon,
        float weightDecay, bool decoupled, int step) => Adam(weight, gradient, firstMoment, secondMoment, null, rate, beta1, beta2, epsilon, weightDecay, decoupled, step);

    /// <inheritdoc/>
    public void AmsGradStep(Storage weight, Storage gradient, Storage firstMoment, Storage secondMoment, Storage greatestSecondMoment, float rate, float beta1, float beta2, float epsilon,
        float weightDecay, int step) => Adam(weight, gradient, firstMoment, secondMoment, greatestSecondMoment, rate, beta1, beta2, epsilon, weightDecay, decoupled: false, step);

    /// <inheritdoc/>
    public void AdagradStep(Storage weight, Storage gradient, Storage square, float rate, float epsilon, float weightDecay) =>
        device.Each(new Adagrad { W = Of(weight), G = Of(gradient), Square = Of(square), Rate = rate, Epsilon = epsilon, Decay = weightDecay }, weight.Length, 5L * weight.Length);

    /// <inheritdoc/>
    public void AdadeltaStep(Storage weight, Storage gradient, Storage square, Storage change, float rate, float rho, float epsilon, float weightDecay) => device.Each(
        new Adadelta { W = Of(weight), G = Of(gradient), Square = Of(square), Change = Of(change), Rate = rate, Rho = rho, Epsilon = epsilon, Decay = weightDecay },
        weight.Length,
        7L * weight.Length);

    private void Adam(Storage weight, Storage gradient, Storage firstMoment, Storage secondMoment, Storage? greatest, float rate, float beta1, float beta2, float epsilon,
        float weightDecay, bool decoupled, int step) => device.Each(
        new Adam
        {
            W = Of(weight),
            G = Of(gradient),
            M = Of(firstMoment),
            Second = Of(secondMoment),
            Greatest = OfOptional(greatest),
            Beta1 = beta1,
            Beta2 = beta2,
            Epsilon = epsilon,
            StepSize = (float)(rate / (1 - Math.Pow(beta1, step))),
            RootScale = (float)(1 / Math.Sqrt(1 - Math.Pow(beta2, step))),
            Keep = decoupled ? 1 - (rate * weightDecay) : 1,
            Added = decoupled ? 0 : weightDecay,
        },
        weight.Length,
        (greatest is null ? 7L : 9L) * weight.Length);
}
