namespace CourseKit.SequenceToSequence;

/// <summary>How alike translations and reference translations are, by the n-grams that they share.</summary>
/// <remarks>
/// BLEU = min(1, e^(1 − r/c))·exp(Σ_n ln(p_n)/N), p_n the clipped matches of n-grams over all n-grams of the candidates, summed over the corpus before dividing;
/// c the candidates' length and r that of the references closest to it, the shorter of two. Papineni, Roukos, Ward and Zhu, BLEU: a Method for Automatic Evaluation
/// of Machine Translation, 2002. Words may be of any kind that can be compared: strings, ids.
/// </remarks>
public static class Bleu
{
    // What no match counts as under method 1.
    private const double Epsilon = 0.1;

    /// <summary>The score of a whole corpus.</summary>
    /// <param name="candidates">What a model wrote, each a row of words.</param>
    /// <param name="references">For each candidate at least one reference.</param>
    /// <param name="maxOrder">The longest n-grams, at least 1. Default: 4.</param>
    /// <param name="smoothing">What is done where nothing matches. Default: none.</param>
    /// <exception cref="ArgumentException">There are no candidates, as many reference lists as candidates are not given, or a candidate has no reference.</exception>
    /// <exception cref="ArgumentOutOfRangeException">maxOrder is below 1.</exception>
    public static BleuScore Corpus<T>(IReadOnlyList<IReadOnlyList<T>> candidates, IReadOnlyList<IReadOnlyList<IReadOnlyList<T>>> references, int maxOrder = 4, BleuSmoothing smoothing = BleuSmoothing.None)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(candidates);
        ArgumentNullException.ThrowIfNull(references);
        if (candidates.Count == 0 || candidates.Count != references.Count)
            throw new ArgumentException($"Bleu: there must be at least one candidate and as many lists of references, but got {candidates.Count} and {references.Count}.");
        if (maxOrder < 1)
            throw new ArgumentOutOfRangeException(nameof(maxOrder), $"Bleu: maxOrder must be at least 1, but got {maxOrder}.");

        var (matches, totals) = (new long[maxOrder], new long[maxOrder]);
        var (length, referenceLength) = (0, 0);
        for (var i = 0; i < candidates.Count; i++)
        {
            if (references[i].Count == 0)
                throw new ArgumentException($"Bleu: every candidate needs at least one reference, but candidate {i} has none.");
            var own = candidates[i].Count;
            length += own;
            referenceLength += references[i].Select(reference => reference.Count).OrderBy(count => (Math.Abs(count - own), count)).First();
            for (var order = 1; order <= maxOrder; order++)
            {
                var counts = Counts(candidates[i], order);
                var most = references[i].Select(reference => Counts(reference, order)).ToArray();
                totals[order - 1] += Math.Max(0, own - order + 1);
                matches[order - 1] += counts.Sum(pair => Math.Min(pair.Value, most.Max(reference => reference.GetValueOrDefault(pair.Key))));
            }
        }

        double[] precisions = [.. matches.Select((match, i) => Precision(match, totals[i], i + 1, smoothing))];
        var brevity = length == 0 ? 0 : Math.Min(1, Math.Exp(1 - ((double)referenceLength / length)));
        return new(brevity * Math.Exp(precisions.Average(Math.Log)), precisions, brevity, length, referenceLength);
    }

    /// <summary>The score of one sentence. Smoothing is needed here more than for a corpus: most sentences share no 4-gram with their references.</summary>
    /// <param name="candidate">What a model wrote, a row of words.</param>
    /// <param name="references">At least one.</param>
    /// <param name="maxOrder">The longest n-grams, at least 1. Default: 4.</param>
    /// <param name="smoothing">What is done where nothing matches. Default: method 1 of Chen and Cherry.</param>
    /// <exception cref="ArgumentException">There is no reference.</exception>
    /// <exception cref="ArgumentOutOfRangeException">maxOrder is below 1.</exception>
    public static BleuScore Sentence<T>(IReadOnlyList<T> candidate, IReadOnlyList<IReadOnlyList<T>> references, int maxOrder = 4, BleuSmoothing smoothing = BleuSmoothing.Epsilon)
        where T : notnull => Corpus([candidate], [references], maxOrder, smoothing);

    // Candidates too short for an n-gram count as having one that does not match.
    private static double Precision(long matches, long total, int order, BleuSmoothing smoothing) => smoothing switch
    {
        BleuSmoothing.AddOne when order > 1 => (matches + 1.0) / (Math.Max(1, total) + 1),
        BleuSmoothing.Epsilon when matches == 0 => Epsilon / Math.Max(1, total),
        _ => (double)matches / Math.Max(1, total),
    };

    private static Dictionary<NGram<T>, int> Counts<T>(IReadOnlyList<T> words, int order)
        where T : notnull
    {
        var counts = new Dictionary<NGram<T>, int>();
        for (var from = 0; from + order <= words.Count; from++)
        {
            var key = new NGram<T>(words, from, order);
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }

        return counts;
    }

    /// <summary>Some words in a row, compared word by word.</summary>
    private readonly struct NGram<T>(IReadOnlyList<T> words, int from, int order) : IEquatable<NGram<T>>
        where T : notnull
    {
        private readonly IReadOnlyList<T> words = words;
        private readonly int from = from;
        private readonly int order = order;

        public bool Equals(NGram<T> other)
        {
            for (var i = 0; i < order; i++)
            {
                if (!words[from + i].Equals(other.words[other.from + i]))
                    return false;
            }

            return true;
        }

        public override bool Equals(object? obj) => obj is NGram<T> other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            for (var i = 0; i < order; i++)
                hash.Add(words[from + i]);
            return hash.ToHashCode();
        }
    }
}
