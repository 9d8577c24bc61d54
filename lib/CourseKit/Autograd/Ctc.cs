using System.Buffers;
using CourseKit.Backends;
using CourseKit.Tensors;

namespace CourseKit.Autograd;

public static partial class Ops
{
    /// <summary>
    /// Connectionist temporal classification: −log of the probability that the logits give the labels, whatever the alignment. At each time step the model
    /// chooses a class or the blank; repeats are merged, then blanks taken out, and all choices that leave the labels count.
    /// </summary>
    /// <param name="logits">[batch, time, classes], before softmax, the blank among the classes. (PyTorch's CTCLoss takes log_softmax(logits), [time, batch, classes].)</param>
    /// <param name="targets">[batch, labels], each a class but not the blank; what stands past a row's length is not read.</param>
    /// <param name="inputLengths">[batch], time steps of each row, 0..time, always its first; null for all. See <c>Mask.Lengths</c>.</param>
    /// <param name="targetLengths">[batch], labels of each row, 0..labels; null for all.</param>
    /// <param name="blank">The class that stands for no label. Default: 0.</param>
    /// <param name="reduction">Mean: each loss divided by its number of labels (at least 1), then the mean over the batch. None: [batch]. Default: Mean.</param>
    /// <param name="zeroInfinity">Gives rows whose labels cannot be had from so few time steps no loss and no gradient, instead of an exception. Default: false.</param>
    /// <returns>[], one number of nats; or [batch] when not reduced. Infinite, with a gradient of 0, where logits of −∞ rule the labels out, and 0 then too if zeroInfinity.</returns>
    /// <exception cref="ShapeException">A tensor has not the shape above, or there is no row.</exception>
    /// <exception cref="ArgumentOutOfRangeException">blank or a label is no class, a label is the blank, or a length is too great.</exception>
    /// <exception cref="ArgumentException">A row has fewer time steps than its labels need: one each, and one more between two equal ones.</exception>
    /// <remarks>Graves, Fernández, Gomez and Schmidhuber, Connectionist Temporal Classification, 2006. In logarithms of float64, so that long sequences do not underflow. Known elsewhere as nn.CTCLoss, tf.nn.ctc_loss.</remarks>
    public static Tensor Ctc(Tensor logits, IntTensor targets, IntTensor? inputLengths = null, IntTensor? targetLengths = null, int blank = 0,
        LossReduction reduction = LossReduction.Mean, bool zeroInfinity = false)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(targets);
        var (batchSize, steps, classes) = RequireCtcShapes(logits, targets, inputLengths, targetLengths);
        if ((uint)blank >= (uint)classes)
            throw new ArgumentOutOfRangeException(null, $"Ctc: blank must be a class of logits, 0..{classes - 1}, but got {blank}.");

        var labels = targets.Shape.Last;
        int[] lengths = ArrayPool<int>.Shared.Rent(2 * batchSize);
        double[] weights = ArrayPool<double>.Shared.Rent(batchSize);
        Span<int> times = lengths.AsSpan(0, batchSize), counts = lengths.AsSpan(batchSize, batchSize);
        CopyLengths(inputLengths, steps, times, nameof(inputLengths));
        CopyLengths(targetLengths, labels, counts, nameof(targetLengths));
        for (var b = 0; b < batchSize; b++)
        {
            RequireLabels(targets.Values.Slice(b * labels, counts[b]), b, times[b], classes, blank, zeroInfinity);
            weights[b] = reduction == LossReduction.Mean ? 1.0 / batchSize / Math.Max(1, counts[b]) : 1;
        }

