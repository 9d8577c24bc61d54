using CourseKit.Autograd;
using CourseKit.Tensors;

namespace CourseKit.Layers;

/// <summary>
/// In training, inside <see cref="Tape.Step{T}"/>, drops numbers at random, so that no neuron comes to rely on one other; elsewhere passes everything through.
/// </summary>
/// <remarks>Known elsewhere as nn.Dropout, keras.layers.Dropout. Inverted dropout: Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, 2014.</remarks>
public sealed class Dropout : FeedForwardLayer
{
    private RandomSource _random = new(0);

    /// <summary>Makes the layer; masks are drawn from seed 0 until <see cref="Initialize"/> is called.</summary>
    /// <param name="p">The probability of dropping a number, in [0, 1). What stays is divided by 1 − p.</param>
    /// <param name="sameOverTime">Draw one mask for each sequence and use it at every time step; the input must then be [batch, time, feature]. Default: false.</param>
    /// <exception cref="ArgumentOutOfRangeException">p is outside [0, 1).</exception>
    public Dropout(float p, bool sameOverTime = false)
    {
        Ops.RequireProbability(p, nameof(Dropout));
        (P, SameOverTime) = (p, sameOverTime);
    }

    /// <summary>The probability of dropping a number, in [0, 1).</summary>
    public float P { get; }

    /// <summary>Whether a sequence's mask is the same at every time step: variational dropout (Gal and Ghahramani, 2016). Keras: SpatialDropout1D. Default: false.</summary>
    public bool SameOverTime { get; }

    /// <summary>Where the masks come from; its state belongs to a training run that is to go on where it stopped.</summary>
    public override RandomSource Random => _random;

    /// <summary>Gives the layer a random stream of its own.</summary>
    /// <param name="random">Where the seed of that stream comes from.</param>
    public override void Initialize(RandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        _random = new RandomSource((long)random.NextBits());
    }

    /// <summary>Drops, in training; elsewhere returns x itself.</summary>
    /// <param name="x">Any shape; [batch, time, feature] when SameOverTime.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="ShapeException">SameOverTime, and x is not [batch, time, feature].</exception>
    public override Tensor Forward(Tensor x) => Ops.Dropout(x, P, Random, SameOverTime);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape inputShape) => inputShape;

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"Dropout({P}{(SameOverTime ? ", sameOverTime: true" : "")})");
}
