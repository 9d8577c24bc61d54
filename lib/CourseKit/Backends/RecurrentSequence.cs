namespace CourseKit.Backends;

/// <summary>
/// What a recurrent kernel reads: one layer, one direction, the whole sequence. G is how many gates the weights stack. Null states are zero, null biases none.
/// </summary>
public readonly record struct RecurrentSequence
{
    /// <summary>batchSize, at least 1.</summary>
    public required int B { get; init; }

    /// <summary>steps, at least 1.</summary>
    public required int T { get; init; }

    /// <summary>inputSize, at least 1.</summary>
    public required int I { get; init; }

    /// <summary>hiddenSize, at least 1.</summary>
    public required int H { get; init; }

    /// <summary>Run from the last time step to the first; outputs stay in the order of X. Default: false.</summary>
    public bool Reverse { get; init; }

    /// <summary>The input, [B, T, I].</summary>
    public required Storage X { get; init; }

    /// <summary>The hidden state before the first step taken, [B, H], or null.</summary>
    public Storage? H0 { get; init; }

    /// <summary>The cell before the first step taken, [B, H], or null; of an LSTM only.</summary>
    public Storage? C0 { get; init; }

    /// <summary>[G·H, I].</summary>
    public required Storage WeightIh { get; init; }

    /// <summary>[G·H, H].</summary>
    public required Storage WeightHh { get; init; }

    /// <summary>Beside the input's product, [G·H], or null.</summary>
    public Storage? BiasIh { get; init; }

    /// <summary>Beside the state's product, [G·H], or null.</summary>
    public Storage? BiasHh { get; init; }

    /// <summary>
    /// [B, T] of 1 and 0, or null for all 1. At 0 the time step is passed over: the state is held, the output is 0, and no gradient comes from or goes to it.
    /// </summary>
    public Storage? Mask { get; init; }

    /// <summary>
    /// [B, H] or null. Multiplies h_{t-1} in the recurrent product, the same at every time step: 0 or 1/(1 − p). Gal and Ghahramani, 2016.
    /// </summary>
    public Storage? HiddenDropout { get; init; }

    /// <summary>[B, T, H] or null. How much of h_{t-1} stays in h_t: 0 or 1 in training, p outside. Krueger and others, 2017.</summary>
    public Storage? HiddenZoneout { get; init; }

    /// <summary>[B, T, H] or null. How much of c_{t-1} stays in c_t; of an LSTM only.</summary>
    public Storage? CellZoneout { get; init; }

    /// <summary>What an LSTM has beside its four gates. Default: nothing.</summary>
    public LstmForm LstmForm { get; init; }
}
