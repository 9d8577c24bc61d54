namespace CourseKit.SequenceToSequence;

/// <summary>A BLEU score with what it is made of.</summary>
/// <param name="Score">BrevityPenalty times the geometric mean of the precisions, from 0 to 1. Often shown times 100.</param>
/// <param name="Precisions">For n-grams of 1, 2, ... words, which part of the candidates' stands in a reference, from 0 to 1.</param>
/// <param name="BrevityPenalty">1, or e^(1 − referenceLength/candidateLength) where the candidates are shorter.</param>
/// <param name="CandidateLength">Words of all candidates.</param>
/// <param name="ReferenceLength">Words of the references, for each candidate the one closest in length.</param>
public sealed record BleuScore(double Score, IReadOnlyList<double> Precisions, double BrevityPenalty, int CandidateLength, int ReferenceLength)
{
    /// <summary>"BLEU 43.25 (75.0/50.0/40.0/33.3, brevity penalty 0.920, 12 words for 13)".</summary>
    public override string ToString() => FormattableString.Invariant(
        $"BLEU {100 * Score:0.00} ({string.Join('/', Precisions.Select(precision => FormattableString.Invariant($"{100 * precision:0.0}")))}, brevity penalty {BrevityPenalty:0.000}, {CandidateLength} words for {ReferenceLength})");
}
