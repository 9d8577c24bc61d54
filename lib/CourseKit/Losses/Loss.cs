using CourseKit.Autograd;
using CourseKit.Tensors;

namespace CourseKit.Losses;

/// <summary>How wrong a prediction is, as one number to go backward from.</summary>
public static class Loss
{
    /// <inheritdoc cref="Ops.CrossEntropy"/>
    public static Tensor CrossEntropy(Tensor logits, IntTensor targets, int ignoreIndex = -100) => Ops.CrossEntropy(logits, targets, ignoreIndex);

    /// <inheritdoc cref="Ops.BinaryCrossEntropyWithLogits"/>
    public static Tensor BinaryCrossEntropyWithLogits(Tensor logits, Tensor targets) => Ops.BinaryCrossEntropyWithLogits(logits, targets);

    /// <inheritdoc cref="Ops.MeanSquaredError"/>
    public static Tensor MeanSquaredError(Tensor prediction, Tensor targets) => Ops.MeanSquaredError(prediction, targets);

    /// <inheritdoc cref="Ops.Ctc"/>
    public static Tensor Ctc(Tensor logits, IntTensor targets, IntTensor? inputLengths = null, IntTensor? targetLengths = null, int blank = 0,
        LossReduction reduction = LossReduction.Mean, bool zeroInfinity = false) =>
        Ops.Ctc(logits, targets, inputLengths, targetLengths, blank, reduction, zeroInfinity);
}
