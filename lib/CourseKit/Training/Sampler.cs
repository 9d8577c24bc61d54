using CourseKit.Tensors;

namespace CourseKit.Training;

/// <summary>Draws a class from a model's logits.</summary>
public static class Sampler
{
    /// <summary>Draws a class with the probabilities softmax(logits/temperature).</summary>
    /// <param name="logits">[classes], numbers before softmax; −∞ is never drawn.</param>
    /// <param name="temperature">1 draws as the model believes, below 1 more of the likely, above 1 more of the unlikely; 0 takes the likeliest, the first of equals. At least 0 and finite.</param>
    /// <param name="random">Gives one number, whatever the temperature but 0, which needs none.</param>
    /// <returns>0..classes−1.</returns>
    /// <exception cref="ArgumentOutOfRangeException">temperature is negative, infinite or not a number.</exception>
    /// <exception cref="ArgumentException">There is no logit, one is NaN or +∞, or all are −∞.</exception>
    /// <remarks>Ackley, Hinton and Sejnowski, A Learning Algorithm for Boltzmann Machines, 1985.</remarks>
    public static int Draw(ReadOnlySpan<float> logits, double temperature, RandomSource random)
    {
        if (!(temperature >= 0) || !double.IsFinite(temperature))
            throw new ArgumentOutOfRangeException(nameof(temperature), FormattableString.Invariant($"Sampler: temperature must be at least 0 and finite, but got {temperature}."));
        var likeliest = Likeliest(logits);
        if (temperature == 0)
            return likeliest;

        // The highest logit becomes 0, so that e^x neither overflows nor vanishes everywhere.
        Span<double> sums = logits.Length <= 1024 ? stackalloc double[logits.Length] : new double[logits.Length];
        var sum = 0.0;
        for (var i = 0; i < logits.Length; i++)
            sums[i] = sum += Math.Exp(((double)logits[i] - logits[likeliest]) / temperature);

        var drawn = random.NextDouble() * sum;
        for (var i = 0; i < sums.Length; i++)
        {
            if (drawn < sums[i])
                return i;
        }
        return likeliest;
    }

    private static int Likeliest(ReadOnlySpan<float> logits)
    {
        var likeliest = 0;
        for (var i = 0; i < logits.Length; i++)
        {
            if (float.IsNaN(logits[i]) || float.IsPositiveInfinity(logits[i]))
                throw new ArgumentException(FormattableString.Invariant($"Sampler: every logit must be a number or −∞, but logits[{i}] is {logits[i]}. The model has probably diverged."), nameof(logits));
            if (logits[i] > logits[likeliest])
                likeliest = i;
        }
        if (logits.IsEmpty || float.IsNegativeInfinity(logits[likeliest]))
            throw new ArgumentException("Sampler: there must be at least one logit above −∞.", nameof(logits));
        return likeliest;
    }
}
