using CourseKit.Tensors;

namespace CourseKit.Autograd;

public static partial class Ops
{
    /// <summary>The mean of (prediction − targets)².</summary>
    /// <param name="prediction">Any shape, at least one number.</param>
    /// <param name="targets">The shape of prediction. It gets no gradient.</param>
    /// <returns>[], one number.</returns>
    /// <exception cref="ShapeException">The shapes differ, or there are no numbers.</exception>
    /// <remarks>Known elsewhere as nn.MSELoss, MeanSquaredError.</remarks>
    public static Tensor MeanSquaredError(Tensor prediction, Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(targets);
        RequireTargets(prediction, targets, "MeanSquaredError", "prediction");
        var loss = Tape.Allocate(prediction.Backend, Shape.Scalar);
        var wants = Tape.Wants(prediction);
        var saved = wants ? Tape.Reserve(prediction.Backend, prediction.Length) : null;
        loss.Backend.Fill(loss.Data, prediction.Backend.MeanSquaredError(prediction.Data, targets.Data, saved));

        if (wants)
            Tape.Record(loss, [prediction], _ => loss.Backend.AddScaled(loss.Gradient!.Number, saved!, Tape.GradientOf(prediction)!));
        return loss;
    }
}
