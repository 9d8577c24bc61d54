using CourseKit.Autograd;
using CourseKit.Tensors;

namespace CourseKit.Layers;

/// <summary>
/// A recurrent layer over whole sequences: stacked, in one or both directions, with the state in and out. <see cref="SimpleRnn"/>, <see cref="Lstm"/>, <see cref="Gru"/>
/// and their kin.
/// </summary>
/// <remarks>
/// Parameters are named as PyTorch's: weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0, then what the kind adds, then the same with _reverse, then l1.
/// Both directions: Schuster and Paliwal, 1997.
/// </remarks>
public abstract partial class RecurrentLayer : SequenceLayer
{
    private protected RecurrentLayer(in RecurrentConfiguration configuration, params ReadOnlySpan<AddedParameter> added)
    {
        var kind = GetType().Name;
        var (gates, inputSize, hiddenSize, layers, bidirectional, returnSequences, merge, projectionSize) = configuration;
        if (!bidirectional && merge != BidirectionalMerge.Concat)
            throw new ArgumentException($"{kind}: merge must be Concat, the default, where there is one direction, but got {merge}. Make the layer with bidirectional: true.");
        InputSize = RequirePositive(inputSize, kind, nameof(inputSize));
        HiddenSize = RequirePositive(hiddenSize, kind, nameof(hiddenSize));
        StateSize = projectionSize is { } size ? RequirePositive(size, kind, nameof(projectionSize)) : hiddenSize;
        Layers = RequirePositive(layers, kind, nameof(layers));
        (Bidirectional, ReturnSequences, Merge, _gates) = (bidirectional, returnSequences, merge, gates);
        _weights = new RecurrentWeights[layers * Directions];
        _added = new Tensor?[_weights.Length][];
        _initializers = [.. added];
        for (var i = 0; i < _weights.Length; i++)
            AddWeights(i, added);
        Initialize(new RandomSource(0));
    }

    /// <summary>Numbers in at each time step. PyTorch: input_size.</summary>
    public override int InputSize { get; }

    /// <summary>Neurons a layer and direction. PyTorch: hidden_size; Keras: units.</summary>
    public int HiddenSize { get; }

    /// <summary>Numbers in the hidden state of a layer and direction: HiddenSize, or less where an LSTM projects it. PyTorch: proj_size.</summary>
    public int StateSize { get; }

    /// <summary>How many layers are stacked. Default: 1. PyTorch: num_layers.</summary>
    public int Layers { get; }

    /// <summary>Whether a second set of weights runs from the last time step to the first. Default: false.</summary>
    public bool Bidirectional { get; }

    /// <summary>What is made of the two directions. Default: Concat, which is also what a layer of one direction has. Keras: merge_mode.</summary>
    public BidirectionalMerge Merge { get; }

    /// <summary>Whether every time step's hidden state comes out, or the final one alone. Default: true. Keras: return_sequences.</summary>
    public bool ReturnSequences { get; }

    /// <summary>The last dimension of the output: StateSize, or twice that when two directions are put behind one another.</summary>
    public int OutputSize => Merge == BidirectionalMerge.Concat ? StateSize * Directions : StateSize;

    private int Directions => Bidirectional ? 2 : 1;

