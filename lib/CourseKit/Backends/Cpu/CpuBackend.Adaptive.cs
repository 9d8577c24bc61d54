namespace CourseKit.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public void AdagradStep(Storage weight, Storage gradient, Storage square, float rate, float epsilon, float weightDecay)
    {
        AdaptiveOptimizers.Adagrad(Memory(weight), Memory(gradient), Memory(square), weight.Length, rate, epsilon, weightDecay);
        Keep(weight, gradient, square);
    }

    /// <inheritdoc/>
    public void AdadeltaStep(Storage weight, Storage gradient, Storage square, Storage change, float rate, float rho, float epsilon, float weightDecay)
    {
        AdaptiveOptimizers.Adadelta(Memory(weight), Memory(gradient), Memory(square), Memory(change), weight.Length, rate, rho, epsilon, weightDecay);
        Keep(weight, gradient, square, change);
    }

    /// <inheritdoc/>
    public void AmsGradStep(Storage weight, Storage gradient, Storage firstMoment, Storage secondMoment, Storage greatestSecondMoment, float rate, float beta1, float beta2, float epsilon,
        float weightDecay, int step)
    {
        AdaptiveOptimizers.AmsGrad(Memory(weight), Memory(gradient), Memory(firstMoment), Memory(secondMoment), Memory(greatestSecondMoment), weight.Length,
            rate, beta1, beta2, epsilon, weightDecay, step);
        Keep(weight, gradient, firstMoment, secondMoment, greatestSecondMoment);
    }
}
