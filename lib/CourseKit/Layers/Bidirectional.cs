using CourseKit.Autograd;
using CourseKit.Tensors;

namespace CourseKit.Layers;

/// <summary>Runs two cells of your own over a sequence, one from first to last and one from last to first, and merges what they give.</summary>
/// <remarks>
/// For <see cref="RecurrentCellLayer"/>; the library's own recurrent layers do so by themselves, with bidirectional: true. Schuster and Paliwal, 1997.
/// Known elsewhere as keras.layers.Bidirectional. Parameters: those of the two cells, each under its name and a dot.
/// </remarks>
public sealed class Bidirectional : SequenceLayer
{
    private readonly RecurrentCellLayer _forward, _backward;

    /// <summary>Joins two cells.</summary>
    /// <param name="forward">The one that runs from first to last.</param>
    /// <param name="backward">Another of the same sizes, made with reverse: true.</param>
    /// <param name="merge">What is made of the two directions. Default: Concat.</param>
    /// <exception cref="ArgumentException">The cells do not fit together, or run in the wrong directions.</exception>
    public Bidirectional(RecurrentCellLayer forward, RecurrentCellLayer backward, BidirectionalMerge merge = BidirectionalMerge.Concat)
    {
        ArgumentNullException.ThrowIfNull(forward);
        ArgumentNullException.ThrowIfNull(backward);
        if (forward.Reverse || !backward.Reverse)
            throw new ArgumentException($"Bidirectional: the first cell must run forward and the second in reverse, but got {forward} and {backward}. Make the second with reverse: true.");
        if ((forward.InputSize, forward.HiddenSize, forward.HasCell, forward.ReturnSequences) != (backward.InputSize, backward.HiddenSize, backward.HasCell, backward.ReturnSequences))
            throw new ArgumentException($"Bidirectional: both cells must have the same sizes and kinds of state, but got {forward} and {backward}.");
        (_forward, _backward, Merge) = (AddLayer(forward), AddLayer(backward), merge);
    }

    /// <inheritdoc/>
    public override int InputSize => _forward.InputSize;

    /// <summary>What is made of the two directions.</summary>
    public BidirectionalMerge Merge { get; }

    /// <summary>Draws the parameters of the forward cell, then of the other.</summary>
    /// <param name="random">Where the numbers come from.</param>
    public override void Initialize(RandomSource random)
    {
        _forward.Initialize(random);
        _backward.Initialize(random);
    }

    /// <summary>Runs both cells over a sequence.</summary>
    /// <param name="x">[batch, time, inputSize], at least one sequence of one time step.</param>
    /// <param name="state">The states before the first step, the forward cell's first; null for zeros.</param>
    /// <param name="mask">[batch, time] of 1 and 0, for both directions; null for all 1.</param>
    /// <returns>The outputs, merged as <see cref="Merge"/> says (with None a dimension of 2 stands before the last); and both final states, the forward cell's first.</returns>
    /// <exception cref="ShapeException">x is not [batch, time, inputSize], or the state or the mask does not fit.</exception>
    public override (Tensor Output, RecurrentState State) Forward(Tensor x, RecurrentState? state = null, Tensor? mask = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        RequireInput(x.Shape);
        RequireState(state, 2, _forward.HasCell, x.Shape[0], _forward.HiddenSize, _forward.HiddenSize);
        var (forward, first) = _forward.Forward(x, Of(state, 0), mask);
        var (backward, second) = _backward.Forward(x, Of(state, 1), mask);
        var output = Merge.Apply(forward, backward);
        if (Merge == BidirectionalMerge.None)
            output = Ops.Reshape(output, BidirectionalMerges.Apart(output.Shape));
        return (output, new RecurrentState([.. first.Hidden, .. second.Hidden], first.Cell is null ? null : [.. first.Cell, .. second.Cell!]));
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape inputShape)
    {
        var one = _forward.OutputShape(inputShape);
        return Merge switch
        {
            BidirectionalMerge.Concat => one.WithLast(2 * one.Last),
            BidirectionalMerge.None => BidirectionalMerges.Apart(one.WithLast(2 * one.Last)),
            _ => one,
        };
    }

    /// <inheritdoc/>
    public override string ToString() => $"Bidirectional({_forward}, {_backward}{(Merge == BidirectionalMerge.Concat ? "" : $", merge: {Merge}")})";

    private static RecurrentState? Of(RecurrentState? state, int direction) =>
        state is null ? null : new RecurrentState([state.Hidden[direction]], state.Cell is null ? null : [state.Cell[direction]]);
}
