using CourseKit.Autograd;
using CourseKit.Tensors;

namespace CourseKit.Layers;

/// <summary>Adds what layers make of x to x itself: y = x + f(x), so that f learns only what is to change, and gradients pass by it unhindered.</summary>
/// <remarks>
/// He, Zhang, Ren and Sun, Deep Residual Learning for Image Recognition, 2016. With a recurrent layer inside: <see cref="RecurrentResidual"/>.
/// Parameters: those of the layers within, each under its name and a dot.
/// </remarks>
public sealed class Residual : FeedForwardLayer
{
    private readonly FeedForwardLayer[] _layers;

    /// <summary>Makes f of layers in a row.</summary>
    /// <param name="layers">At least one; together they must give the shape of x. They become parts of this layer.</param>
    /// <exception cref="ArgumentException">There is no layer, or one comes twice.</exception>
    public Residual(params FeedForwardLayer[] layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        if (layers.Length == 0)
            throw new ArgumentException("Residual: give at least one layer.", nameof(layers));
        _layers = [.. layers.Select(AddLayer)];
    }

    internal override Shape? SmallestInput => _layers.Select(layer => layer.SmallestInput).FirstOrDefault(shape => shape is not null);

    /// <summary>Draws the parameters of the layers within, in order.</summary>
    /// <param name="random">Where the numbers come from.</param>
    public override void Initialize(RandomSource random)
    {
        foreach (var layer in _layers)
            layer.Initialize(random);
    }

    /// <summary>y = x + f(x).</summary>
    /// <param name="x">What the first layer takes.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="ShapeException">A layer does not take what it is given, or f gives another shape than that of x.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        var y = x;
        foreach (var layer in _layers)
            y = layer.Forward(y);
        RequireSame(this, x.Shape, y.Shape);
        return x + y;
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape inputShape)
    {
        var shape = inputShape;
        foreach (var layer in _layers)
            shape = layer.OutputShape(shape);
        RequireSame(this, inputShape, shape);
        return shape;
    }

    /// <inheritdoc/>
    public override string ToString() => $"Residual({string.Join(", ", Parts)})";

    /// <summary>Holds f to the shape of what it is added to.</summary>
    internal static void RequireSame(Layer who, Shape x, Shape f)
    {
        if (f != x)
            throw new ShapeException($"{who}: what the layers give is added to x, so it must be {x}, but got {f}.");
    }
}