    /// <summary>Runs all layers over a sequence.</summary>
    /// <param name="x">[batch, time, inputSize], at least one sequence of one time step.</param>
    /// <param name="state">The state before the first step; null for zeros.</param>
    /// <param name="mask">
    /// [batch, time] of 1 and 0; null for all 1. At 0 the time step is passed over, in both directions: the state is held, the output is 0, and no gradient comes from
    /// or goes to it.
    /// </param>
    /// <returns>
    /// The last layer's hidden states, [batch, time, outputSize], or with ReturnSequences false its final ones, [batch, outputSize], its two directions merged as
    /// <see cref="Merge"/> says (with None a dimension of 2 stands before the last); and every layer's final state, after each sequence's last step taken, in the order
    /// l0, l0_reverse, l1, l1_reverse.
    /// </returns>
    /// <exception cref="ShapeException">x is not [batch, time, inputSize], or the state or the mask does not fit.</exception>
    public override (Tensor Output, RecurrentState State) Forward(Tensor x, RecurrentState? state = null, Tensor? mask = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        RequireInput(x.Shape);
        RequireMask(mask, x.Shape);
        RequireState(state, _weights.Length, HasCell, x.Shape[0], StateSize, HiddenSize);
        var hidden = new Tensor[_weights.Length];
        var cell = HasCell ? new Tensor[_weights.Length] : null;
        var cellsBelow = new Tensor?[Directions];
        x = Drop(x, InputDropout);
        var (forward, backward) = (x, x);
        for (var layer = 0; layer < Layers; layer++)
        {
            var first = layer * Directions;
            forward = RunOne(first, forward);
            if (Bidirectional)
            {
                backward = RunOne(first + 1, backward);
                if (Merge != BidirectionalMerge.None)
                    forward = backward = Merge.Apply(forward, backward);
            }

            if (layer == Layers - 1)
                break;
            forward = Drop(forward, LayerDropout);
            backward = Bidirectional && Merge == BidirectionalMerge.None ? Drop(backward, LayerDropout) : forward;
        }

        if (!ReturnSequences)
            forward = Bidirectional ? Merge.Apply(hidden[^2], hidden[^1]) : hidden[^1];
        else if (Merge == BidirectionalMerge.None)
            forward = Merge.Apply(forward, backward);
        var output = Drop(forward, OutputDropout);
        return (Merge == BidirectionalMerge.None ? Ops.Reshape(output, BidirectionalMerges.Apart(output.Shape)) : output, new RecurrentState(hidden, cell));

        Tensor RunOne(int i, Tensor input)
        {
            var pass = new RecurrentPass(input, state?.Hidden[i], state?.Cell?[i], _weights[i], _added[i], i % Directions == 1, Options(input, mask), cellsBelow[i % Directions]);
            var result = Run(pass);
            (hidden[i], cellsBelow[i % Directions]) = (result.Hidden, result.Cells);
            cell?[i] = result.Cell!;
            return result.Output;
        }
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape inputShape)
    {
        RequireInput(inputShape);
        var size = Merge == BidirectionalMerge.None ? 2 * StateSize : OutputSize;
        var shape = ReturnSequences ? new Shape(inputShape[0], inputShape[1], size) : new Shape(inputShape[0], size);
        return Merge == BidirectionalMerge.None ? BidirectionalMerges.Apart(shape) : shape;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{GetType().Name}(inputSize: {InputSize}, hiddenSize: {HiddenSize}{(Layers == 1 ? "" : $", layers: {Layers}")}{Configuration}"
        + $"{(Bidirectional ? ", bidirectional: true" : "")}{(Merge == BidirectionalMerge.Concat ? "" : $", merge: {Merge}")}{(ReturnSequences ? "" : ", returnSequences: false")})"
        + RegularizationText();

    /// <summary>Whether the state has a cell part.</summary>
    private protected virtual bool HasCell => false;

    /// <summary>What the kind adds to its configuration, with a comma in front; nothing when at its default.</summary>
    private protected virtual string Configuration => "";

    /// <summary>Runs one layer in one direction.</summary>
    private protected abstract RecurrentResult Run(in RecurrentPass pass);

    /// <summary>The sizes and options that all kinds share.</summary>
    private protected readonly record struct RecurrentConfiguration(
        int Gates, int InputSize, int HiddenSize, int Layers, bool Bidirectional, bool ReturnSequences, BidirectionalMerge Merge, int? ProjectionSize = null);

    /// <summary>What one layer in one direction is given; Added are the parameters that the kind adds, null where a layer has none.</summary>
    private protected readonly record struct RecurrentPass(
        Tensor X, Tensor? Hidden, Tensor? Cell, RecurrentWeights Weights, Tensor?[] Added, bool Reverse, RecurrentOptions? Options, Tensor? CellsBelow);

    /// <summary>What one layer in one direction gives; Cells only where the layer above wants them.</summary>
    private protected readonly record struct RecurrentResult(Tensor Output, Tensor Hidden, Tensor? Cell = null, Tensor? Cells = null);
}
