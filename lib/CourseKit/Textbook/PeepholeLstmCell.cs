using MathNet.Numerics.LinearAlgebra;
using static CourseKit.Textbook.Pointwise;

namespace CourseKit.Textbook;

/// <summary>The LSTM cell whose gates also look at the cell state, each unit at its own.</summary>
/// <remarks>
/// <code>
/// i = σ(a_i + p_i∘c)     c' = f∘c + i∘g
/// f = σ(a_f + p_f∘c)     o  = σ(a_o + p_o∘c')
/// g = tanh(a_g)          h' = o∘tanh(c')          a = W_ih·x + b_ih + W_hh·h + b_hh
/// </code>
/// Gers and Schmidhuber, Recurrent Nets that Time and Count, 2000.
/// </remarks>
/// <param name="weights">W and b with the gates i, f, g, o: WeightIh is [4·hiddenSize, inputSize].</param>
/// <param name="peephole">p_i, p_f, p_o below one another, [3·hiddenSize].</param>
/// <exception cref="ArgumentException">The weights do not fit one another.</exception>
public sealed class PeepholeLstmCell(CellWeights weights, Vector<double> peephole) : RecurrentCell(weights, gates: 4)
{
    /// <summary>p_i, p_f, p_o below one another, [3·hiddenSize].</summary>
    public Vector<double> Peephole { get; } = Fit(peephole, 3 * weights.HiddenSize);

    /// <summary>The gradient of <see cref="Peephole"/>, summed like <see cref="RecurrentCell.Gradients"/>.</summary>
    public Vector<double> PeepholeGradient { get; } = Vector<double>.Build.Dense(peephole.Count);

    /// <inheritdoc/>
    public override IReadOnlyList<CellParameter> MoreParameters => [new("peephole", Peephole, PeepholeGradient)];

    /// <inheritdoc/>
    public override CellState Start => new(Vector<double>.Build.Dense(CellSize), Vector<double>.Build.Dense(CellSize));

    /// <inheritdoc/>
    public override LstmStep Forward(Vector<double> x, CellState state)
    {
        Check(x, state);
        var (W_ih, W_hh, b_ih, b_hh) = Weights;
        var (h, c) = (state.Hidden, state.Cell!);
        var (p_i, p_f, p_o) = (Peephole.Gate(0, h.Count), Peephole.Gate(1, h.Count), Peephole.Gate(2, h.Count));

        var a = W_ih * x + b_ih + W_hh * h + b_hh;
        var i = Sigmoid(a.Gate(0, h.Count) + p_i.Times(c));
        var f = Sigmoid(a.Gate(1, h.Count) + p_f.Times(c));
        var g = Tanh(a.Gate(2, h.Count));
        var cNext = f.Times(c) + i.Times(g);
        var o = Sigmoid(a.Gate(3, h.Count) + p_o.Times(cNext));

        return new(state, new(o.Times(Tanh(cNext)), cNext), x, i, f, g, o);
    }

    /// <inheritdoc/>
    public override (Vector<double> DX, CellState DBefore) Backward(CellStep step, CellState dAfter)
    {
        var (before, after, x, i, f, g, o) = (LstmStep)step;
        var (h, c, cNext) = (before.Hidden, before.Cell!, after.Cell!);
        var (p_i, p_f, p_o) = (Peephole.Gate(0, h.Count), Peephole.Gate(1, h.Count), Peephole.Gate(2, h.Count));
        var (W_ih, W_hh, _, _) = Weights;

        // c' reaches the loss by h', by the output gate that looks at it, and by the steps after this one.
        var dO = dAfter.Hidden.Times(Tanh(cNext)).ThroughSigmoid(o);
        var dC = dAfter.Cell! + dAfter.Hidden.Times(o).ThroughTanh(Tanh(cNext)) + p_o.Times(dO);
        var dI = dC.Times(g).ThroughSigmoid(i);
        var dF = dC.Times(c).ThroughSigmoid(f);
        var dA = Stack(dI, dF, dC.Times(i).ThroughTanh(g), dO);

        Gradients.WeightIh.Accumulate(dA.OuterProduct(x));
        Gradients.WeightHh.Accumulate(dA.OuterProduct(h));
        Gradients.BiasIh.Accumulate(dA);
        Gradients.BiasHh.Accumulate(dA);
        PeepholeGradient.Accumulate(Stack(dI.Times(c), dF.Times(c), dO.Times(cNext)));
        return (W_ih.TransposeThisAndMultiply(dA), new(W_hh.TransposeThisAndMultiply(dA), dC.Times(f) + p_i.Times(dI) + p_f.Times(dF)));
    }

    /// <inheritdoc/>
    public override void ClearGradients()
    {
        base.ClearGradients();
        PeepholeGradient.Clear();
    }

    private static Vector<double> Fit(Vector<double> peephole, int length) => peephole.Count == length
        ? peephole
        : throw new ArgumentException($"PeepholeLstmCell: peephole must have {length} numbers, 3·hiddenSize, but has {peephole.Count}.", nameof(peephole));
}
