using MathNet.Numerics.LinearAlgebra;

namespace CourseKit.Textbook;

/// <summary>One step that a cell has taken: what went in and what came out. Each cell adds its gates, for its backward pass and for looking at.</summary>
/// <param name="X">The input, [inputSize].</param>
/// <param name="Before">The state that the step began with.</param>
/// <param name="After">The state that it made.</param>
public abstract record CellStep(Vector<double> X, CellState Before, CellState After)
{
    /// <summary>The step's output: h after it, [hiddenSize].</summary>
    public Vector<double> Hidden => After.Hidden;
}

/// <summary>
/// A recurrent cell written as its formula says, one example at a time, in float64. Slow and plain: it is the oracle of the fast layers.
/// Derive your own from it, with Forward and Backward by hand, and hold it to <c>GradientCheck</c> and <c>CheckCell</c>.
/// </summary>
public abstract class RecurrentCell
{
    /// <summary>Takes the weights of a cell, as they are.</summary>
    /// <param name="weights">W and b; WeightIh is [gates·cellSize, inputSize].</param>
    /// <param name="gates">How many gates the weights stack, at least 1.</param>
    /// <param name="cellSize">Numbers in each gate; null for hiddenSize, as all but a projected LSTM have.</param>
    /// <exception cref="ArgumentException">The weights do not fit one another.</exception>
    protected RecurrentCell(CellWeights weights, int gates, int? cellSize = null)
    {
        Weights = weights;
        Gradients = weights.ZerosLike();
        CellSize = cellSize ?? weights.HiddenSize;

        var rows = gates * CellSize;
        if (weights.WeightIh.RowCount != rows || weights.WeightHh.RowCount != rows || weights.BiasIh.Count != rows || weights.BiasHh.Count != rows)
            throw new ArgumentException(
                $"{this}: the weights and biases must have {gates} gates of {CellSize} rows each, {rows} rows, but have " +
                $"{weights.WeightIh.RowCount}, {weights.WeightHh.RowCount}, {weights.BiasIh.Count} and {weights.BiasHh.Count}.", nameof(weights));
    }

    /// <summary>W and b.</summary>
    public CellWeights Weights { get; }

    /// <summary>The gradients of W and b, summed over every <see cref="Backward"/> since <see cref="ClearGradients"/>.</summary>
    public CellWeights Gradients { get; internal set; }

    /// <summary>What the cell learns beside W and b, with the gradients as they are now; none in most. A cell of your own that lists it here has it checked by <c>GradientCheck</c> too.</summary>
    public virtual IReadOnlyList<CellParameter> MoreParameters => [];

    /// <summary>The state of zeros that a sequence starts with.</summary>
    public virtual CellState Start => new(Vector<double>.Build.Dense(Weights.HiddenSize));

    /// <summary>The kind with its sizes, for messages: "LstmCell(inputSize: 3, hiddenSize: 4)".</summary>
    public override string ToString() => $"{GetType().Name}(inputSize: {Weights.InputSize}, hiddenSize: {Weights.HiddenSize})";

    /// <summary>Takes one step.</summary>
    /// <param name="x">[inputSize].</param>
    /// <param name="state">The state before the step.</param>
    /// <returns>The step, with the state after it.</returns>
    /// <exception cref="ArgumentException">x or the state has another length than the weights.</exception>
    public abstract CellStep Forward(Vector<double> x, CellState state);

    /// <summary>Takes one step back: from the gradient of what the step made to the gradient of what it was given. Adds to <see cref="Gradients"/>.</summary>
    /// <param name="step">A step of this cell's <see cref="Forward"/>.</param>
    /// <param name="dAfter">The loss's gradient for the state after the step.</param>
    /// <returns>The gradients for x and for the state before the step.</returns>
    public abstract (Vector<double> DX, CellState DBefore) Backward(CellStep step, CellState dAfter);

    /// <summary>Sets the gradients to zero.</summary>
    public virtual void ClearGradients() => Gradients = Weights.ZerosLike();

    /// <summary>Numbers in each gate, and in c where there is one: hiddenSize, but for a projected LSTM.</summary>
    protected int CellSize { get; }

    /// <summary>Numbers in the vector x that a step is given: inputSize, unless the cell takes more beside the input.</summary>
    protected internal virtual int XSize => Weights.InputSize;

    /// <summary>Holds the input and the state of a step to the weights' sizes.</summary>
    /// <param name="x">[inputSize].</param>
    /// <param name="state">The state before the step.</param>
    /// <exception cref="ArgumentException">One has another length.</exception>
    protected void Check(Vector<double> x, CellState state)
    {
        if (x.Count != XSize)
            throw new ArgumentException($"{this}: x must have {XSize} numbers, but has {x.Count}.", nameof(x));
        if (state.Hidden.Count != Weights.HiddenSize)
            throw new ArgumentException($"{this}: the hidden state must have {Weights.HiddenSize} numbers, but has {state.Hidden.Count}.", nameof(state));
        if (Start.Cell is not null && state.Cell?.Count != CellSize)
            throw new ArgumentException($"{this}: the state must hold a cell state c of {CellSize} numbers, but holds {state.Cell?.Count.ToString() ?? "none"}. Begin with Start.", nameof(state));
    }
}
