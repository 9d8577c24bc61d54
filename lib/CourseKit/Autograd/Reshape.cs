using CourseKit.Tensors;

namespace CourseKit.Autograd;

public static partial class Ops
{
    /// <summary>The same numbers in the same order under another shape. Nothing is copied: both tensors show the same memory.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="shape">A shape of as many numbers.</param>
    /// <returns>A tensor of <paramref name="shape"/>.</returns>
    /// <exception cref="ShapeException">The shape holds another number of numbers.</exception>
    public static Tensor Reshape(Tensor x, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Length != shape.Length)
            throw new ShapeException($"Reshape: {shape} holds {shape.Length} numbers, but x is {x.Shape} and holds {x.Length}.");
        var y = Tape.View(x, shape);

        Tape.Record(y, [x], dY =>
        {
            if (Tape.GradientOf(x) is { } dX)
                y.Backend.AddTo(dY, dX);
        });
        return y;
    }
}
