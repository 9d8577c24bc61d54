using CourseKit.Backends;
using CourseKit.Tensors;

namespace CourseKit.Autograd;

public static partial class Ops
{
    /// <summary>y = tanh(x), in (−1, 1).</summary>
    /// <param name="x">Any shape.</param>
    /// <returns>The shape of x.</returns>
    public static Tensor Tanh(Tensor x) => Activate(x, Activation.Tanh);

    /// <summary>y = σ(x) = 1/(1 + e^−x), in (0, 1).</summary>
    /// <param name="x">Any shape.</param>
    /// <returns>The shape of x.</returns>
    public static Tensor Sigmoid(Tensor x) => Activate(x, Activation.Sigmoid);

    /// <summary>y = max(0, x). The gradient at 0 is 0.</summary>
    /// <param name="x">Any shape.</param>
    /// <returns>The shape of x.</returns>
    public static Tensor Relu(Tensor x) => Activate(x, Activation.Relu);

    /// <summary>y = f(x), number by number.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="function">Which f.</param>
    /// <returns>The shape of x.</returns>
    public static Tensor Activate(Tensor x, Activation function)
    {
        ArgumentNullException.ThrowIfNull(x);
        var y = Tape.Allocate(x.Backend, x.Shape);
        x.Backend.Activate(function, x.Data, y.Data);

        Tape.Record(y, [x], dY =>
        {
            if (Tape.GradientOf(x) is { } dX)
                y.Backend.ActivateBackward(function, y.Data, dY, dX);
        });
        return y;
    }
}
