using CourseKit.Tensors;

namespace CourseKit.Layers;

/// <summary>A layer that reads sequences and hands a state on: <see cref="RecurrentLayer"/> and <see cref="RecurrentCellLayer"/>.</summary>
/// <remarks>
/// The final state always comes back, beside the output: what Keras gives with return_state=True. Handing it in again carries a text on, which Keras calls
/// stateful=True; Model.Fit does so for every batch that says it continues the one before.
/// </remarks>
public abstract class SequenceLayer : Layer
{
    /// <summary>Numbers in at each time step.</summary>
    public abstract int InputSize { get; }

    /// <summary>Runs the layer over a sequence.</summary>
    /// <param name="x">[batch, time, inputSize], at least one sequence of one time step.</param>
    /// <param name="state">The state before the first step; null for zeros.</param>
    /// <param name="mask">
    /// [batch, time] of 1 and 0; null for all 1. At 0 the time step is passed over: the state is held, the output is 0, and no gradient comes from or goes to it.
    /// </param>
    /// <returns>The output, mostly [batch, time, outputSize]; and the state after each sequence's last step taken.</returns>
    /// <exception cref="ShapeException">x is not [batch, time, inputSize], or the state or the mask does not fit.</exception>
    public abstract (Tensor Output, RecurrentState State) Forward(Tensor x, RecurrentState? state = null, Tensor? mask = null);

    internal override Shape? SmallestInput => new Shape(1, 1, InputSize);

    /// <summary>Holds an input to [batch, time, inputSize].</summary>
    private protected void RequireInput(Shape x)
    {
        if (x.Rank != 3 || x.Last != InputSize)
            throw new ShapeException($"{this}: x must be [batch, time, {InputSize}], but got {x}. {(x.Rank == 3 ? "The last dimension must equal inputSize." : "It must have three dimensions.")}");
        if (x.Length == 0)
            throw new ShapeException($"{this}: x must hold at least one sequence of at least one time step, but got {x}.");
    }

    /// <summary>Holds a mask to the batch and time of x.</summary>
    private protected void RequireMask(Tensor? mask, Shape x)
    {
        if (mask is not null && mask.Shape != x.WithoutLast())
            throw new ShapeException($"{this}: mask must be {x.WithoutLast()}, but got {mask.Shape}. It is [batch, time], as x is {x}.");
    }

    /// <summary>Holds a state to its number of tensors, each [batch, size].</summary>
    private protected void RequireState(RecurrentState? state, int count, bool hasCell, int batchSize, int hiddenSize, int cellSize)
    {
        if (state is null)
            return;
        RequireStates(state.Hidden, count, "hidden", batchSize, hiddenSize, hiddenSize < cellSize ? "projectionSize" : "hiddenSize");
        if (hasCell)
            RequireStates(state.Cell ?? throw new ShapeException($"{this}: state.Cell must be given, but is null. An LSTM carries hidden and cell."), count, "cell", batchSize, cellSize, "hiddenSize");
        else if (state.Cell is not null)
            throw new ShapeException($"{this}: state.Cell must be null, but is given. Only an LSTM carries a cell.");
    }

    private void RequireStates(IReadOnlyList<Tensor> states, int count, string what, int batchSize, int size, string sizeName)
    {
        if (states.Count != count)
            throw new ShapeException($"{this}: state must have {count} {what} tensors, one a layer and direction, but got {states.Count}.");
        for (var i = 0; i < states.Count; i++)
        {
            if (states[i].Shape != new Shape(batchSize, size))
                throw new ShapeException($"{this}: state's {what}[{i}] must be [{batchSize}, {size}], but got {states[i].Shape}. It is [batch, {sizeName}], with the batch of x.");
        }
    }
}
