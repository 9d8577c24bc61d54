using CourseKit.Data;
using CourseKit.Tensors;

namespace CourseKit.SequenceToSequence;

/// <summary>Pairs of sequences, what is read and what is to be written, as batches: padded at the back, with masks, and with the decoder's input one step behind its targets.</summary>
public sealed class SequencePairs
{
    private readonly IReadOnlyList<(int[] Source, int[] Target)> pairs;

    /// <summary>Takes pairs.</summary>
    /// <param name="pairs">Source and target, neither with start, end or padding symbols; at least one pair, and no empty source. A target may be empty.</param>
    /// <param name="symbols">The ids of padding, start and end; null for 0, 1, 2.</param>
    /// <exception cref="DataException">There is no pair, or a source is empty.</exception>
    public SequencePairs(IReadOnlyList<(int[] Source, int[] Target)> pairs, SequenceSymbols? symbols = null)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        (this.pairs, Symbols) = (pairs, symbols ?? new());
        RequireSources([.. pairs.Select(pair => pair.Source)]);
    }

    /// <summary>How many pairs there are, at least 1.</summary>
    public int Count => pairs.Count;

    /// <summary>The ids of padding, start and end.</summary>
    public SequenceSymbols Symbols { get; }

    /// <summary>All pairs as one batch.</summary>
    /// <returns>
    /// Ids: the sources, [batch, sourceSteps], with their Mask, null when no row is padded. DecoderIds: the start symbol, then the target, [batch, targetSteps].
    /// Classes: the target, then the end symbol, [batch, targetSteps], −100 at padding, which takes no part in the loss.
    /// </returns>
    public Batch All() => Take([.. Enumerable.Range(0, Count)]);

    /// <summary>One epoch of batches; the last may have fewer pairs.</summary>
    /// <param name="batchSize">Pairs a batch, at least 1.</param>
    /// <param name="shuffle">Draws a new order each time that the batches are enumerated; null keeps the order of the pairs. Default: null.</param>
    /// <returns>Each as <see cref="All"/> says.</returns>
    /// <exception cref="ArgumentOutOfRangeException">batchSize is below 1.</exception>
    public IEnumerable<Batch> Batches(int batchSize, RandomSource? shuffle = null)
    {
        if (batchSize < 1)
            throw new ArgumentOutOfRangeException(nameof(batchSize), $"SequencePairs.Batches: batchSize must be at least 1, but got {batchSize}.");
        return Epoch();

        IEnumerable<Batch> Epoch()
        {
            int[] order = [.. Enumerable.Range(0, Count)];
            shuffle?.Shuffle<int>(order);
            foreach (var examples in order.Chunk(batchSize))
                yield return Take(examples);
        }
    }

    /// <summary>How many pairs, and how long they are: "SequencePairs of 1000: sources of 2 to 9, targets of 1 to 12".</summary>
    public override string ToString() => FormattableString.Invariant(
        $"SequencePairs of {Count}: sources of {pairs.Min(pair => pair.Source.Length)} to {pairs.Max(pair => pair.Source.Length)}, targets of {pairs.Min(pair => pair.Target.Length)} to {pairs.Max(pair => pair.Target.Length)}");

    /// <summary>Sources padded at the back to one length, with their mask, null when no row is padded.</summary>
    internal static (IntTensor Ids, Tensor? Mask) Pad(IReadOnlyList<int[]> sources, SequenceSymbols symbols)
    {
        RequireSources(sources);
        int[] lengths = [.. sources.Select(source => source.Length)];
        var steps = lengths.Max();
        return (Rows(sources.Count, steps, symbols.Padding, row => sources[row]), lengths.Min() == steps ? null : Mask.FromLengths(lengths, steps));
    }

    private Batch Take(int[] examples)
    {
        var (ids, mask) = Pad([.. examples.Select(example => pairs[example].Source)], Symbols);
        int[][] targets = [.. examples.Select(example => pairs[example].Target)];
        var steps = targets.Max(target => target.Length) + 1;
        return new Batch(ids, Rows(targets.Length, steps, Batch.IgnoredClass, row => [.. targets[row], Symbols.End]))
        {
            Mask = mask,
            DecoderIds = Rows(targets.Length, steps, Symbols.Padding, row => [Symbols.Start, .. targets[row]]),
        };
    }

    private static void RequireSources(IReadOnlyList<int[]> sources)
    {
        if (sources.Count == 0)
            throw new DataException("SequencePairs: there must be at least one source, but there is none.");
        for (var row = 0; row < sources.Count; row++)
        {
            if (sources[row].Length == 0)
                throw new DataException($"SequencePairs: every source must have at least one token, but source {row} is empty. Leave it out.");
        }
    }

    private static IntTensor Rows(int count, int steps, int filler, Func<int, int[]> tokens)
    {
        var values = new int[count * steps];
        values.AsSpan().Fill(filler);
        for (var row = 0; row < count; row++)
            tokens(row).CopyTo(values, row * steps);
        return IntTensor.From(values, count, steps);
    }
}
