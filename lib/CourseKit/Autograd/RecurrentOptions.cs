using CourseKit.Tensors;

namespace CourseKit.Autograd;

/// <summary>What a recurrent operation does beside its formula. All are constants: no gradient goes to them.</summary>
public sealed record RecurrentOptions
{
    /// <summary>[batch, time] of 1 and 0; null for all 1. At 0 the time step is passed over: the state is held, the output is 0, and no gradient comes from or goes to it.</summary>
    public Tensor? Mask { get; init; }

    /// <summary>
    /// [batch, hiddenSize], multiplies h_{t-1} in the recurrent product, the same at every time step: 0 or 1/(1 − p). Null: no dropout. Gal and Ghahramani, 2016.
    /// </summary>
    public Tensor? HiddenDropout { get; init; }

    /// <summary>[batch, time, hiddenSize], how much of h_{t-1} stays in h_t: 0 or 1 in training, p outside. Null: nothing stays. Krueger and others, 2017.</summary>
    public Tensor? HiddenZoneout { get; init; }

    /// <summary>[batch, time, hiddenSize], how much of c_{t-1} stays in c_t; of an LSTM only. Null: nothing stays.</summary>
    public Tensor? CellZoneout { get; init; }
}
