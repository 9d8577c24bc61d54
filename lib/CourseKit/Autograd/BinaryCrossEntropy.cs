using CourseKit.Tensors;

namespace CourseKit.Autograd;

public static partial class Ops
{
    /// <summary>Binary cross-entropy in nats: the mean of max(x, 0) − x·t + log(1 + e^−|x|), which is −t·log σ(x) − (1 − t)·log(1 − σ(x)).</summary>
    /// <param name="logits">x, any shape, before the sigmoid; at least one number.</param>
    /// <param name="targets">t, the shape of logits, in [0, 1]. It gets no gradient.</param>
    /// <returns>[], one number.</returns>
    /// <exception cref="ShapeException">The shapes differ, or there are no numbers.</exception>
    /// <remarks>Known elsewhere as nn.BCEWithLogitsLoss, BinaryCrossentropy(from_logits=True).</remarks>
    public static Tensor BinaryCrossEntropyWithLogits(Tensor logits, Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(targets);
        RequireTargets(logits, targets, "BinaryCrossEntropyWithLogits", "logits");
        var loss = Tape.Allocate(logits.Backend, Shape.Scalar);
        var wants = Tape.Wants(logits);
        var saved = wants ? Tape.Reserve(logits.Backend, logits.Length) : null;
        loss.Backend.Fill(loss.Data, logits.Backend.BinaryCrossEntropyWithLogits(logits.Data, targets.Data, saved));

        if (wants)
            Tape.Record(loss, [logits], _ => loss.Backend.AddScaled(loss.Gradient!.Number, saved!, Tape.GradientOf(logits)!));
        return loss;
    }

    private static void RequireTargets(Tensor x, Tensor targets, string who, string what)
    {
        ShapeException.Require(targets.Shape, x.Shape, who, "targets", $"They take the shape of {what}.");
        if (x.Length == 0)
            throw new ShapeException($"{who}: {what} must hold at least one number, but has shape {x.Shape}.");
    }
}
