using MathNet.Numerics.LinearAlgebra;
using static CourseKit.Textbook.Pointwise;

namespace CourseKit.Textbook;

/// <summary>One step of a <see cref="MinimalGatedUnitCell"/>, with its gate.</summary>
/// <param name="X">The input, [inputSize].</param>
/// <param name="Before">The state that the step began with.</param>
/// <param name="After">The state that it made.</param>
/// <param name="F">Forget gate, in (0, 1), [hiddenSize]: how much of h the candidate sees, and how much of h it replaces.</param>
/// <param name="N">Candidate, in (−1, 1), [hiddenSize]: what to put in its place.</param>
public sealed record MinimalGatedUnitStep(CellState Before, CellState After, Vector<double> X, Vector<double> F, Vector<double> N) : CellStep(X, Before, After);

/// <summary>The minimal gated unit: one gate that does the work of a GRU's two.</summary>
/// <remarks>
/// <code>
/// f = σ(W_if·x + b_if + W_hf·h + b_hf)
/// n = tanh(W_in·x + b_in + W_hn·(f∘h) + b_hn)
/// h' = (1 − f)∘h + f∘n
/// </code>
/// Zhou, Wu, Zhang and Zhou, Minimal Gated Unit for Recurrent Neural Networks, 2016.
/// </remarks>
/// <param name="weights">W and b with the gates f, n: WeightIh is [2·hiddenSize, inputSize].</param>
/// <exception cref="ArgumentException">The weights do not fit one another.</exception>
public sealed class MinimalGatedUnitCell(CellWeights weights) : RecurrentCell(weights, gates: 2)
{
    private Matrix<double> W_hf => Weights.WeightHh.SubMatrix(0, Weights.HiddenSize, 0, Weights.HiddenSize);

    private Matrix<double> W_hn => Weights.WeightHh.SubMatrix(Weights.HiddenSize, Weights.HiddenSize, 0, Weights.HiddenSize);

    /// <inheritdoc/>
    public override MinimalGatedUnitStep Forward(Vector<double> x, CellState state)
    {
        Check(x, state);
        var (W_ih, _, b_ih, b_hh) = Weights;
        var h = state.Hidden;

        var a = W_ih * x + b_ih + b_hh;
        var f = Sigmoid(a.Gate(0, h.Count) + W_hf * h);
        var n = Tanh(a.Gate(1, h.Count) + W_hn * f.Times(h));

        var hNext = (1 - f).Times(h) + f.Times(n);

        return new(state, new(hNext), x, f, n);
    }

    /// <inheritdoc/>
    public override (Vector<double> DX, CellState DBefore) Backward(CellStep step, CellState dAfter)
    {
        var (before, _, x, f, n) = (MinimalGatedUnitStep)step;
        var (h, dH) = (before.Hidden, dAfter.Hidden);

        // f reaches the loss by the blend and by f∘h, which the candidate sees.
        var dAn = dH.Times(f).ThroughTanh(n);
        var dFh = W_hn.TransposeThisAndMultiply(dAn);
        var dAf = (dH.Times(n - h) + dFh.Times(h)).ThroughSigmoid(f);

        var dA = Stack(dAf, dAn);
        Gradients.WeightIh.Accumulate(dA.OuterProduct(x));
        Gradients.WeightHh.Accumulate(Stack(dAf, 0 * dAn).OuterProduct(h) + Stack(0 * dAf, dAn).OuterProduct(f.Times(h)));
        Gradients.BiasIh.Accumulate(dA);
        Gradients.BiasHh.Accumulate(dA);
        var dBefore = dH.Times(1 - f) + dFh.Times(f) + W_hf.TransposeThisAndMultiply(dAf);
        return (Weights.WeightIh.TransposeThisAndMultiply(dA), new(dBefore));
    }
}
