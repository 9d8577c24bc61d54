using System.Buffers;
using CourseKit.Autograd;
using CourseKit.Tensors;

namespace CourseKit.Optimizers;

/// <summary>What is done to all gradients between Backward and the optimizer's step.</summary>
public static class Gradients
{
    /// <summary>Scales all gradients down together when their common length is above a maximum.</summary>
    /// <param name="parameters">Whose gradients; those without one are passed over.</param>
    /// <param name="maxNorm">The greatest length allowed, above 0.</param>
    /// <returns>The length before: √Σg² over all gradients. When it is not a finite number, nothing is scaled.</returns>
    /// <exception cref="ArgumentOutOfRangeException">maxNorm is not above 0.</exception>
    /// <remarks>
    /// g = g·min(1, maxNorm/(norm + 1e-6)). Pascanu, Mikolov and Bengio, 2013. Known elsewhere as clip_grad_norm_, global_clipnorm.
    /// </remarks>
    public static double ClipByGlobalNorm(IReadOnlyList<Parameter> parameters, double maxNorm)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (!(maxNorm > 0))
            throw new ArgumentOutOfRangeException(null, FormattableString.Invariant($"ClipByGlobalNorm: maxNorm must be above 0, but got {maxNorm}."));
        var norm = GlobalNorm(parameters);
        var scale = maxNorm / (norm + 1e-6);
        if (!double.IsFinite(norm) || scale >= 1)
            return norm;
        foreach (var (_, tensor) in parameters)
        {
            if (tensor.Gradient is { } gradient)
                Updates.ScaleInPlace(gradient, (float)scale);
        }

        return norm;
    }

    /// <summary>Holds every number of all gradients between −limit and limit.</summary>
    /// <param name="parameters">Whose gradients; those without one are passed over.</param>
    /// <param name="limit">The greatest size of a number, above 0.</param>
    /// <returns>The common length before: √Σg² over all gradients.</returns>
    /// <exception cref="ArgumentOutOfRangeException">limit is not above 0.</exception>
    /// <remarks>
    /// g = min(max(g, −limit), limit); a NaN stays. Unlike clipping by norm it turns the gradient's direction. Mikolov, 2012. Known elsewhere as clip_grad_value_, clipvalue.
    /// </remarks>
    public static double ClipByValue(IReadOnlyList<Parameter> parameters, double limit)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (!(limit > 0))
            throw new ArgumentOutOfRangeException(null, FormattableString.Invariant($"ClipByValue: limit must be above 0, but got {limit}."));
        var norm = GlobalNorm(parameters);
        foreach (var (_, tensor) in parameters)
        {
            if (tensor.Gradient is { } gradient)
                Updates.ClipInPlace(gradient, (float)limit);
        }

        return norm;
    }

    /// <summary>The common length of all gradients: √Σg².</summary>
    /// <param name="parameters">Whose gradients; those without one are passed over.</param>
    public static double GlobalNorm(IReadOnlyList<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var gradients = ArrayPool<Tensor>.Shared.Rent(parameters.Count);
        var count = 0;
        foreach (var (_, tensor) in parameters)
        {
            if (tensor.Gradient is { } gradient)
                gradients[count++] = gradient;
        }

        var sum = Updates.SumOfSquares(gradients.AsSpan(0, count));
        ArrayPool<Tensor>.Shared.Return(gradients, clearArray: true);
        return Math.Sqrt(sum);
    }

    /// <summary>Forgets all gradients, so that the next Backward starts from zero.</summary>
    /// <param name="parameters">Whose gradients.</param>
    /// <remarks>Known elsewhere as optimizer.zero_grad().</remarks>
    public static void Zero(IReadOnlyList<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        foreach (var (_, tensor) in parameters)
            tensor.ZeroGradient();
    }
}
