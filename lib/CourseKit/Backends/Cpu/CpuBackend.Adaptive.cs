namespace CourseKit.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public void AdagradStep(Storage weight, Storage gradient, Storage square, float rate, float epsilon, float weightDecay)
    {
        var kernel = new AdaptiveOptimizers.Adagrad
        {
            W = Memory(weight),
            G = Memory(gradient),
            Square = Memory(square),
            N = weight.Length,
            Rate = rate,
            Epsilon = epsilon,
            Decay = weightDecay,
        };
        device.Run(ref kernel, weight.Length, Optimizers.Worthwhile);
        Keep(weight, gradient, square);
    }

    /// <inheritdoc/>
    public void AdadeltaStep(Storage weight, Storage gradient, Storage square, Storage change, float rate, float rho, float epsilon, float weightDecay)
    {
        var kernel = new AdaptiveOptimizers.Adadelta
        {
            W = Memory(weight),
            G = Memory(gradient),
            Square = Memory(square),
            Change = Memory(change),
            N = weight.Length,
            Rate = rate,
            Rho = rho,
            Epsilon = epsilon,
            Decay = weightDecay,
        };
        device.Run(ref kernel, weight.Length, Optimizers.Worthwhile);
        Keep(weight, gradient, square, change);
    }

    /// <inheritdoc/>
    public void AmsGradStep(Storage weight, Storage gradient, Storage firstMoment, Storage secondMoment, Storage greatestSecondMoment, float rate, float beta1, float beta2, float epsilon,
        float weightDecay, int step)
    {
        var kernel = new AdaptiveOptimizers.AmsGrad
        {
            W = Memory(weight),
            G = Memory(gradient),
            M = Memory(firstMoment),
            Second = Memory(secondMoment),
            Greatest = Memory(greatestSecondMoment),
            N = weight.Length,
            Beta1 = beta1,
            Beta2 = beta2,
            Epsilon = epsilon,
            StepSize = (float)(rate / (1 - Math.Pow(beta1, step))),
            RootScale = (float)(1 / Math.Sqrt(1 - Math.Pow(beta2, step))),
            Decay = weightDecay,
        };
        device.Run(ref kernel, weight.Length, Optimizers.Worthwhile);
        Keep(weight, gradient, firstMoment, secondMoment, greatestSecondMoment);
    }
}
