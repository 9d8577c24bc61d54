using CourseKit.Autograd;
using CourseKit.Backends;
using CourseKit.Tensors;

namespace CourseKit.Layers;

/// <summary>A function of each number by itself: tanh, relu or the logistic sigmoid.</summary>
/// <param name="function">Which function.</param>
/// <remarks>Known elsewhere as nn.Tanh, nn.ReLU, nn.Sigmoid, keras.layers.Activation.</remarks>
public sealed class ActivationLayer(Activation function) : FeedForwardLayer
{
    /// <summary>Which function.</summary>
    public Activation Function { get; } = function;

    /// <summary>Does nothing: there are no parameters.</summary>
    /// <param name="random">Not used.</param>
    public override void Initialize(RandomSource random)
    {
    }

    /// <summary>y = f(x).</summary>
    /// <param name="x">Any shape.</param>
    /// <returns>The shape of x.</returns>
    public override Tensor Forward(Tensor x) => Ops.Activate(x, Function);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape inputShape) => inputShape;

    /// <inheritdoc/>
    public override string ToString() => $"ActivationLayer({Function})";
}
