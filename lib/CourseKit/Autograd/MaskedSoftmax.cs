using CourseKit.Tensors;

namespace CourseKit.Autograd;

public static partial class Ops
{
    /// <summary>Softmax of the last dimension over the steps that a mask lets take part: y_s = m_s·e^x_s / Σ_k m_k·e^x_k.</summary>
    /// <param name="x">[batch, time, sourceSteps].</param>
    /// <param name="mask">[batch, sourceSteps] of 1 and 0, a constant; null for all 1.</param>
    /// <returns>[batch, time, sourceSteps]; exactly 0 where the mask is 0, and each row sums to 1.</returns>
    /// <exception cref="ShapeException">x has another number of dimensions or no source step, or mask does not fit it.</exception>
    /// <exception cref="ArgumentException">A row of the mask is all 0.</exception>
    public static Tensor MaskedSoftmax(Tensor x, Tensor? mask) => MaskedSoftmax(x, mask, "MaskedSoftmax");

    /// <summary>The same, with the name of the caller for errors; it is turned into text only then.</summary>
    internal static Tensor MaskedSoftmax(Tensor x, Tensor? mask, object who)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Shape.Rank != 3 || x.Shape.Last == 0)
            throw new ShapeException($"{who}: x must be [batch, time, sourceSteps] with at least one source step, but got {x.Shape}.");
        if (mask is null)
            return Softmax(x);
        var (batch, queries, steps) = (x.Shape[0], x.Shape[1], x.Shape[2]);
        if (mask.Shape.Rank != 2 || mask.Shape[0] != batch || mask.Shape[1] != steps)
            throw new ShapeException($"{who}: mask must be [{batch}, {steps}], but got {mask.Shape}. It is [batch, sourceSteps], 1 where a source step counts and 0 where it is padding.");

        var y = Tape.Allocate(x.Backend, x.Shape);
        var bare = x.Backend.MaskedSoftmax(x.Data, mask.Data, y.Data, batch, queries, steps);
        if (bare >= 0)
            throw new ArgumentException($"{who}: every row of mask must have a 1, but mask[{bare}] is all 0, so that there is nothing to attend to. Leave out row {bare} of the batch, or unmask one of its steps.");

        Tape.Record(y, [x], dY =>
        {
            if (Tape.GradientOf(x) is { } dX)
                y.Backend.SoftmaxBackward(y.Data, dY, dX, batch * queries, steps);
        });
        return y;
    }
}
