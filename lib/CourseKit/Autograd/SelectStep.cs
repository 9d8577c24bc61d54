using CourseKit.Tensors;

namespace CourseKit.Autograd;

public static partial class Ops
{
    /// <summary>The last time step of a sequence: y = x[:, steps - 1, :].</summary>
    /// <param name="x">[batch, time, feature].</param>
    /// <returns>[batch, feature].</returns>
    /// <exception cref="ShapeException">x is not a sequence of at least one step.</exception>
    public static Tensor LastStep(Tensor x) => SelectStep(x, ^1);

    /// <summary>One time step of a sequence: y = x[:, timeStep, :].</summary>
    /// <param name="x">[batch, time, feature].</param>
    /// <param name="timeStep">From 0, or ^1 for the last.</param>
    /// <returns>[batch, feature].</returns>
    /// <exception cref="ShapeException">x is not a sequence.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such time step.</exception>
    public static Tensor SelectStep(Tensor x, Index timeStep)
    {
        ArgumentNullException.ThrowIfNull(x);
        ShapeException.RequireRank(x.Shape, 3, "SelectStep", "x", "[batch, time, feature]");
        var (batchSize, steps, size) = (x.Shape[0], x.Shape[1], x.Shape[2]);
        var t = timeStep.GetOffset(steps);
        if ((uint)t >= (uint)steps)
        {
            throw new ArgumentOutOfRangeException(null,
                $"SelectStep: timeStep must be from 0 to {steps - 1}, but got {timeStep}. x is {x.Shape}.");
        }

        var y = Tape.Allocate(x.Backend, new Shape(batchSize, size));
        x.Backend.CopyColumns(x.Data, steps * size, t * size, y.Data, size, 0, batchSize, size, accumulate: false);

        Tape.Record(y, [x], dY =>
        {
            if (Tape.GradientOf(x) is { } dX)
                y.Backend.CopyColumns(dY, size, 0, dX, steps * size, t * size, batchSize, size, accumulate: true);
        });
        return y;
    }
}
