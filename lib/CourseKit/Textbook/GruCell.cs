using MathNet.Numerics.LinearAlgebra;
using static CourseKit.Textbook.Pointwise;

namespace CourseKit.Textbook;

/// <summary>One step of a <see cref="GruCell"/>, with its gates.</summary>
/// <param name="X">The input, [inputSize].</param>
/// <param name="Before">The state that the step began with.</param>
/// <param name="After">The state that it made.</param>
/// <param name="R">Reset gate, in (0, 1), [hiddenSize]: how much of h the candidate sees.</param>
/// <param name="Z">Update gate, in (0, 1), [hiddenSize]: how much of h to keep.</param>
/// <param name="N">Candidate, in (−1, 1), [hiddenSize]: what to put in its place.</param>
public sealed record GruStep(CellState Before, CellState After, Vector<double> X, Vector<double> R, Vector<double> Z, Vector<double> N)
    : CellStep(X, Before, After);

/// <summary>The gated recurrent unit: one state, blended from itself and a candidate.</summary>
/// <remarks>
/// <code>
/// r = σ(W_ir·x + b_ir + W_hr·h + b_hr)
/// z = σ(W_iz·x + b_iz + W_hz·h + b_hz)
/// n = tanh(W_in·x + b_in + r∘(W_hn·h + b_hn))     reset after the product, as PyTorch and cuDNN do
/// n = tanh(W_in·x + b_in + W_hn·(r∘h) + b_hn)     reset before it, the form of the paper
/// h' = (1 − z)∘n + z∘h
/// </code>
/// Cho et al., Learning Phrase Representations using RNN Encoder–Decoder for Statistical Machine Translation, 2014.
/// </remarks>
/// <param name="weights">W and b with the gates r, z, n: WeightIh is [3·hiddenSize, inputSize].</param>
/// <param name="resetAfter">Apply the reset gate after the recurrent product; false applies it before.</param>
/// <exception cref="ArgumentException">The weights do not fit one another.</exception>
public sealed class GruCell(CellWeights weights, bool resetAfter = true) : RecurrentCell(weights, gates: 3)
{
    // W_hn and b_hn, the last of the three gates.
    private Matrix<double> W_hn => Weights.WeightHh.SubMatrix(2 * Weights.HiddenSize, Weights.HiddenSize, 0, Weights.HiddenSize);

    private Vector<double> B_hn => Weights.BiasHh.Gate(2, Weights.HiddenSize);

    /// <inheritdoc/>
    public override GruStep Forward(Vector<double> x, CellState state)
    {
        Check(x, state);
        var (W_ih, W_hh, b_ih, b_hh) = Weights;
        var h = state.Hidden;

        var fromX = W_ih * x + b_ih;
        var fromH = W_hh * h + b_hh;
        var r = Sigmoid(fromX.Gate(0, h.Count) + fromH.Gate(0, h.Count));
        var z = Sigmoid(fromX.Gate(1, h.Count) + fromH.Gate(1, h.Count));
        var n = resetAfter
            ? Tanh(fromX.Gate(2, h.Count) + r.Times(fromH.Gate(2, h.Count)))
            : Tanh(fromX.Gate(2, h.Count) + W_hn * r.Times(h) + B_hn);

        var hNext = (1 - z).Times(n) + z.Times(h);

        return new(state, new(hNext), x, r, z, n);
    }

    /// <inheritdoc/>
    public override (Vector<double> DX, CellState DBefore) Backward(CellStep step, CellState dAfter)
    {
        var (before, _, x, r, z, n) = (GruStep)step;
        var (h, dH) = (before.Hidden, dAfter.Hidden);

        var dAn = dH.Times(1 - z).ThroughTanh(n);
        var dAz = dH.Times(h - n).ThroughSigmoid(z);

        return resetAfter ? BackAfter() : BackBefore();

        // a_n = fromX_n + r∘(W_hn·h + b_hn)
        (Vector<double>, CellState) BackAfter()
        {
            var dAr = dAn.Times(W_hn * h + B_hn).ThroughSigmoid(r);
            var fromX = Stack(dAr, dAz, dAn);
            var fromH = Stack(dAr, dAz, dAn.Times(r));
            Gradients.WeightHh.Accumulate(fromH.OuterProduct(h));
            return Back(fromX, fromH, dH.Times(z) + Weights.WeightHh.TransposeThisAndMultiply(fromH));
        }

        // a_n = fromX_n + W_hn·(r∘h) + b_hn
        (Vector<double>, CellState) BackBefore()
        {
            var dRh = W_hn.TransposeThisAndMultiply(dAn);
            var dAr = dRh.Times(h).ThroughSigmoid(r);
            var fromX = Stack(dAr, dAz, dAn);
            var gates = Stack(dAr, dAz, 0 * dAn);
            Gradients.WeightHh.Accumulate(gates.OuterProduct(h) + Stack(0 * dAr, 0 * dAz, dAn).OuterProduct(r.Times(h)));
            return Back(fromX, fromX, dH.Times(z) + dRh.Times(r) + Weights.WeightHh.TransposeThisAndMultiply(gates));
        }

        (Vector<double>, CellState) Back(Vector<double> fromX, Vector<double> fromH, Vector<double> dBefore)
        {
            Gradients.WeightIh.Accumulate(fromX.OuterProduct(x));
            Gradients.BiasIh.Accumulate(fromX);
            Gradients.BiasHh.Accumulate(fromH);
            return (Weights.WeightIh.TransposeThisAndMultiply(fromX), new(dBefore));
        }
    }
}
