using CourseKit.Autograd;
using CourseKit.Tensors;

namespace CourseKit.Layers;

/// <summary>Applies a layer to every time step by itself.</summary>
/// <remarks>
/// Every layer of this library that works on the last dimension, as <see cref="Linear"/>, <see cref="LayerNorm"/> and <see cref="ActivationLayer"/>, does so for any
/// dimensions before it and needs no wrapper. This one is for a layer of your own that knows only [batch, ...]: it sees batch and time as one long batch. Nothing is
/// copied. Known elsewhere as keras.layers.TimeDistributed. Parameters: those of the layer within, under its name and a dot.
/// </remarks>
public sealed class TimeDistributed : FeedForwardLayer
{
    /// <summary>Wraps a layer.</summary>
    /// <param name="inner">The layer, which becomes a part of this one.</param>
    public TimeDistributed(FeedForwardLayer inner) => Inner = AddLayer(inner);

    /// <summary>The layer within.</summary>
    public FeedForwardLayer Inner { get; }

    internal override Shape? SmallestInput => Inner.SmallestInput is { Rank: > 1 } shape ? new Shape([1, .. shape.Sizes]) : (Shape?)null;

    /// <summary>Draws the parameters of the layer within.</summary>
    /// <param name="random">Where the numbers come from.</param>
    public override void Initialize(RandomSource random) => Inner.Initialize(random);

    /// <summary>Applies the layer to every time step.</summary>
    /// <param name="x">[batch, time, ...], what the layer takes behind batch and time.</param>
    /// <returns>[batch, time, ...], what the layer gives.</returns>
    /// <exception cref="ShapeException">x has fewer than two dimensions, or the layer does not take a time step of it.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        var y = Inner.Forward(Ops.Reshape(x, AsOneBatch(x.Shape)));
        return Ops.Reshape(y, new Shape([x.Shape[0], x.Shape[1], .. y.Shape.Sizes[1..]]));
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape inputShape) =>
        new([.. inputShape.Sizes[..Math.Min(2, inputShape.Rank)], .. Inner.OutputShape(AsOneBatch(inputShape)).Sizes[1..]]);

    /// <inheritdoc/>
    public override string ToString() => $"TimeDistributed({Inner})";

    private Shape AsOneBatch(Shape x) => x.Rank >= 2
        ? new Shape([x[0] * x[1], .. x.Sizes[2..]])
        : throw new ShapeException($"{this}: x must be [batch, time, ...], but got {x}.");
}
