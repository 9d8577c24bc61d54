using CourseKit.Autograd;
using CourseKit.Tensors;

namespace CourseKit.Losses;

/// <summary>How wrong a prediction is, as one number to go backward from.</summary>
public static partial class Loss
{
    /// <inheritdoc cref="Ops.CrossEntropy"/>
    public static Tensor CrossEntropy(Tensor logits, IntTensor targets, int ignoreIndex = -100, float labelSmoothing = 0, Tensor? classWeights = null, LossReduction reduction = LossReduction.Mean) =>
        Ops.CrossEntropy(logits, targets, ignoreIndex, labelSmoothing, classWeights, reduction);

    /// <inheritdoc cref="Ops.SequenceCrossEntropy"/>
    public static Tensor SequenceCrossEntropy(Tensor logits, IntTensor targets, Tensor? mask = null, SequenceReduction reduction = SequenceReduction.MeanOfSteps,
        int ignoreIndex = -100, float labelSmoothing = 0) =>
        Ops.SequenceCrossEntropy(logits, targets, mask, reduction, ignoreIndex, labelSmoothing);

    /// <summary>Binary cross-entropy in nats: the mean of max(x, 0) − x·t + log(1 + e^−|x|), which is −t·log σ(x) − (1 − t)·log(1 − σ(x)).</summary>
    /// <param name="logits">x, any shape, before the sigmoid; at least one number.</param>
    /// <param name="targets">t, the shape of logits, in [0, 1]. It gets no gradient.</param>
    /// <param name="mask">The shape of logits without its last dimension, 1 where the numbers take part in the mean and 0 where they are padding, whatever stands there. Null for all 1. Default: null.</param>
    /// <returns>[], one number; NaN when the mask leaves none.</returns>
    /// <exception cref="ShapeException">The shapes differ, or there are no numbers.</exception>
    /// <remarks>Known elsewhere as nn.BCEWithLogitsLoss, BinaryCrossentropy(from_logits=True).</remarks>
    public static Tensor BinaryCrossEntropyWithLogits(Tensor logits, Tensor targets, Tensor? mask = null)
    {
        if (mask is null)
            return Ops.BinaryCrossEntropyWithLogits(logits, targets);

        // At x = −100 and t = 0 the loss is 0.
        var padding = mask.ToArray().SelectMany(taken => Enumerable.Repeat(taken == 0 ? -100f : 0, logits.Shape.Last)).ToArray();
        var masked = Ops.ApplyMask(logits, mask) + Tensor.MakeOn(logits.Backend, () => Tensor.From(padding, logits.Shape));
        return Ops.Scale(Ops.BinaryCrossEntropyWithLogits(masked, Ops.ApplyMask(targets, mask)), Share(mask));
    }

    /// <summary>Binary cross-entropy in nats with targets as classes 0 and 1: the mean of max(x, 0) − x·t + log(1 + e^−|x|).</summary>
    /// <param name="logits">x, [..., 1], before the sigmoid; at least one number.</param>
    /// <param name="targets">t, the shape of logits with or without its last dimension; 0, 1, or ignoreIndex.</param>
    /// <param name="ignoreIndex">A target of this number takes no part. Default: −100.</param>
    /// <returns>[], one number; NaN when no target takes part.</returns>
    /// <exception cref="ShapeException">The shapes do not fit, or there are no numbers.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is not 0, 1 or ignoreIndex.</exception>
    /// <remarks>Known elsewhere as nn.BCEWithLogitsLoss, BinaryCrossentropy(from_logits=True).</remarks>
    public static Tensor BinaryCrossEntropyWithLogits(Tensor logits, IntTensor targets, int ignoreIndex = -100)
    {
        const string Who = nameof(BinaryCrossEntropyWithLogits);
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(targets);
        if (logits.Shape.Rank == 0 || logits.Shape.Last != 1)
            throw new ShapeException($"{Who}: logits must be [..., 1], but got {logits.Shape}. One logit decides between two classes.");
        if (targets.Shape != logits.Shape)
            ShapeException.Require(targets.Shape, logits.Shape.WithoutLast(), Who, "targets", $"They take the shape of logits, {logits.Shape}, without its last dimension, or with it.");
        var classes = targets.Values;
        var (values, mask) = (new float[classes.Length], new float[classes.Length]);
        for (var i = 0; i < classes.Length; i++)
        {
            if (classes[i] != ignoreIndex && classes[i] is not (0 or 1))
                throw new ArgumentOutOfRangeException(null, $"{Who}: targets[{i}] = {classes[i]}, but there are two classes (0 and 1). For more, give a logit for each and use CrossEntropy.");
            (values[i], mask[i]) = classes[i] == ignoreIndex ? (0, 0) : (classes[i], 1);
        }

        var all = logits.Shape.WithoutLast();
        var (numbers, takesPart) = Tensor.MakeOn(logits.Backend, () => (Tensor.From(values, logits.Shape), Array.IndexOf(mask, 0) < 0 ? null : Tensor.From(mask, all)));
        return BinaryCrossEntropyWithLogits(logits, numbers, takesPart);
    }

    /// <summary>The mean of (prediction − targets)².</summary>
    /// <param name="prediction">Any shape, at least one number.</param>
    /// <param name="targets">The shape of prediction. It gets no gradient.</param>
    /// <param name="mask">The shape of prediction without its last dimension, 1 where the numbers take part in the mean and 0 where they are padding, whatever stands there. Null for all 1. Default: null.</param>
    /// <returns>[], one number; NaN when the mask leaves none.</returns>
    /// <exception cref="ShapeException">The shapes differ, or there are no numbers.</exception>
    /// <remarks>Known elsewhere as nn.MSELoss, MeanSquaredError.</remarks>
    public static Tensor MeanSquaredError(Tensor prediction, Tensor targets, Tensor? mask = null) => mask is null
        ? Ops.MeanSquaredError(prediction, targets)
        : Ops.Scale(Ops.MeanSquaredError(Ops.ApplyMask(prediction, mask), Ops.ApplyMask(targets, mask)), Share(mask));

    /// <inheritdoc cref="Ops.Ctc"/>
    public static Tensor Ctc(Tensor logits, IntTensor targets, IntTensor? inputLengths = null, IntTensor? targetLengths = null, int blank = 0,
        LossReduction reduction = LossReduction.Mean, bool zeroInfinity = false) =>
        Ops.Ctc(logits, targets, inputLengths, targetLengths, blank, reduction, zeroInfinity);

    // What makes of a mean over all numbers one over those that the mask takes; NaN for none.
    private static float Share(Tensor mask)
    {
        var taken = mask.Length - mask.ToArray().AsSpan().Count(0);
        return taken == 0 ? float.NaN : (float)mask.Length / taken;
    }
}
