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

    /// <inheritdoc cref="Ops.BinaryCrossEntropyWithLogits"/>
    public static Tensor BinaryCrossEntropyWithLogits(Tensor logits, Tensor targets) => Ops.BinaryCrossEntropyWithLogits(logits, targets);

    /// <inheritdoc cref="Ops.MeanSquaredError"/>
    public static Tensor MeanSquaredError(Tensor prediction, Tensor targets) => Ops.MeanSquaredError(prediction, targets);

    /// <inheritdoc cref="Ops.Ctc"/>
    public static Tensor Ctc(Tensor logits, IntTensor targets, IntTensor? inputLengths = null, IntTensor? targetLengths = null, int blank = 0,
        LossReduction reduction = LossReduction.Mean, bool zeroInfinity = false) =>
        Ops.Ctc(logits, targets, inputLengths, targetLengths, blank, reduction, zeroInfinity);
}
