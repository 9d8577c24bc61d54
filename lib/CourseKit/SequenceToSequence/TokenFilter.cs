namespace CourseKit.SequenceToSequence;

/// <summary>Takes unlikely tokens out of a distribution before one is drawn: their logits become −∞.</summary>
public static class TokenFilter
{
    /// <summary>Keeps the k highest logits, the first of equals.</summary>
    /// <param name="logits">[vocabularySize], changed in place.</param>
    /// <param name="k">How many stay, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">k is below 1.</exception>
    /// <remarks>Fan, Lewis and Dauphin, Hierarchical Neural Story Generation, 2018.</remarks>
    public static void TopK(Span<float> logits, int k)
    {
        if (k < 1)
            throw new ArgumentOutOfRangeException(nameof(k), $"TokenFilter.TopK: k must be at least 1, but got {k}.");
        if (k < logits.Length)
            Drop(logits, FromLikeliest(logits).AsSpan(k));
    }

    /// <summary>Keeps the fewest of the likeliest tokens whose probabilities sum to a mass: the nucleus. At least one stays.</summary>
    /// <param name="logits">[vocabularySize], changed in place.</param>
    /// <param name="mass">The sum to be reached, above 0 and at most 1; 1 keeps all.</param>
    /// <param name="temperature">The probabilities are those of softmax(logits/temperature). Default: 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">mass is not above 0 and at most 1.</exception>
    /// <remarks>Holtzman, Buys, Du, Forbes and Choi, The Curious Case of Neural Text Degeneration, 2020.</remarks>
    public static void Nucleus(Span<float> logits, double mass, double temperature = 1)
    {
        if (!(mass > 0 && mass <= 1))
            throw new ArgumentOutOfRangeException(nameof(mass), FormattableString.Invariant($"TokenFilter.Nucleus: mass must be above 0 and at most 1, but got {mass}."));
        if (mass == 1 || temperature == 0 || logits.IsEmpty)
            return;

        var order = FromLikeliest(logits);
        var weights = new double[order.Length];
        var total = 0.0;
        for (var i = 0; i < weights.Length; i++)
            total += weights[i] = Math.Exp(((double)logits[order[i]] - logits[order[0]]) / temperature);
        var (sum, kept) = (0.0, 0);
        while (kept < order.Length && sum < mass * total)
            sum += weights[kept++];
        Drop(logits, order.AsSpan(kept));
    }

    private static void Drop(Span<float> logits, ReadOnlySpan<int> dropped)
    {
        foreach (var token in dropped)
            logits[token] = float.NegativeInfinity;
    }

    private static int[] FromLikeliest(ReadOnlySpan<float> logits)
    {
        var order = new int[logits.Length];
        var keys = new (float Logit, int Token)[logits.Length];
        for (var i = 0; i < order.Length; i++)
            (order[i], keys[i]) = (i, (-logits[i], i));
        Array.Sort(keys, order);
        return order;
    }
}
