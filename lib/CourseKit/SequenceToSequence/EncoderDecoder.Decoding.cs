using CourseKit.Autograd;
using CourseKit.Data;
using CourseKit.Layers;
using CourseKit.Tensors;

namespace CourseKit.SequenceToSequence;

public sealed partial class EncoderDecoder
{
    /// <summary>Reads sources, all in one batch, and makes ready to write: <c>model.Decode(sources).Beam(5)</c>.</summary>
    /// <param name="sources">At least one, none empty, without padding. Lengths may differ.</param>
    /// <param name="maxLength">Tokens to write at most, the end symbol with them; null for twice the longest source and ten more.</param>
    /// <returns>One row a source.</returns>
    /// <exception cref="DataException">There is no source, or one is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A token is outside its vocabulary, or maxLength is below 1.</exception>
    public Decoding<DecoderState> Decode(IReadOnlyList<int[]> sources, int? maxLength = null)
    {
        ArgumentNullException.ThrowIfNull(sources);
        var (tokens, mask) = SequencePairs.Pad(sources, Symbols);
        return new(this, Start(tokens, mask), [.. sources.Select(_ => Symbols.Start)], Symbols.End, maxLength ?? (2 * tokens.Shape[1]) + 10);
    }

    /// <summary>Reads one source and makes ready to write.</summary>
    /// <param name="source">At least one token.</param>
    /// <param name="maxLength">Tokens to write at most, the end symbol with them; null for twice the source and ten more.</param>
    /// <returns>One row.</returns>
    /// <exception cref="DataException">The source is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A token is outside its vocabulary, or maxLength is below 1.</exception>
    public Decoding<DecoderState> Decode(int[] source, int? maxLength = null) => Decode([source], maxLength);

    /// <summary>Reads sources.</summary>
    /// <param name="sources">[batch, sourceSteps].</param>
    /// <param name="sourceMask">[batch, sourceSteps] of 1 and 0, 0 at padding; null for all 1.</param>
    /// <returns>What the decoder carries before its first token; it lasts.</returns>
    /// <exception cref="ShapeException">sources or sourceMask is not as said.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A token is outside its vocabulary.</exception>
    public DecoderState Start(IntTensor sources, Tensor? sourceMask = null)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ShapeException.RequireRank(sources.Shape, 2, "EncoderDecoder", "sources", "[batch, sourceSteps]");
        return Tape.Inference(() =>
        {
            var state = Encode(sources, sourceMask);
            return Last(state, state.Source is { } source ? new AttentionSource(source.Keys.Detach(), source.Values.Detach(), source.Mask) : null);
        });
    }

    /// <inheritdoc/>
    public (Tensor LogProbabilities, DecoderState State) Step(int[] tokens, DecoderState state)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(state);
        return Tape.Inference(() =>
        {
            var (features, _, after) = Advance(IntTensor.From(tokens, tokens.Length, 1), state);
            return (StateRows.LogSoftmax(output.Forward(features)), Last(after, after.Source));
        });
    }

    /// <inheritdoc/>
    public DecoderState Select(DecoderState state, int[] rows)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(rows);
        int[] sourceRows = [.. rows.Select(row => state.SourceRows[row])];

        // The hypotheses of one source change places all the time; what they look at stays.
        var source = state.Source is null || sourceRows.SequenceEqual(state.SourceRows) ? state.Source : StateRows.Select(state.Source, rows);
        return new(StateRows.Select(state.Recurrent, rows), state.Fed is null ? null : StateRows.Select(state.Fed, rows), source, sourceRows);
    }

    /// <summary>Where the decoder looks while it writes a target: the attention's weights.</summary>
    /// <param name="source">What is read, at least one token.</param>
    /// <param name="target">What is written, without start and end symbols.</param>
    /// <returns>[targetSteps, sourceSteps], the last row for the end symbol; each row sums to 1.</returns>
    /// <exception cref="InvalidOperationException">The model has no attention.</exception>
    /// <exception cref="DataException">The source is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A token is outside its vocabulary.</exception>
    public Tensor Align(int[] source, IReadOnlyList<int> target)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        if (attention is null)
            throw new InvalidOperationException($"{this}: there are no weights to show, for the model has no attention. Make it with one.");
        var pair = new SequencePairs([(source, [.. target])], Symbols).All();
        return Tape.Inference(() => Ops.Reshape(Forward(pair.Ids!, pair.DecoderIds!).Weights!, new Shape(target.Count + 1, source.Length)).Detach());
    }

    private static DecoderState Last(DecoderState state, AttentionSource? source) => state with { Recurrent = state.Recurrent.Detach(), Fed = state.Fed?.Detach(), Source = source };
}
