using MathNet.Numerics.LinearAlgebra;
using static CourseKit.Textbook.Pointwise;

namespace CourseKit.Textbook;

/// <summary>The LSTM cell whose sums are brought to mean 0 and variance 1 over all units before the gates, and whose cell is on its way out.</summary>
/// <remarks>
/// <code>
/// a = LN(W_ih·x; γ_x) + b_ih + LN(W_hh·h; γ_h) + b_hh     LN(v; γ) = γ∘(v − mean v)/√(variance v + ε)
/// i, f, o = σ(a_i), σ(a_f), σ(a_o)                        c' = f∘c + i∘g
/// g = tanh(a_g)                                           h' = o∘tanh(LN(c'; γ_c) + β_c)
/// </code>
/// Ba, Kiros and Hinton, Layer Normalization, 2016, equations 20 to 22; ε is 1e-5.
/// </remarks>
/// <param name="weights">W and b with the gates i, f, g, o: WeightIh is [4·hiddenSize, inputSize].</param>
/// <param name="gains">γ_x, γ_h, γ_c and β_c.</param>
/// <exception cref="ArgumentException">The weights do not fit one another.</exception>
public sealed class LayerNormLstmCell(CellWeights weights, LayerNormGains gains) : RecurrentCell(weights, gates: 4)
{
    private const double Epsilon = 1e-5f;

    /// <summary>γ_x, γ_h, γ_c and β_c.</summary>
    public LayerNormGains Gains { get; } = gains;

    /// <summary>The gradients of <see cref="Gains"/>, summed like <see cref="RecurrentCell.Gradients"/>.</summary>
    public LayerNormGains GainGradients { get; private set; } = gains.ZerosLike();

    /// <inheritdoc/>
    public override IReadOnlyList<CellParameter> MoreParameters =>
    [
        new("gain_ih", Gains.GainIh, GainGradients.GainIh),
        new("gain_hh", Gains.GainHh, GainGradients.GainHh),
        new("gain_cell", Gains.GainCell, GainGradients.GainCell),
        new("bias_cell", Gains.BiasCell, GainGradients.BiasCell),
    ];

    /// <inheritdoc/>
    public override CellState Start => new(Vector<double>.Build.Dense(CellSize), Vector<double>.Build.Dense(CellSize));

    /// <inheritdoc/>
    public override LstmStep Forward(Vector<double> x, CellState state)
    {
        Check(x, state);
        var (W_ih, W_hh, b_ih, b_hh) = Weights;
        var (γ_x, γ_h, γ_c, β_c) = Gains;
        var (h, c) = (state.Hidden, state.Cell!);

        var a = γ_x.Times(Normal(W_ih * x)) + b_ih + γ_h.Times(Normal(W_hh * h)) + b_hh;
        var i = Sigmoid(a.Gate(0, h.Count));
        var f = Sigmoid(a.Gate(1, h.Count));
        var g = Tanh(a.Gate(2, h.Count));
        var o = Sigmoid(a.Gate(3, h.Count));

        var cNext = f.Times(c) + i.Times(g);
        var hNext = o.Times(Tanh(γ_c.Times(Normal(cNext)) + β_c));

        return new(state, new(hNext, cNext), x, i, f, g, o);
    }

    /// <inheritdoc/>
    public override (Vector<double> DX, CellState DBefore) Backward(CellStep step, CellState dAfter)
    {
        var (before, after, x, i, f, g, o) = (LstmStep)step;
        var (h, c, cNext) = (before.Hidden, before.Cell!, after.Cell!);
        var (W_ih, W_hh, _, _) = Weights;
        var (γ_x, γ_h, γ_c, β_c) = Gains;
        var tanhN = Tanh(γ_c.Times(Normal(cNext)) + β_c);

        var dH = dAfter.Hidden;
        var dN = dH.Times(o).ThroughTanh(tanhN);
        var dC = dAfter.Cell! + ThroughNormal(γ_c.Times(dN), cNext);

        var dA = Stack(
            dC.Times(g).ThroughSigmoid(i),
            dC.Times(c).ThroughSigmoid(f),
            dC.Times(i).ThroughTanh(g),
            dH.Times(tanhN).ThroughSigmoid(o));
        var dFromX = ThroughNormal(γ_x.Times(dA), W_ih * x);
        var dFromH = ThroughNormal(γ_h.Times(dA), W_hh * h);

        Gradients.WeightIh.Accumulate(dFromX.OuterProduct(x));
        Gradients.WeightHh.Accumulate(dFromH.OuterProduct(h));
        Gradients.BiasIh.Accumulate(dA);
        Gradients.BiasHh.Accumulate(dA);
        GainGradients.GainIh.Accumulate(dA.Times(Normal(W_ih * x)));
        GainGradients.GainHh.Accumulate(dA.Times(Normal(W_hh * h)));
        GainGradients.GainCell.Accumulate(dN.Times(Normal(cNext)));
        GainGradients.BiasCell.Accumulate(dN);
        return (W_ih.TransposeThisAndMultiply(dFromX), new(W_hh.TransposeThisAndMultiply(dFromH), dC.Times(f)));
    }

    /// <inheritdoc/>
    public override void ClearGradients()
    {
        base.ClearGradients();
        GainGradients = Gains.ZerosLike();
    }

    private static Vector<double> Normal(Vector<double> v) => (v - v.Average()) / Deviation(v);

    // The mean and the deviation depend on every number of v.
    private static Vector<double> ThroughNormal(Vector<double> d, Vector<double> v)
    {
        var n = Normal(v);
        return (d - d.Average() - n * d.Times(n).Average()) / Deviation(v);
    }

    private static double Deviation(Vector<double> v)
    {
        var fromMean = v - v.Average();
        return Math.Sqrt(fromMean.Times(fromMean).Average() + Epsilon);
    }
}
