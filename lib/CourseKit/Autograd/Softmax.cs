using CourseKit.Tensors;

namespace CourseKit.Autograd;

public static partial class Ops
{
    /// <summary>Softmax of the last dimension: y_j = e^x_j / Σ_k e^x_k.</summary>
    /// <param name="x">[..., classes].</param>
    /// <returns>[..., classes]; each row is positive and sums to 1.</returns>
    /// <exception cref="ShapeException">x is one number without dimensions.</exception>
    public static Tensor Softmax(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Shape.Rank == 0)
            throw new ShapeException("Softmax: x must be [..., classes], but got [].");
        var rows = x.Shape.WithoutLast().Length;
        var classes = x.Shape.Last;

        var y = Tape.Allocate(x.Backend, x.Shape);
        x.Backend.Softmax(x.Data, y.Data, rows, classes);

        Tape.Record(y, [x], dY =>
        {
            if (Tape.GradientOf(x) is { } dX)
                y.Backend.SoftmaxBackward(y.Data, dY, dX, rows, classes);
        });
        return y;
    }
}
