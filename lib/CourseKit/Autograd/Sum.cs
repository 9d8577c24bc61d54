using CourseKit.Tensors;

namespace CourseKit.Autograd;

public static partial class Ops
{
    /// <summary>The sum of all numbers.</summary>
    /// <param name="x">Any shape.</param>
    /// <returns>[], one number.</returns>
    public static Tensor Sum(Tensor x) => ScaledSum(x, 1);

    /// <summary>The mean of all numbers.</summary>
    /// <param name="x">Any shape, at least one number.</param>
    /// <returns>[], one number.</returns>
    /// <exception cref="ShapeException">There are no numbers.</exception>
    public static Tensor Mean(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Length > 0 ? ScaledSum(x, 1.0 / x.Length) : throw new ShapeException($"Mean: x must hold at least one number, but has shape {x.Shape}.");
    }

    private static Tensor ScaledSum(Tensor x, double scale)
    {
        ArgumentNullException.ThrowIfNull(x);
        var y = Tape.Allocate(x.Backend, Shape.Scalar);
        x.Backend.Fill(y.Data, scale * x.Backend.Sum(x.Data));

        Tape.Record(y, [x], _ =>
        {
            if (Tape.GradientOf(x) is not { } dX)
                return;
            var everywhere = Tape.Reserve(x.Backend, x.Length);
            x.Backend.Fill(everywhere, scale * y.Gradient!.Number);
            x.Backend.AddTo(everywhere, dX);
        });
        return y;
    }
}
