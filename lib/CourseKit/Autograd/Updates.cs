using System.Buffers;
using CourseKit.Backends;
using CourseKit.Tensors;

namespace CourseKit.Autograd;

/// <summary>What changes a parameter in place after Backward, one fused kernel each; the way for optimizers to the device.</summary>
internal static class Updates
{
    /// <summary>The sum of the squares of all gradients; those that lie on one backend are asked for at once.</summary>
    public static double SumOfSquares(ReadOnlySpan<Tensor> gradients)
    {
        var storages = ArrayPool<Storage>.Shared.Rent(gradients.Length);
        var sum = 0.0;
        for (var from = 0; from < gradients.Length;)
        {
            var (count, backend) = (0, gradients[from].Backend);
            for (; from < gradients.Length && gradients[from].Backend == backend; from++) storages[count++] = gradients[from].Data;
            sum += backend.SumOfSquares(storages.AsSpan(0, count));
        }

        ArrayPool<Storage>.Shared.Return(storages, clearArray: true);
        return sum;
    }

    /// <summary>x = scale·x.</summary>
    public static void ScaleInPlace(Tensor x, float scale) => x.Backend.Scale(x.Data, scale, x.Data);

    /// <summary>Every number of x between −limit and limit.</summary>
    public static void ClipInPlace(Tensor x, float limit) => x.Backend.Clip(x.Data, limit);

    /// <summary>A lasting tensor of zeros beside a parameter, for what an optimizer remembers of it.</summary>
    public static Tensor ZerosLike(Tensor x)
    {
        var zeros = Tensor.Lasting(x.Backend, x.Shape);
        x.Backend.Fill(zeros.Data, 0);
        return zeros;
    }

    /// <summary>Stochastic gradient descent.</summary>
    public static void Sgd(Tensor weight, Tensor gradient, Tensor? velocity, float rate, float momentum, bool nesterov, float weightDecay, bool first) =>
        weight.Backend.SgdStep(weight.Data, gradient.Data, velocity?.Data, rate, momentum, nesterov, weightDecay, first);

    /// <summary>RMSProp.</summary>
    public static void RmsProp(Tensor weight, Tensor gradient, Tensor square, Tensor? velocity, float rate, float alpha, float epsilon, float momentum, float weightDecay) =>
        weight.Backend.RmsPropStep(weight.Data, gradient.Data, square.Data, velocity?.Data, rate, alpha, epsilon, momentum, weightDecay);

    /// <summary>Adam, and AdamW when decoupled.</summary>
    public static void Adam(Tensor weight, Tensor gradient, Tensor firstMoment, Tensor secondMoment, float rate, float beta1, float beta2, float epsilon,
        float weightDecay, bool decoupled, int step) =>
        weight.Backend.AdamStep(weight.Data, gradient.Data, firstMoment.Data, secondMoment.Data, rate, beta1, beta2, epsilon, weightDecay, decoupled, step);

    /// <summary>Adam with AMSGrad's divisor.</summary>
    public static void AmsGrad(Tensor weight, Tensor gradient, Tensor firstMoment, Tensor secondMoment, Tensor greatest, float rate, float beta1, float beta2, float epsilon,
        float weightDecay, int step) =>
        weight.Backend.AmsGradStep(weight.Data, gradient.Data, firstMoment.Data, secondMoment.Data, greatest.Data, rate, beta1, beta2, epsilon, weightDecay, step);

    /// <summary>Adagrad.</summary>
    public static void Adagrad(Tensor weight, Tensor gradient, Tensor square, float rate, float epsilon, float weightDecay) =>
        weight.Backend.AdagradStep(weight.Data, gradient.Data, square.Data, rate, epsilon, weightDecay);

    /// <summary>Adadelta.</summary>
    public static void Adadelta(Tensor weight, Tensor gradient, Tensor square, Tensor change, float rate, float rho, float epsilon, float weightDecay) =>
        weight.Backend.AdadeltaStep(weight.Data, gradient.Data, square.Data, change.Data, rate, rho, epsilon, weightDecay);
}