        var each = reduction == LossReduction.None;
        var loss = Tape.Allocate(logits.Backend, each ? new Shape(batchSize) : Shape.Scalar);
        var wants = Tape.Wants(logits);
        var saved = wants ? Tape.Reserve(logits.Backend, logits.Length) : null;
        var ctc = new CtcTargets
        {
            Labels = targets.Values,
            MaxLength = labels,
            InputLengths = times,
            TargetLengths = counts,
            Weights = weights.AsSpan(0, batchSize),
            Blank = blank,
            ZeroInfinity = zeroInfinity,
        };
        var total = logits.Backend.Ctc(logits.Data, ctc, each ? loss.Data : null, saved, batchSize, steps, classes);
        if (!each)
            loss.Backend.Fill(loss.Data, total);
        ArrayPool<int>.Shared.Return(lengths);
        ArrayPool<double>.Shared.Return(weights);

        if (wants)
            RecordLoss(loss, logits, saved!, batchSize);
        return loss;
    }

    /// <summary>Records a loss whose gradient is known but for a factor: one for all, or one a row when the losses stay apart.</summary>
    private static void RecordLoss(Tensor loss, Tensor logits, Storage saved, int rows) => Tape.Record(loss, [logits], dLoss =>
    {
        if (loss.Shape.Rank == 0)
            loss.Backend.AddScaled(loss.Gradient!.Number, saved, Tape.GradientOf(logits)!);
        else
            loss.Backend.AddScaledRows(dLoss, saved, Tape.GradientOf(logits)!, rows, logits.Length / rows);
    });

    private static (int BatchSize, int Steps, int Classes) RequireCtcShapes(Tensor logits, IntTensor targets, IntTensor? inputLengths, IntTensor? targetLengths)
    {
        ShapeException.RequireRank(logits.Shape, 3, "Ctc", "logits", "[batch, time, classes]");
        var (batchSize, steps, classes) = (logits.Shape[0], logits.Shape[1], logits.Shape[2]);
        if (batchSize == 0 || classes == 0)
            throw new ShapeException($"Ctc: logits must have at least one row and one class, but got {logits.Shape}.");
        if (targets.Shape.Rank != 2 || targets.Shape[0] != batchSize)
            throw new ShapeException($"Ctc: targets must be [{batchSize}, labels], but got {targets.Shape}. There is one row of labels for each row of logits, {logits.Shape}.");
        if (inputLengths is not null)
            ShapeException.Require(inputLengths.Shape, new Shape(batchSize), "Ctc", nameof(inputLengths), "There is one length for each row of logits.");
        if (targetLengths is not null)
            ShapeException.Require(targetLengths.Shape, new Shape(batchSize), "Ctc", nameof(targetLengths), "There is one length for each row of targets.");
        return (batchSize, steps, classes);
    }

    private static void CopyLengths(IntTensor? from, int most, Span<int> to, string what)
    {
        if (from is null)
        {
            to.Fill(most);
            return;
        }

        from.Values.CopyTo(to);
        var bad = to.IndexOfAnyExceptInRange(0, most);
        if (bad >= 0)
            throw new ArgumentOutOfRangeException(null, $"Ctc: {what}[{bad}] must be in 0..{most}, but is {to[bad]}.");
    }

    private static void RequireLabels(ReadOnlySpan<int> labels, int row, int steps, int classes, int blank, bool zeroInfinity)
    {
        var needed = labels.Length;
        for (var i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] >= (uint)classes)
                throw new ArgumentOutOfRangeException(null, $"Ctc: targets[{row}, {i}] = {labels[i]}, but logits have {classes} classes (0..{classes - 1}).");
            if (labels[i] == blank)
                throw new ArgumentOutOfRangeException(null, $"Ctc: targets[{row}, {i}] = {labels[i]} is the blank, which is no label. Leave it out, or give another blank.");
            if (i > 0 && labels[i] == labels[i - 1])
                needed++;
        }

        if (needed > steps && !zeroInfinity)
        {
            throw new ArgumentException($"Ctc: row {row} has {steps} time steps, but its {labels.Length} labels need at least {needed}: one each, and one more between two equal ones. "
                + "Give longer inputs, leave the row out, or pass zeroInfinity: true, which gives it no loss.");
        }
    }
}
