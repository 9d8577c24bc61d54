namespace CourseKit.Backends;

/// <summary>
/// What an LSTM has beside its four gates; the default value is the plain LSTM. B, T, I, H are those of the <see cref="RecurrentSequence"/>; P is the size of the
/// hidden state: <see cref="ProjectionSize"/>, or H without a projection; G is 4, or 3 when <see cref="Coupled"/>. All parts go together.
/// </summary>
/// <remarks>
/// One step, whole: i = σ(a_i + p_i∘c_{t-1}); f = σ(a_f + p_f∘c_{t-1}), or 1 − i when coupled; g = tanh(a_g); d = σ(W_d·x_t + b_d + w_c∘c_{t-1} + w_b∘below_t);
/// c_t = f∘c_{t-1} + i∘g + d∘below_t; o = σ(a_o + p_o∘c_t); h_t = W_hr·(o∘tanh(c_t)).
/// With layer norm a = LN(W_ih·x_t) + b_ih + LN(W_hh·h_{t-1}) + b_hh and h_t = W_hr·(o∘tanh(LN(c_t))), each LN with a gain of its own.
/// </remarks>
public readonly record struct LstmForm
{
    /// <summary>f = 1 − i: weights, biases and DGates stack three gates, i, g, o; the stored gates remain i, f, g, o. Greff and others, 2017 (CIFG).</summary>
    public bool Coupled { get; init; }

    /// <summary>Weights from the cell to the gates, number by number: [3H] of i, f, o, or [2H] of i, o when coupled; i and f see c_{t-1}, o sees c_t. Or null. Gers and Schmidhuber, 2000.</summary>
    public Storage? Peephole { get; init; }

    /// <summary>W_hr, [P, H], or null: the hidden state is W_hr·(o∘tanh(c)), of P numbers. WeightHh is then [G·H, P], H0, HN and HiddenDropout [B, P], Y, HiddenZoneout and DStates [B, T, P]. Sak and others, 2014.</summary>
    public Storage? Projection { get; init; }

    /// <summary>P where there is a <see cref="Projection"/>, and 0 where there is none.</summary>
    public int ProjectionSize { get; init; }

    /// <summary>The cells of the layer below, [B, T, H], or null: the depth gate d lets them into this layer's. Yao and others, 2015.</summary>
    public Storage? CellBelow { get; init; }

    /// <summary>W_d, [H, I]; with <see cref="CellBelow"/>.</summary>
    public Storage? DepthWeightIh { get; init; }

    /// <summary>b_d, [H], or null; with <see cref="CellBelow"/>.</summary>
    public Storage? DepthBias { get; init; }

    /// <summary>w_c, [H]; with <see cref="CellBelow"/>.</summary>
    public Storage? DepthFromCell { get; init; }

    /// <summary>w_b, [H]; with <see cref="CellBelow"/>.</summary>
    public Storage? DepthFromBelow { get; init; }

    /// <summary>The gain of the layer norm of W_ih·x_t, [G·H], all gates in one; null without layer norm. BiasIh is its shift. ε is 1e-5. Ba, Kiros and Hinton, 2016.</summary>
    public Storage? NormGainIh { get; init; }

    /// <summary>The gain of the layer norm of W_hh·h_{t-1}, [G·H]; with <see cref="NormGainIh"/>. BiasHh is its shift.</summary>
    public Storage? NormGainHh { get; init; }

    /// <summary>The gain of the layer norm of c_t on its way to h_t, [H]; with <see cref="NormGainIh"/>.</summary>
    public Storage? NormGainCell { get; init; }

    /// <summary>The shift of the layer norm of c_t, [H]; with <see cref="NormGainIh"/>.</summary>
    public Storage? NormBiasCell { get; init; }

    /// <summary>Written: every step's cell, [B, T, H], held where a step is passed over; or null when not wanted.</summary>
    public Storage? Cells { get; init; }

    /// <summary>Whether this is the plain LSTM, whatever else it gives out.</summary>
    internal bool IsPlain => !Coupled && Peephole is null && Projection is null && CellBelow is null && NormGainIh is null;
}
