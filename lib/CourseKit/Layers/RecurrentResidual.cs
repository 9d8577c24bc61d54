using CourseKit.Autograd;
using CourseKit.Tensors;

namespace CourseKit.Layers;

/// <summary>Adds what a recurrent layer makes of a sequence to the sequence itself: y = x + f(x). The state passes through, as does the mask.</summary>
/// <remarks>
/// Several of them behind one another make a residual stack, as Wu and others, Google's Neural Machine Translation System, 2016, which trains eight LSTM layers so.
/// He, Zhang, Ren and Sun, 2016. Parameters: those of the layers within, each under its name and a dot.
/// </remarks>
public sealed class RecurrentResidual : SequenceLayer
{
    private readonly Layer[] _layers;
    private readonly SequenceLayer _recurrent;

    /// <summary>Makes f of layers in a row.</summary>
    /// <param name="layers">One that carries a state, and around it as many feed-forward layers as you like; together they must give the shape of x.</param>
    /// <exception cref="ArgumentException">There is not exactly one layer that carries a state, another kind of layer, or one comes twice.</exception>
    public RecurrentResidual(params Layer[] layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        SequenceLayer[] recurrent = [.. layers.OfType<SequenceLayer>()];
        if (recurrent.Length != 1)
            throw new ArgumentException($"RecurrentResidual: give exactly one layer that carries a state, but got {recurrent.Length}. Take one RecurrentResidual for each.", nameof(layers));
        if (layers.FirstOrDefault(layer => layer is not (SequenceLayer or FeedForwardLayer)) is { } other)
            throw new ArgumentException($"RecurrentResidual: every layer must take and give a tensor, but {other} does not.", nameof(layers));
        _recurrent = recurrent[0];
        _layers = [.. layers.Select(AddLayer)];
    }

    /// <summary>Numbers in at each time step: also out.</summary>
    public override int InputSize => SmallestInput!.Value.Last;

    internal override Shape? SmallestInput => new Shape(1, 1, _layers.Select(layer => layer.SmallestInput).First(shape => shape is not null)!.Value.Last);

    /// <summary>Draws the parameters of the layers within, in order.</summary>
    /// <param name="random">Where the numbers come from.</param>
    public override void Initialize(RandomSource random)
    {
        foreach (var layer in _layers)
            layer.Initialize(random);
    }

    /// <summary>y = x + f(x).</summary>
    /// <param name="x">[batch, time, inputSize].</param>
    /// <param name="state">The state of the recurrent layer within; null for zeros.</param>
    /// <param name="mask">[batch, time] of 1 and 0; null for all 1. The recurrent layer passes over a time step at 0, and the output is 0 there.</param>
    /// <returns>The shape of x, and the final state of the recurrent layer within.</returns>
    /// <exception cref="ShapeException">A layer does not take what it is given, or f gives another shape than that of x.</exception>
    public override (Tensor Output, RecurrentState State) Forward(Tensor x, RecurrentState? state = null, Tensor? mask = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        var (y, final) = (x, state);
        foreach (var layer in _layers)
        {
            if (layer is FeedForwardLayer feedForward)
                y = feedForward.Forward(y);
            else
                (y, final) = _recurrent.Forward(y, state, mask);
        }

        Residual.RequireSame(this, x.Shape, y.Shape);
        var sum = x + y;
        return (mask is null ? sum : Ops.ApplyMask(sum, mask), final!);
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape inputShape)
    {
        var shape = inputShape;
        foreach (var layer in _layers)
            shape = layer.OutputShape(shape);
        Residual.RequireSame(this, inputShape, shape);
        return shape;
    }

    /// <inheritdoc/>
    public override string ToString() => $"RecurrentResidual({string.Join(", ", Parts)})";
}
