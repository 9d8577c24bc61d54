namespace CourseKit.SequenceToSequence;

/// <summary>A sequence that a model has written.</summary>
/// <param name="Tokens">What was written, without the end symbol.</param>
/// <param name="LogProbability">The sum of all tokens' log-probabilities in nats, that of the end symbol with them.</param>
/// <param name="Score">What beam search ranks by: LogProbability divided by the length penalty. LogProbability itself for greedy decoding and sampling.</param>
/// <param name="Ended">Whether the model wrote the end symbol; false when the greatest length cut it off.</param>
public sealed record Hypothesis(IReadOnlyList<int> Tokens, double LogProbability, double Score, bool Ended)
{
    /// <summary>The divisor that lets long hypotheses compete with short ones: ((5 + length)/6)^alpha.</summary>
    /// <param name="length">Tokens written, the end symbol with them.</param>
    /// <param name="alpha">0 for none (the divisor is 1), 1 for nearly the mean log-probability a token.</param>
    /// <remarks>Wu and others, Google's Neural Machine Translation System, 2016, equation 14, without the coverage penalty.</remarks>
    public static double LengthPenalty(int length, double alpha) => Math.Pow((5.0 + length) / 6, alpha);

    /// <summary>The tokens and the score: "4 9 2, score -1.25".</summary>
    public override string ToString() => FormattableString.Invariant($"{string.Join(' ', Tokens)}, score {Score:0.00}{(Ended ? "" : " (cut off)")}");
}
