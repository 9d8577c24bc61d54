using CourseKit.Tensors;

namespace CourseKit.Autograd;

public static partial class Ops
{
    /// <summary>y = a·b, number by number (the Hadamard product).</summary>
    /// <param name="a">Any shape.</param>
    /// <param name="b">The shape of a.</param>
    /// <returns>The shape of a.</returns>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Tensor Multiply(Tensor a, Tensor b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        ShapeException.RequireSame(a.Shape, b.Shape, "Multiply");
        var y = Tape.Allocate(a.Backend, a.Shape);
        a.Backend.Multiply(a.Data, b.Data, y.Data);

        Tape.Record(y, [a, b], dY =>
        {
            if (Tape.GradientOf(a) is { } dA)
                y.Backend.MultiplyAdd(dY, b.Data, dA);
            if (Tape.GradientOf(b) is { } dB)
                y.Backend.MultiplyAdd(dY, a.Data, dB);
        });
        return y;
    }
}
