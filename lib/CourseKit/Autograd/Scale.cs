using CourseKit.Tensors;

namespace CourseKit.Autograd;

public static partial class Ops
{
    /// <summary>y = scale·x.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="scale">The factor.</param>
    /// <returns>The shape of x.</returns>
    public static Tensor Scale(Tensor x, float scale)
    {
        ArgumentNullException.ThrowIfNull(x);
        var y = Tape.Allocate(x.Backend, x.Shape);
        x.Backend.Scale(x.Data, scale, y.Data);

        Tape.Record(y, [x], dY =>
        {
            if (Tape.GradientOf(x) is { } dX)
                y.Backend.AddScaled(scale, dY, dX);
        });
        return y;
    }
}
