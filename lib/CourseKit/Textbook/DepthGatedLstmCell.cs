using MathNet.Numerics.LinearAlgebra;
using static CourseKit.Textbook.Pointwise;

namespace CourseKit.Textbook;

/// <summary>One step of a <see cref="DepthGatedLstmCell"/>, with its gates, each [hiddenSize].</summary>
/// <param name="Before">The state that the step began with.</param>
/// <param name="After">The state that it made.</param>
/// <param name="X">The input and the cell of the layer below, [inputSize + hiddenSize].</param>
/// <param name="I">Input gate.</param>
/// <param name="F">Forget gate.</param>
/// <param name="G">Candidate.</param>
/// <param name="O">Output gate.</param>
/// <param name="D">Depth gate, in (0, 1): how much of the cell below to take in.</param>
public sealed record DepthGatedLstmStep(
    CellState Before, CellState After, Vector<double> X, Vector<double> I, Vector<double> F, Vector<double> G, Vector<double> O, Vector<double> D)
    : CellStep(X, Before, After);

/// <summary>The LSTM cell whose state also takes from the cell of the layer below, through a gate: a straight way up the stack.</summary>
/// <remarks>
/// <code>
/// i, f, o = σ(a_i), σ(a_f), σ(a_o)     d  = σ(W_d·x + b_d + w_c∘c + w_b∘below)
/// g = tanh(a_g)                        c' = f∘c + i∘g + d∘below
///                                      h' = o∘tanh(c')          a = W_ih·x + b_ih + W_hh·h + b_hh
/// </code>
/// Yao, Cohn, Vylomova, Duh and Dyer, Depth-Gated Recurrent Neural Networks, 2015 (there with peepholes as well).
/// </remarks>
/// <param name="weights">W and b with the gates i, f, g, o: WeightIh is [4·hiddenSize, inputSize].</param>
/// <param name="depth">Those of the depth gate.</param>
/// <exception cref="ArgumentException">The weights do not fit one another.</exception>
public sealed class DepthGatedLstmCell(CellWeights weights, DepthGateWeights depth) : RecurrentCell(weights, gates: 4)
{
    /// <summary>The weights of the depth gate.</summary>
    public DepthGateWeights Depth { get; } = depth;

    /// <summary>The gradients of <see cref="Depth"/>, summed like <see cref="RecurrentCell.Gradients"/>.</summary>
    public DepthGateWeights DepthGradients { get; private set; } = depth.ZerosLike();

    /// <inheritdoc/>
    public override IReadOnlyList<CellParameter> MoreParameters =>
    [
        new("depth_weight_ih", Depth.WeightIh, DepthGradients.WeightIh),
        new("depth_bias", Depth.Bias, DepthGradients.Bias),
        new("depth_from_cell", Depth.FromCell, DepthGradients.FromCell),
        new("depth_from_below", Depth.FromBelow, DepthGradients.FromBelow),
    ];

    /// <inheritdoc/>
    public override CellState Start => new(Vector<double>.Build.Dense(CellSize), Vector<double>.Build.Dense(CellSize));

    /// <inheritdoc/>
    protected internal override int XSize => Weights.InputSize + CellSize;

    /// <summary>What a step is given: the input and, behind it, the cell that the layer below has made at the same time step.</summary>
    /// <param name="x">[inputSize].</param>
    /// <param name="below">[hiddenSize].</param>
    /// <returns>[inputSize + hiddenSize].</returns>
    public static Vector<double> Input(Vector<double> x, Vector<double> below) => Stack(x, below);

    /// <summary>Takes one step.</summary>
    /// <param name="x">The input and the cell below, <see cref="Input"/>.</param>
    /// <param name="state">The state before the step.</param>
    /// <returns>The step, with the state after it.</returns>
    /// <exception cref="ArgumentException">x or the state has another length than the weights.</exception>
    public override DepthGatedLstmStep Forward(Vector<double> x, CellState state)
    {
        Check(x, state);
        var (W_ih, W_hh, b_ih, b_hh) = Weights;
        var (W_d, b_d, w_c, w_b) = Depth;
        var (h, c) = (state.Hidden, state.Cell!);
        var (input, below) = (x.SubVector(0, Weights.InputSize), x.SubVector(Weights.InputSize, CellSize));

        var a = W_ih * input + b_ih + W_hh * h + b_hh;
        var i = Sigmoid(a.Gate(0, h.Count));
        var f = Sigmoid(a.Gate(1, h.Count));
        var g = Tanh(a.Gate(2, h.Count));
        var o = Sigmoid(a.Gate(3, h.Count));
        var d = Sigmoid(W_d * input + b_d + w_c.Times(c) + w_b.Times(below));

        var cNext = f.Times(c) + i.Times(g) + d.Times(below);
        var hNext = o.Times(Tanh(cNext));

        return new(state, new(hNext, cNext), x, i, f, g, o, d);
    }

    /// <inheritdoc/>
    public override (Vector<double> DX, CellState DBefore) Backward(CellStep step, CellState dAfter)
    {
        var (before, after, x, i, f, g, o, d) = (DepthGatedLstmStep)step;
        var (h, c, tanhC) = (before.Hidden, before.Cell!, Tanh(after.Cell!));
        var (input, below) = (x.SubVector(0, Weights.InputSize), x.SubVector(Weights.InputSize, CellSize));
        var (W_ih, W_hh, _, _) = Weights;
        var (W_d, _, w_c, w_b) = Depth;

        var dH = dAfter.Hidden;
        var dC = dAfter.Cell! + dH.Times(o).ThroughTanh(tanhC);
        var dD = dC.Times(below).ThroughSigmoid(d);
        var dA = Stack(
            dC.Times(g).ThroughSigmoid(i),
            dC.Times(c).ThroughSigmoid(f),
            dC.Times(i).ThroughTanh(g),
            dH.Times(tanhC).ThroughSigmoid(o));

        Gradients.WeightIh.Accumulate(dA.OuterProduct(input));
        Gradients.WeightHh.Accumulate(dA.OuterProduct(h));
        Gradients.BiasIh.Accumulate(dA);
        Gradients.BiasHh.Accumulate(dA);
        DepthGradients.WeightIh.Accumulate(dD.OuterProduct(input));
        DepthGradients.Bias.Accumulate(dD);
        DepthGradients.FromCell.Accumulate(dD.Times(c));
        DepthGradients.FromBelow.Accumulate(dD.Times(below));

        var dInput = W_ih.TransposeThisAndMultiply(dA) + W_d.TransposeThisAndMultiply(dD);
        var dBelow = dC.Times(d) + w_b.Times(dD);
        return (Input(dInput, dBelow), new(W_hh.TransposeThisAndMultiply(dA), dC.Times(f) + w_c.Times(dD)));
    }

    /// <inheritdoc/>
    public override void ClearGradients()
    {
        base.ClearGradients();
        DepthGradients = Depth.ZerosLike();
    }
}
