using CourseKit.Data;
using CourseKit.Tensors;

namespace CourseKit.SequenceToSequence;

/// <summary>Pairs of sequences that are trained on side by side, padded at the back.</summary>
public sealed class SequenceBatch
{
    private SequenceBatch(IntTensor source, Tensor? sourceMask, IntTensor target, IntTensor classes) =>
        (Source, SourceMask, Target, Classes) = (source, sourceMask, target, classes);

    /// <summary>What is read, [batch, sourceSteps].</summary>
    public IntTensor Source { get; }

    /// <summary>[batch, sourceSteps], 1 at a token and 0 at padding; null when no row is padded.</summary>
    public Tensor? SourceMask { get; }

    /// <summary>What the decoder reads under teacher forcing: the start symbol, then the target, [batch, targetSteps].</summary>
    public IntTensor Target { get; }

    /// <summary>What the decoder should write: the target, then the end symbol, [batch, targetSteps]; −100 at padding, which takes no part in the loss. It is Target one step ahead.</summary>
    public IntTensor Classes { get; }

    /// <summary>Over how many tokens the loss is a mean: all targets, each with its end symbol.</summary>
    public int TargetCount => Classes.Length - Classes.Values.Count(Batch.IgnoredClass);

    /// <summary>Puts pairs into one batch.</summary>
    /// <param name="pairs">Source and target, neither with start, end or padding symbols; at least one pair, and no empty source. A target may be empty.</param>
    /// <param name="symbols">The ids of padding, start and end; null for 0, 1, 2.</param>
    /// <exception cref="DataException">There is no pair, or a source is empty.</exception>
    public static SequenceBatch Of(IReadOnlyList<(int[] Source, int[] Target)> pairs, SequenceSymbols? symbols = null)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        symbols ??= new();
        var (source, mask) = Sources([.. pairs.Select(pair => pair.Source)], symbols);
        var steps = pairs.Max(pair => pair.Target.Length) + 1;
        var target = Rows(pairs.Count, steps, symbols.Padding, row => [symbols.Start, .. pairs[row].Target]);
        var classes = Rows(pairs.Count, steps, Batch.IgnoredClass, row => [.. pairs[row].Target, symbols.End]);
        return new(source, mask, target, classes);
    }

    /// <summary>Sources padded at the back to one length, with their mask.</summary>
    internal static (IntTensor Source, Tensor? Mask) Sources(IReadOnlyList<int[]> sources, SequenceSymbols symbols)
    {
        if (sources.Count == 0)
            throw new DataException("SequenceBatch: there must be at least one pair, but there is none.");
        var steps = sources.Max(source => source.Length);
        var mask = new float[sources.Count * steps];
        for (var row = 0; row < sources.Count; row++)
        {
            if (sources[row].Length == 0)
                throw new DataException($"SequenceBatch: every source must have at least one token, but source {row} is empty. Leave it out.");
            mask.AsSpan(row * steps, sources[row].Length).Fill(1);
        }

        return (Rows(sources.Count, steps, symbols.Padding, row => sources[row]), mask.AsSpan().Contains(0) ? Tensor.From(mask, sources.Count, steps) : null);
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
