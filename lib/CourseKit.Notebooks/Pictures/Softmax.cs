namespace CourseKit.Notebooks;

/// <summary>Scores as probabilities.</summary>
internal static class Softmax
{
    /// <summary>softmax(logits/temperature) in float64; at temperature 0 the likeliest, the first of equals, has all.</summary>
    /// <returns>NaN everywhere when a logit is NaN or +∞, or all are −∞.</returns>
    public static double[] Of(ReadOnlySpan<float> logits, double temperature)
    {
        var (p, highest) = (new double[logits.Length], double.NegativeInfinity);
        foreach (var logit in logits)
            highest = double.IsNaN(highest) || float.IsNaN(logit) ? double.NaN : Math.Max(highest, logit);
        if (!double.IsFinite(highest))
        {
            Array.Fill(p, double.NaN);
            return p;
        }

        if (temperature == 0)
        {
            p[logits.IndexOf((float)highest)] = 1;
            return p;
        }

        // The highest becomes 0, so that e^x neither overflows nor vanishes everywhere.
        var sum = 0.0;
        for (var k = 0; k < p.Length; k++)
            sum += p[k] = Math.Exp((logits[k] - highest) / temperature);
        for (var k = 0; k < p.Length; k++)
            p[k] /= sum;
        return p;
    }
}
