using CourseKit.Autograd;
using CourseKit.Tensors;

namespace CourseKit.Layers;

/// <summary>Gives the last dimension mean 0 and variance 1, then scales and shifts it by learned numbers.</summary>
/// <remarks>
/// y = weight·(x − mean)/√(variance + ε) + bias. Ba, Kiros and Hinton, Layer Normalization, 2016. Known elsewhere as nn.LayerNorm, keras.layers.LayerNormalization
/// (whose ε is 1e-3). Parameters: weight [size], bias [size].
/// </remarks>
public sealed class LayerNorm : FeedForwardLayer
{
    /// <summary>Makes the layer: weight 1, bias 0.</summary>
    /// <param name="size">The last dimension, at least 1.</param>
    /// <param name="epsilon">ε, above 0. Default: 1e-5, as PyTorch.</param>
    /// <exception cref="ArgumentOutOfRangeException">size is below 1, or epsilon is not above 0.</exception>
    public LayerNorm(int size, float epsilon = 1e-5f)
    {
        Size = RequirePositive(size, nameof(LayerNorm), nameof(size));
        Ops.RequireEpsilon(epsilon, nameof(LayerNorm));
        Epsilon = epsilon;
        Weight = AddParameter("weight", size);
        Bias = AddParameter("bias", size);
        Initialize(new RandomSource(0));
    }

    /// <summary>The last dimension.</summary>
    public int Size { get; }

    /// <summary>ε, which keeps a last dimension that is all alike from dividing by 0. Default: 1e-5.</summary>
    public float Epsilon { get; }

    /// <summary>What scales, [size].</summary>
    public Tensor Weight { get; }

    /// <summary>What shifts, [size].</summary>
    public Tensor Bias { get; }

    internal override Shape? SmallestInput => new Shape(1, Size);

    /// <summary>Sets the weight to 1 and the bias to 0.</summary>
    /// <param name="random">Not used.</param>
    public override void Initialize(RandomSource random)
    {
        Initializer.Constant(1).Fill(Weight, random);
        Initializer.Zeros.Fill(Bias, random);
    }

    /// <summary>y = weight·(x − mean)/√(variance + ε) + bias.</summary>
    /// <param name="x">[..., size].</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="ShapeException">The last dimension of x is not Size.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        RequireInput(x.Shape);
        return Ops.LayerNorm(x, Weight, Bias, Epsilon);
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape inputShape)
    {
        RequireInput(inputShape);
        return inputShape;
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"LayerNorm(size: {Size}{(Epsilon == 1e-5f ? "" : FormattableString.Invariant($", epsilon: {Epsilon}"))})");

    private void RequireInput(Shape x)
    {
        if (x.Rank == 0 || x.Last != Size)
            throw new ShapeException($"{this}: x must be [..., {Size}], but got {x}. The last dimension must equal size.");
    }
}
