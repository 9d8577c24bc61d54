using MathNet.Numerics.LinearAlgebra;
using static CourseKit.Textbook.Pointwise;

namespace CourseKit.Textbook;

/// <summary>One step of an <see cref="LstmCell"/>, with its gates.</summary>
/// <param name="X">The input, [inputSize].</param>
/// <param name="Before">The state that the step began with.</param>
/// <param name="After">The state that it made.</param>
/// <param name="I">Input gate, in (0, 1), [hiddenSize]: how much of g to write.</param>
/// <param name="F">Forget gate, in (0, 1), [hiddenSize]: how much of c to keep.</param>
/// <param name="G">Candidate, in (−1, 1), [hiddenSize]: what to write.</param>
/// <param name="O">Output gate, in (0, 1), [hiddenSize]: how much of c to show.</param>
public sealed record LstmStep(CellState Before, CellState After, Vector<double> X, Vector<double> I, Vector<double> F, Vector<double> G, Vector<double> O)
    : CellStep(X, Before, After);

/// <summary>The long short-term memory cell: a state c that gates write, keep and show.</summary>
/// <remarks>
/// <code>
/// i = σ(W_ii·x + b_ii + W_hi·h + b_hi)     c' = f∘c + i∘g
/// f = σ(W_if·x + b_if + W_hf·h + b_hf)     h' = o∘tanh(c')
/// g = tanh(W_ig·x + b_ig + W_hg·h + b_hg)
/// o = σ(W_io·x + b_io + W_ho·h + b_ho)
/// </code>
/// Hochreiter and Schmidhuber, Long Short-Term Memory, 1997; forget gate: Gers, Schmidhuber and Cummins, 2000.
/// </remarks>
/// <param name="weights">W and b with the gates i, f, g, o: WeightIh is [4·hiddenSize, inputSize].</param>
/// <exception cref="ArgumentException">The weights do not fit one another.</exception>
public sealed class LstmCell(CellWeights weights) : RecurrentCell(weights, gates: 4)
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
        var f = Sigmoid(a.Gate(1, h.Count));
        var g = Tanh(a.Gate(2, h.Count));
        var o = Sigmoid(a.Gate(3, h.Count));

        var cNext = f.Times(c) + i.Times(g);
        var hNext = o.Times(Tanh(cNext));

        return new(state, new(hNext, cNext), x, i, f, g, o);
    }

    /// <inheritdoc/>
    public override (Vector<double> DX, CellState DBefore) Backward(CellStep step, CellState dAfter)
    {
        var (before, after, x, i, f, g, o) = (LstmStep)step;
        var (h, c, tanhC) = (before.Hidden, before.Cell!, Tanh(after.Cell!));
        var (W_ih, W_hh, _, _) = Weights;

        // c' reaches the loss by h' = o∘tanh(c') and by the steps after this one.
        var dH = dAfter.Hidden;
        var dC = dAfter.Cell! + dH.Times(o).ThroughTanh(tanhC);

        var dA = Stack(
            dC.Times(g).ThroughSigmoid(i),
            dC.Times(c).ThroughSigmoid(f),
            dC.Times(i).ThroughTanh(g),
            dH.Times(tanhC).ThroughSigmoid(o));

        Gradients.WeightIh.Accumulate(dA.OuterProduct(x));
        Gradients.WeightHh.Accumulate(dA.OuterProduct(h));
        Gradients.BiasIh.Accumulate(dA);
        Gradients.BiasHh.Accumulate(dA);
        return (W_ih.TransposeThisAndMultiply(dA), new(W_hh.TransposeThisAndMultiply(dA), dC.Times(f)));
    }
}
