using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.SequenceToSequence;

/// <summary>How the next token is drawn: temperature first, then what is left of the top k, then what is left of the nucleus.</summary>
public sealed record SamplingOptions
{
    /// <summary>1 draws as the model believes, below 1 more of the likely, above 1 more of the unlikely; 0 takes the likeliest. At least 0. Default: 1.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Draw among so many of the likeliest tokens only, at least 1; null for all. Fan, Lewis and Dauphin, Hierarchical Neural Story Generation, 2018.</summary>
    public int? TopK { get; init; }

    /// <summary>
    /// Draw among the fewest tokens whose probabilities sum to this much, above 0 and at most 1; null for all. Holtzman and others,
    /// The Curious Case of Neural Text Degeneration, 2020. Also called top-p.
    /// </summary>
    public double? Nucleus { get; init; }

    /// <summary>Draws a token.</summary>
    /// <param name="logits">[vocabularySize], before softmax, or log-probabilities; −∞ is never drawn.</param>
    /// <param name="random">Gives one number, or none at temperature 0.</param>
    /// <returns>0..vocabularySize−1.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    /// <exception cref="ArgumentException">There is no logit, one is NaN or +∞, or all are −∞.</exception>
    public int Draw(ReadOnlySpan<float> logits, RandomSource random)
    {
        if (TopK is null && Nucleus is null)
            return Sampler.Draw(logits, Temperature, random);
        float[] kept = [.. logits];
        if (TopK is { } k)
            TokenFilter.TopK(kept, k);
        if (Nucleus is { } mass)
            TokenFilter.Nucleus(kept, mass, Temperature);
        return Sampler.Draw(kept, Temperature, random);
    }
}
