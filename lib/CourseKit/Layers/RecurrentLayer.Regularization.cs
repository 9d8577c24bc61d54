using System.Globalization;
using CourseKit.Autograd;
using CourseKit.Tensors;

namespace CourseKit.Layers;

/// <content>Dropout and zoneout: at work inside <see cref="Tape.Step{T}"/> only, but for zoneout's mean.</content>
public abstract partial class RecurrentLayer
{
    private RandomSource? _random;

    /// <summary>The probability of dropping a number of the input, in [0, 1). Default: 0. Keras: dropout, together with <see cref="SameOverTime"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside [0, 1).</exception>
    public float InputDropout { get; init => field = Probability(value, nameof(InputDropout)); }

    /// <summary>The probability of dropping a number between two stacked layers, in [0, 1). Default: 0. PyTorch: dropout. Zaremba, Sutskever and Vinyals, 2014.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside [0, 1).</exception>
    public float LayerDropout { get; init => field = Probability(value, nameof(LayerDropout)); }

    /// <summary>The probability of dropping a number of the output, in [0, 1). Default: 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside [0, 1).</exception>
    public float OutputDropout { get; init => field = Probability(value, nameof(OutputDropout)); }

    /// <summary>
    /// The probability of dropping a number of h_{t-1} on its way into the gates, in [0, 1); the same numbers at every time step. Default: 0. Keras: recurrent_dropout.
    /// </summary>
    /// <remarks>Gal and Ghahramani, A Theoretically Grounded Application of Dropout in Recurrent Neural Networks, 2016.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">Outside [0, 1).</exception>
    public float RecurrentDropout { get; init => field = Probability(value, nameof(RecurrentDropout)); }

    /// <summary>Whether the masks of <see cref="InputDropout"/>, <see cref="LayerDropout"/> and <see cref="OutputDropout"/> are the same at every time step, "variational". Default: false.</summary>
    /// <remarks>Gal and Ghahramani, 2016.</remarks>
    public bool SameOverTime { get; init; }

    /// <summary>The probability that a number of h stays what it was at the time step before, in [0, 1); outside training the mean of both. Default: 0.</summary>
    /// <remarks>Krueger and others, Zoneout: Regularizing RNNs by Randomly Preserving Hidden Activations, 2017.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">Outside [0, 1).</exception>
    public float HiddenZoneout { get; init => field = Probability(value, nameof(HiddenZoneout)); }

    /// <summary>The probability that a number of an LSTM's c stays what it was at the time step before, in [0, 1); outside training the mean of both. Default: 0.</summary>
    /// <remarks>Krueger and others, 2017.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">Outside [0, 1).</exception>
    /// <exception cref="ArgumentException">The layer has no cell.</exception>
    public float CellZoneout
    {
        get;
        init => field = HasCell || value == 0 ? Probability(value, nameof(CellZoneout))
            : throw new ArgumentException($"{GetType().Name}: CellZoneout must be 0, but got {value.ToString(CultureInfo.InvariantCulture)}. Only an LSTM has a cell; set HiddenZoneout.");
    }

    /// <summary>Where dropout and zoneout draw from; null when the layer has neither.</summary>
    public override RandomSource? Random => _random;

    // A layer with nothing to draw takes nothing from the model's seed.
    private void StartRandom(RandomSource random)
    {
        if (_random is not null)
            _random = new RandomSource((long)random.NextBits());
    }

    private float Probability(float p, string name)
    {
        Ops.RequireProbability(p, $"{GetType().Name}.{name}");
        if (p > 0)
            _random ??= new RandomSource(0);
        return p;
    }

    private Tensor Drop(Tensor x, float p) => p == 0 ? x : Ops.Dropout(x, p, _random!, SameOverTime && x.Shape.Rank == 3);

    // What one layer in one direction does beside its formula; masks are drawn anew for each.
    private RecurrentOptions? Options(Tensor x, Tensor? mask)
    {
        if (mask is null && _random is null)
            return null;
        var (batchSize, steps) = (x.Shape[0], x.Shape[1]);
        return new RecurrentOptions
        {
            Mask = mask,
            HiddenDropout = RecurrentDropout == 0 ? null : Ops.DropoutMask(x.Backend, new Shape(batchSize, StateSize), RecurrentDropout, _random!),
            HiddenZoneout = HiddenZoneout == 0 ? null : Ops.ZoneoutMask(x.Backend, new Shape(batchSize, steps, StateSize), HiddenZoneout, _random!),
            CellZoneout = CellZoneout == 0 ? null : Ops.ZoneoutMask(x.Backend, new Shape(batchSize, steps, HiddenSize), CellZoneout, _random!),
        };
    }

    private string RegularizationText()
    {
        string[] set =
        [
            .. Set(InputDropout, nameof(InputDropout)), .. Set(LayerDropout, nameof(LayerDropout)), .. Set(OutputDropout, nameof(OutputDropout)),
            .. Set(RecurrentDropout, nameof(RecurrentDropout)), .. SameOverTime ? [$"{nameof(SameOverTime)} = true"] : Array.Empty<string>(),
            .. Set(HiddenZoneout, nameof(HiddenZoneout)), .. Set(CellZoneout, nameof(CellZoneout)),
        ];
        return set.Length == 0 ? "" : $" {{ {string.Join(", ", set)} }}";

        static string[] Set(float p, string name) => p == 0 ? [] : [FormattableString.Invariant($"{name} = {p}")];
    }
}
