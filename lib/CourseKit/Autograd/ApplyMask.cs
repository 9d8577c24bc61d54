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
        var each = Tape.Allocate(x.Backend, x.Shape);
        Repeat(mask, each);
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

    // mask [rows] along the columns of each [rows, columns].
    private static void Repeat(Tensor mask, Tensor each)
    {
        var columns = each.Shape.Last;
        float[] rows = mask.ToArray(), zeros = new float[columns], ones = new float[columns];
        Array.Fill(ones, 1);
        for (var row = 0; row < rows.Length; row++)
            each.Backend.Write(rows[row] > 0 ? ones : zeros, each.Data, row * columns);
    }
}
