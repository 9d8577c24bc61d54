namespace CourseKit.Layers;

/// <summary>Which parameter of a recurrent layer gets which first numbers. Every part can be set by itself: <c>RecurrentInitialization.Keras with { ForgetBias = 2 }</c>.</summary>
public sealed record RecurrentInitialization
{
    /// <summary>As PyTorch does, and the default: all parameters evenly from ±1/√hiddenSize.</summary>
    public static RecurrentInitialization PyTorch { get; } = new();

    /// <summary>
    /// As Keras does: input weights GlorotUniform, recurrent weights Orthogonal, each drawn over all gates at once; biases 0, and 1 for an LSTM's forget gate.
    /// </summary>
    public static RecurrentInitialization Keras { get; } = new()
    {
        InputWeights = Initializer.GlorotUniform(),
        RecurrentWeights = Initializer.Orthogonal(),
        Biases = Initializer.Zeros,
        ForgetBias = 1,
        PerGate = false,
    };

    /// <summary>For a SimpleRnn with relu: input weights normal with deviation 0.001, recurrent weights the identity, biases 0.</summary>
    /// <remarks>Le, Jaitly and Hinton, A Simple Way to Initialize Recurrent Networks of Rectified Linear Units, 2015. See <see cref="SimpleRnn.Irnn"/>.</remarks>
    public static RecurrentInitialization Irnn { get; } = new()
    {
        InputWeights = Initializer.Normal(0, 0.001f),
        RecurrentWeights = Initializer.Identity(),
        Biases = Initializer.Zeros,
    };

    /// <summary>Of weight_ih; null: evenly from ±1/√hiddenSize.</summary>
    public Initializer? InputWeights { get; init; }

    /// <summary>Of weight_hh; null: evenly from ±1/√hiddenSize.</summary>
    public Initializer? RecurrentWeights { get; init; }

    /// <summary>Of bias_ih and bias_hh; null: evenly from ±1/√hiddenSize.</summary>
    public Initializer? Biases { get; init; }

    /// <summary>Whether each gate's block of rows is drawn as a matrix of its own, so that each gate's recurrent weights are orthogonal by themselves. Default: true.</summary>
    public bool PerGate { get; init; } = true;

    /// <summary>
    /// What an LSTM's forget gate starts with, as the sum of its two biases; null: as <see cref="Biases"/> says. A coupled LSTM's input gate gets its negative.
    /// Layers without a forget gate pass it over. Above 0 the cell at first keeps what it holds.
    /// </summary>
    /// <remarks>1: Jozefowicz, Zaremba and Sutskever, An Empirical Exploration of Recurrent Network Architectures, 2015; first Gers, Schmidhuber and Cummins, 2000.</remarks>
    public float? ForgetBias { get; init; }

    /// <summary>
    /// The longest span to be remembered, in time steps, at least 3: each forget gate's bias is ln u with u even from 1 to ChronoSteps − 1, and the input gate's its negative.
    /// Null: not so. It goes before <see cref="ForgetBias"/>. Layers without a forget gate pass it over.
    /// </summary>
    /// <remarks>Tallec and Ollivier, Can recurrent neural networks warp time?, 2018.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">Below 3.</exception>
    public int? ChronoSteps
    {
        get;
        init => field = value is null or >= 3 ? value
            : throw new ArgumentOutOfRangeException(null, $"RecurrentInitialization: ChronoSteps must be at least 3, but got {value}.");
    }
}
