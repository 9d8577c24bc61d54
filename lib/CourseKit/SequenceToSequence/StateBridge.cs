using CourseKit.Autograd;
using CourseKit.Backends;
using CourseKit.Layers;
using CourseKit.Tensors;

namespace CourseKit.SequenceToSequence;

/// <summary>
/// Makes the decoder's first state of the encoder's last. Layers meet from the top; both directions of the encoder lie side by side. Where sizes agree the numbers are
/// handed over, else h = tanh(W·h + b) (Bahdanau, Cho and Bengio, 2015) and c = W·c + b.
/// </summary>
internal sealed class StateBridge
{
    private readonly int directions;
    private readonly int[] from;
    private readonly Linear?[] hiddenMaps, cellMaps;
    private readonly int[] cellSizes;

    public StateBridge(SequenceLayer encoder, SequenceLayer decoder)
    {
        directions = RunsBothWays(encoder) ? 2 : 1;
        var (encoderHidden, encoderCell) = Sizes(encoder);
        var (decoderHidden, decoderCell) = Sizes(decoder);
        var (above, below) = (encoderHidden.Length / directions, decoderHidden.Length);
        from = [.. Enumerable.Range(0, below).Select(layer => Math.Max(0, layer + above - below) * directions)];
        hiddenMaps = Between(encoderHidden, decoderHidden);
        cellSizes = decoderCell;
        HasCells = encoderCell.Length > 0;
        cellMaps = HasCells ? Between(encoderCell, decoderCell) : new Linear?[decoderCell.Length];
    }

    /// <summary>The bridge's layers, where sizes differ: of all hidden states, then of all cells.</summary>
    public IEnumerable<Linear> Maps => hiddenMaps.Concat(cellMaps).OfType<Linear>();

    private bool HasCells { get; }

    public RecurrentState Forward(RecurrentState final, IBackend backend, int batch) => new(
        [.. hiddenMaps.Select((map, layer) => map is null ? Joined(final.Hidden, layer) : Ops.Tanh(map.Forward(Joined(final.Hidden, layer))))],
        cellSizes.Length == 0 ? null : [.. cellMaps.Select((map, layer) =>
            !HasCells ? Tape.Zeros(backend, new Shape(batch, cellSizes[layer])) : map is null ? Joined(final.Cell!, layer) : map.Forward(Joined(final.Cell!, layer)))]);

    /// <summary>Numbers out of a layer at each time step, which it must give one by one.</summary>
    public static int OutputSize(SequenceLayer layer, string what)
    {
        var shape = layer.OutputShape(new Shape(1, 2, layer.InputSize));
        return shape.Rank == 3
            ? shape.Last
            : throw new ArgumentException($"EncoderDecoder: the {what} must give every time step out, but is {layer}. Make it with returnSequences: true{(shape.Rank == 4 ? " and another merge" : "")}.");
    }

    /// <summary>Whether a layer, or one within it, has a second set of weights that runs from last to first.</summary>
    public static bool RunsBothWays(Layer layer) => layer is RecurrentLayer { Bidirectional: true } || layer.Parts.Any(RunsBothWays);

    // What a layer's state looks like is asked of the layer itself, whatever its kind.
    private static (int[] Hidden, int[] Cell) Sizes(SequenceLayer layer) => Tape.Inference(() =>
    {
        var state = layer.Forward(Tensor.Zeros(1, 1, layer.InputSize)).State;
        return (state.Hidden.Select(hidden => hidden.Shape.Last).ToArray(), state.Cell?.Select(cell => cell.Shape.Last).ToArray() ?? []);
    });

    private Linear?[] Between(int[] above, int[] below) => [.. below.Select((size, layer) =>
    {
        var given = above.AsSpan(from[layer], directions);
        var joined = directions == 1 ? given[0] : given[0] + given[1];
        return joined == size ? null : new Linear(joined, size);
    })];

    private Tensor Joined(IReadOnlyList<Tensor> states, int layer) =>
        directions == 1 ? states[from[layer]] : Ops.Concat(states[from[layer]], states[from[layer] + 1]);
}
