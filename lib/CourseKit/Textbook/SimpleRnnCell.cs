using MathNet.Numerics.LinearAlgebra;
using static CourseKit.Textbook.Pointwise;

namespace CourseKit.Textbook;

/// <summary>One step of a <see cref="SimpleRnnCell"/>.</summary>
/// <param name="X">The input, [inputSize].</param>
/// <param name="Before">The state that the step began with.</param>
/// <param name="After">The state that it made.</param>
public sealed record SimpleRnnStep(Vector<double> X, CellState Before, CellState After) : CellStep(X, Before, After);

/// <summary>The simple recurrent cell: the new state is a squashed sum of the input and the old state.</summary>
/// <remarks>h' = tanh(W_ih·x + b_ih + W_hh·h + b_hh), or max(0, ·) in place of tanh. Elman, Finding Structure in Time, 1990.</remarks>
/// <param name="weights">W and b with one gate: WeightIh is [hiddenSize, inputSize].</param>
/// <param name="relu">Use max(0, ·) in place of tanh.</param>
/// <exception cref="ArgumentException">The weights do not fit one another.</exception>
public sealed class SimpleRnnCell(CellWeights weights, bool relu = false) : RecurrentCell(weights, gates: 1)
{
    /// <summary>Whether the cell uses max(0, ·) in place of tanh.</summary>
    public bool Relu { get; } = relu;

    /// <inheritdoc/>
    public override SimpleRnnStep Forward(Vector<double> x, CellState state)
    {
        Check(x, state);
        var (W_ih, W_hh, b_ih, b_hh) = Weights;
        var h = state.Hidden;

        var a = W_ih * x + b_ih + W_hh * h + b_hh;
        var hNext = Relu ? Pointwise.Relu(a) : Tanh(a);

        return new(x, state, new(hNext));
    }

    /// <inheritdoc/>
    public override (Vector<double> DX, CellState DBefore) Backward(CellStep step, CellState dAfter)
    {
        var (x, h, hNext) = (step.X, step.Before.Hidden, step.After.Hidden);
        var (W_ih, W_hh, _, _) = Weights;

        var dA = Relu ? dAfter.Hidden.ThroughRelu(hNext) : dAfter.Hidden.ThroughTanh(hNext);

        Gradients.WeightIh.Accumulate(dA.OuterProduct(x));
        Gradients.WeightHh.Accumulate(dA.OuterProduct(h));
        Gradients.BiasIh.Accumulate(dA);
        Gradients.BiasHh.Accumulate(dA);
        return (W_ih.TransposeThisAndMultiply(dA), new(W_hh.TransposeThisAndMultiply(dA)));
    }
}
