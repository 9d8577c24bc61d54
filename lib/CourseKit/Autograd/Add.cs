using CourseKit.Tensors;

namespace CourseKit.Autograd;

/// <summary>
/// The operations on tensors. Each checks its shapes, computes, and inside <see cref="Tape.Step{T}"/> records itself, so that Backward can go through it.
/// </summary>
public static partial class Ops
{
    /// <summary>y = a + b, number by number.</summary>
    /// <param name="a">Any shape.</param>
    /// <param name="b">The shape of a.</param>
    /// <returns>The shape of a.</returns>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Tensor Add(Tensor a, Tensor b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        ShapeException.RequireSame(a.Shape, b.Shape, "Add");
        var y = Tape.Allocate(a.Backend, a.Shape);
        a.Backend.Add(a.Data, b.Data, y.Data);

        Tape.Record(y, [a, b], dY =>
        {
            if (Tape.GradientOf(a) is { } dA)
                y.Backend.AddTo(dY, dA);
            if (Tape.GradientOf(b) is { } dB)
                y.Backend.AddTo(dY, dB);
        });
        return y;
    }
}
