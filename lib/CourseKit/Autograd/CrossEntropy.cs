using System.Buffers;
using CourseKit.Backends;
using CourseKit.Tensors;

namespace CourseKit.Autograd;

public static partial class Ops
{
    /// <summary>Softmax cross-entropy in nats: −log softmax(logits)[target].</summary>
    /// <param name="logits">[..., classes], before softmax.</param>
    /// <param name="targets">[...], each in 0..classes-1, or <paramref name="ignoreIndex"/>.</param>
    /// <param name="ignoreIndex">The target that takes no part. Default: -100.</param>
    /// <param name="labelSmoothing">ε in [0, 1]: the target is 1 − ε + ε/classes at its class and ε/classes at every other. Default: 0.</param>
    /// <param name="classWeights">[classes], w: what an error on each class weighs, at least 0; null for 1. It gets no gradient. Default: null.</param>
    /// <param name="reduction">Mean: over all targets that take part, each counted with the weight of its class. None: the shape of targets, 0 where ignored. Default: Mean.</param>
    /// <returns>[], one number, NaN when every target is ignored and the mean is asked for; or [...] when not reduced.</returns>
    /// <exception cref="ShapeException">targets is not the shape of logits without its last dimension, or classWeights is not [classes].</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is no class, or labelSmoothing is outside [0, 1].</exception>
    /// <remarks>
    /// loss = −Σ_j w_j·((1 − ε)·[j = target] + ε/classes)·log softmax_j. Label smoothing: Szegedy, Vanhoucke, Ioffe, Shlens and Wojna, 2016, in PyTorch's definition.
    /// Known elsewhere as nn.CrossEntropyLoss, SparseCategoricalCrossentropy(from_logits=True).
    /// </remarks>
    public static Tensor CrossEntropy(Tensor logits, IntTensor targets, int ignoreIndex = -100, float labelSmoothing = 0, Tensor? classWeights = null, LossReduction reduction = LossReduction.Mean)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(targets);
        var classes = RequireCrossEntropyShapes(logits, targets, "CrossEntropy");
        RequireSmoothing(labelSmoothing, "CrossEntropy");
        if (classWeights is not null)
            ShapeException.Require(classWeights.Shape, new Shape(classes), "CrossEntropy", nameof(classWeights), $"There is one weight for each class of logits, {logits.Shape}.");

        var rows = targets.Length;
        var weights = ArrayPool<double>.Shared.Rent(rows);
        var total = WeighRows(targets.Values, ignoreIndex, classWeights, reduction == LossReduction.Mean, weights.AsSpan(0, rows));
        RequireClasses(targets, classes, weights, "CrossEntropy");
        var of = new ClassTargets { Classes = targets.Values, Weights = weights.AsSpan(0, rows), ClassWeights = classWeights?.Data, Smoothing = labelSmoothing };
        var loss = reduction == LossReduction.None ? CrossEntropyOfEach(logits, of, targets.Shape) : CrossEntropySum(logits, of, rows);
        ArrayPool<double>.Shared.Return(weights);
        if (reduction == LossReduction.Mean && total == 0)
            loss.Backend.Fill(loss.Data, double.NaN);
        return loss;
    }

    private static Tensor CrossEntropySum(Tensor logits, in ClassTargets targets, int rows)
    {
        var loss = Tape.Allocate(logits.Backend, Shape.Scalar);
        var saved = Tape.Wants(logits) ? Tape.Reserve(logits.Backend, logits.Length) : null;
        loss.Backend.Fill(loss.Data, logits.Backend.CrossEntropy(logits.Data, targets, null, saved, rows, logits.Shape.Last));
        if (saved is not null)
            RecordLoss(loss, logits, saved, rows);
        return loss;
    }

    private static Tensor CrossEntropyOfEach(Tensor logits, in ClassTargets targets, Shape shape)
    {
        var loss = Tape.Allocate(logits.Backend, shape);
        var saved = Tape.Wants(logits) ? Tape.Reserve(logits.Backend, logits.Length) : null;
        logits.Backend.CrossEntropy(logits.Data, targets, loss.Data, saved, shape.Length, logits.Shape.Last);
        if (saved is not null)
            RecordLoss(loss, logits, saved, shape.Length);
        return loss;
    }

    // 1 for every target that takes part, or what makes of the sum a mean; returns what the mean divides by.
    private static double WeighRows(ReadOnlySpan<int> targets, int ignoreIndex, Tensor? classWeights, bool mean, Span<double> weights)
    {
        float[]? each = mean ? classWeights?.ToArray() : null;
        var total = 0.0;
        foreach (var target in targets)
        {
            if (target != ignoreIndex)
                total += each is null ? 1 : (uint)target < (uint)each.Length ? each[target] : 0;
        }

        for (var row = 0; row < targets.Length; row++)
            weights[row] = targets[row] == ignoreIndex || total == 0 ? 0 : mean ? 1 / total : 1;
        return total;
    }

    private static int RequireCrossEntropyShapes(Tensor logits, IntTensor targets, string who)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(targets);
        if (logits.Shape.Rank == 0 || targets.Shape != logits.Shape.WithoutLast())
        {
            throw new ShapeException(logits.Shape.Rank == 0
                ? $"{who}: logits must be [..., classes], but got []."
                : $"{who}: targets must be {logits.Shape.WithoutLast()}, but got {targets.Shape}. They take the shape of logits, {logits.Shape}, without its last dimension.");
        }

        return logits.Shape.Last;
    }

    private static void RequireSmoothing(float labelSmoothing, string who)
    {
        if (!(labelSmoothing >= 0 && labelSmoothing <= 1))
            throw new ArgumentOutOfRangeException(null, FormattableString.Invariant($"{who}: labelSmoothing must be in [0, 1], but got {labelSmoothing}."));
    }

    private static void RequireClasses(IntTensor targets, int classes, ReadOnlySpan<double> weights, string who)
    {
        var values = targets.Values;
        for (var i = 0; i < values.Length; i++)
        {
            if ((uint)values[i] >= (uint)classes && weights[i] != 0)
            {
                throw new ArgumentOutOfRangeException(null,
                    $"{who}: targets[{targets.Shape.IndicesAt(i)}] = {values[i]}, but logits have {classes} classes (0..{classes - 1}).");
            }
        }
    }
}
