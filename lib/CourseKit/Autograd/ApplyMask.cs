using CourseKit.Backends;
using CourseKit.Tensors;

namespace CourseKit.Autograd;

public static partial class Ops
{
    /// <summary>x where the mask is 1, and 0 where it is 0, whatever x holds there, NaN too.</summary>
    /// <param name="x">[..., feature].</param>
    /// <param name="mask">[...] of 1 and 0: the shape of x without its last dimension. It gets no gradient.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="ShapeException">The mask is not the shape of x without its last dimension.</exception>
    public static Tensor ApplyMask(Tensor x, Tensor mask)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(mask);
        if (x.Shape.Rank == 0 || mask.Shape != x.Shape.WithoutLast())
            throw new ShapeException(x.Shape.Rank == 0 ? "ApplyMask: x must be [..., feature], but got []." : $"ApplyMask: mask must be {x.Shape.WithoutLast()}, but got {mask.Shape}. It takes the shape of x, {x.Shape}, without its last dimension.");
        var each = Tape.Constant(x.Backend, Repeat(mask.ToArray(), x.Shape.Last), x.Shape);
        var y = Tape.Zeros(x.Backend, x.Shape);

        // The slope of relu selects and does not multiply, so that what is masked may be anything.
        x.Backend.ActivateBackward(Activation.Relu, each.Data, x.Data, y.Data);

        Tape.Record(y, [x], dY =>
        {
            if (Tape.GradientOf(x) is { } dX)
                y.Backend.ActivateBackward(Activation.Relu, each.Data, dY, dX);
        });
        return y;
    }

    // Each number size times: rows of a mask along their columns.
    private static float[] Repeat(float[] rows, int size)
    {
        var values = new float[rows.Length * size];
        for (var row = 0; row < rows.Length; row++)
            values.AsSpan(row * size, size).Fill(rows[row]);
        return values;
    }
}
