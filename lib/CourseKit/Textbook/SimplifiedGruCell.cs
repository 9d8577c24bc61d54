using MathNet.Numerics.LinearAlgebra;
using static CourseKit.Textbook.Pointwise;

namespace CourseKit.Textbook;

/// <summary>One step of a <see cref="SimplifiedGruCell"/>, with its gate.</summary>
/// <param name="X">The input, [inputSize].</param>
/// <param name="Before">The state that the step began with.</param>
/// <param name="After">The state that it made.</param>
/// <param name="Z">Update gate, in (0, 1), [hiddenSize]: how much of h to keep.</param>
/// <param name="N">Candidate, in (−1, 1), [hiddenSize]: what to put in its place.</param>
public sealed record SimplifiedGruStep(CellState Before, CellState After, Vector<double> X, Vector<double> Z, Vector<double> N) : CellStep(X, Before, After);

/// <summary>The simplified gated recurrent unit: an update gate and no reset gate, so that the candidate always sees the whole state.</summary>
/// <remarks>
/// <code>
/// z = σ(W_iz·x + b_iz + W_hz·h + b_hz)
/// n = tanh(W_in·x + b_in + W_hn·h + b_hn)
/// h' = (1 − z)∘n + z∘h
/// </code>
/// A <see cref="GruCell"/> whose reset gate is held open. Where a text blends the other way, h' = (1 − z)∘h + z∘n, its z is this one's 1 − z.
/// The unit: Cho et al., Learning Phrase Representations using RNN Encoder–Decoder for Statistical Machine Translation, 2014.
/// </remarks>
/// <param name="weights">W and b with the gates z, n: WeightIh is [2·hiddenSize, inputSize].</param>
/// <exception cref="ArgumentException">The weights do not fit one another.</exception>
public sealed class SimplifiedGruCell(CellWeights weights) : RecurrentCell(weights, gates: 2)
{
    /// <inheritdoc/>
    public override SimplifiedGruStep Forward(Vector<double> x, CellState state)
    {
        Check(x, state);
        var (W_ih, W_hh, b_ih, b_hh) = Weights;
        var h = state.Hidden;

        var a = W_ih * x + b_ih + W_hh * h + b_hh;
        var z = Sigmoid(a.Gate(0, h.Count));
        var n = Tanh(a.Gate(1, h.Count));

        var hNext = (1 - z).Times(n) + z.Times(h);

        return new(state, new(hNext), x, z, n);
    }

    /// <inheritdoc/>
    public override (Vector<double> DX, CellState DBefore) Backward(CellStep step, CellState dAfter)
    {
        var (before, _, x, z, n) = (SimplifiedGruStep)step;
        var (h, dH) = (before.Hidden, dAfter.Hidden);
        var (W_ih, W_hh, _, _) = Weights;

        var dA = Stack(
            dH.Times(h - n).ThroughSigmoid(z),
            dH.Times(1 - z).ThroughTanh(n));

        Gradients.WeightIh.Accumulate(dA.OuterProduct(x));
        Gradients.WeightHh.Accumulate(dA.OuterProduct(h));
        Gradients.BiasIh.Accumulate(dA);
        Gradients.BiasHh.Accumulate(dA);
        return (W_ih.TransposeThisAndMultiply(dA), new(dH.Times(z) + W_hh.TransposeThisAndMultiply(dA)));
    }
}
