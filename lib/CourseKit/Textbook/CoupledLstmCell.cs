using MathNet.Numerics.LinearAlgebra;
using static CourseKit.Textbook.Pointwise;

namespace CourseKit.Textbook;

/// <summary>The LSTM cell with one gate for writing and forgetting: what is written takes the place of as much that is kept.</summary>
/// <remarks>
/// <code>
/// i = σ(a_i)        c' = (1 − i)∘c + i∘g
/// g = tanh(a_g)     h' = o∘tanh(c')
/// o = σ(a_o)        a  = W_ih·x + b_ih + W_hh·h + b_hh
/// </code>
/// Greff, Srivastava, Koutník, Steunebrink and Schmidhuber, LSTM: A Search Space Odyssey, 2017 (CIFG).
/// </remarks>
/// <param name="weights">W and b with the gates i, g, o: WeightIh is [3·hiddenSize, inputSize].</param>
/// <exception cref="ArgumentException">The weights do not fit one another.</exception>
public sealed class CoupledLstmCell(CellWeights weights) : RecurrentCell(weights, gates: 3)
{
    /// <inheritdoc/>
    public override CellState Start => new(Vector<double>.Build.Dense(CellSize), Vector<double>.Build.Dense(CellSize));

    /// <inheritdoc/>
    public override LstmStep Forward(Vector<double> x, CellState state)
    {
        Check(x, state);
        var (W_ih, W_hh, b_ih, b_hh) = Weights;
        var (h, c) = (state.Hidden, state.Cell!);

        var a = W_ih * x + b_ih + W_hh * h + b_hh;
        var i = Sigmoid(a.Gate(0, h.Count));
        var g = Tanh(a.Gate(1, h.Count));
        var o = Sigmoid(a.Gate(2, h.Count));

        var cNext = (1 - i).Times(c) + i.Times(g);
        var hNext = o.Times(Tanh(cNext));

        return new(state, new(hNext, cNext), x, i, 1 - i, g, o);
    }

    /// <inheritdoc/>
    public override (Vector<double> DX, CellState DBefore) Backward(CellStep step, CellState dAfter)
    {
        var (before, after, x, i, f, g, o) = (LstmStep)step;
        var (h, c, tanhC) = (before.Hidden, before.Cell!, Tanh(after.Cell!));
        var (W_ih, W_hh, _, _) = Weights;

        var dH = dAfter.Hidden;
        var dC = dAfter.Cell! + dH.Times(o).ThroughTanh(tanhC);

        // i adds g and takes c away.
        var dA = Stack(dC.Times(g - c).ThroughSigmoid(i), dC.Times(i).ThroughTanh(g), dH.Times(tanhC).ThroughSigmoid(o));

        Gradients.WeightIh.Accumulate(dA.OuterProduct(x));
        Gradients.WeightHh.Accumulate(dA.OuterProduct(h));
        Gradients.BiasIh.Accumulate(dA);
        Gradients.BiasHh.Accumulate(dA);
        return (W_ih.TransposeThisAndMultiply(dA), new(W_hh.TransposeThisAndMultiply(dA), dC.Times(f)));
    }
}
