using System.Buffers;
using CourseKit.Backends;
using CourseKit.Tensors;

namespace CourseKit.Autograd;

public static partial class Ops
{
    /// <summary>Softmax cross-entropy in nats over the time steps that sequences of different lengths have.</summary>
    /// <param name="logits">[batch, time, classes], before softmax.</param>
    /// <param name="targets">[batch, time], each in 0..classes-1, or <paramref name="ignoreIndex"/>; not read where the mask is 0.</param>
    /// <param name="mask">[batch, time], 1 where a time step takes part and 0 where it is padding; other numbers weigh it. Null for all 1. It gets no gradient. Default: null.</param>
    /// <param name="reduction">Over what the mean is. Default: over all time steps taken.</param>
    /// <param name="ignoreIndex">The target that takes no part. Default: -100.</param>
    /// <param name="labelSmoothing">ε in [0, 1], see <see cref="CrossEntropy"/>. Default: 0.</param>
    /// <returns>
    /// [], one number, NaN when no time step takes part; or [batch] for <see cref="SequenceReduction.EachSequence"/>. A sequence of which no time step
    /// takes part is left out of a mean over sequences, and its own number is 0.
    /// </returns>
    /// <exception cref="ShapeException">A tensor has not the shape above.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target that takes part is no class, a number of the mask is negative or no number, or labelSmoothing is outside [0, 1].</exception>
    /// <remarks>Known elsewhere as tfa.seq2seq.sequence_loss.</remarks>
    public static Tensor SequenceCrossEntropy(Tensor logits, IntTensor targets, Tensor? mask = null, SequenceReduction reduction = SequenceReduction.MeanOfSteps,
        int ignoreIndex = -100, float labelSmoothing = 0)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(targets);
        ShapeException.RequireRank(logits.Shape, 3, "SequenceCrossEntropy", nameof(logits), "[batch, time, classes]");
        var classes = RequireCrossEntropyShapes(logits, targets, "SequenceCrossEntropy");
        RequireSmoothing(labelSmoothing, "SequenceCrossEntropy");
        if (mask is not null)
            ShapeException.Require(mask.Shape, targets.Shape, "SequenceCrossEntropy", nameof(mask), "It takes the shape of targets.");

        var (batchSize, steps) = targets.Shape.AsMatrix();
        var rented = ArrayPool<double>.Shared.Rent(targets.Length);
        var weights = rented.AsSpan(0, targets.Length);
        WeighSteps(targets.Values, ignoreIndex, mask, weights);
        RequireClasses(targets, classes, weights, "SequenceCrossEntropy");
        var divisor = Normalize(weights, steps, reduction);

        var of = new ClassTargets { Classes = targets.Values, Weights = weights, Smoothing = labelSmoothing };
        var loss = reduction == SequenceReduction.EachSequence ? CrossEntropyOfSequences(logits, of, batchSize, steps) : CrossEntropySum(logits, of, targets.Length);
        ArrayPool<double>.Shared.Return(rented);
        if (divisor == 0)
            loss.Backend.Fill(loss.Data, double.NaN);
        return loss;
    }

    private static Tensor CrossEntropyOfSequences(Tensor logits, in ClassTargets targets, int batchSize, int steps)
    {
        var backend = logits.Backend;
        var loss = Tape.Allocate(backend, new Shape(batchSize));
        var saved = Tape.Wants(logits) ? Tape.Reserve(backend, logits.Length) : null;
        var (each, ones) = (backend.Rent(batchSize * steps), backend.Rent(steps));
        backend.CrossEntropy(logits.Data, targets, each, saved, batchSize * steps, logits.Shape.Last);
        backend.Fill(ones, 1);
        backend.MatMul(each, ones, loss.Data, batchSize, 1, steps, transposeA: false, transposeB: false, accumulate: false);
        backend.Return(each);
        backend.Return(ones);

        if (saved is not null)
            RecordLoss(loss, logits, saved, batchSize);
        return loss;
    }

    private static void WeighSteps(ReadOnlySpan<int> targets, int ignoreIndex, Tensor? mask, Span<double> weights)
    {
        weights.Fill(1);
        if (mask is not null)
        {
            var values = ArrayPool<float>.Shared.Rent(weights.Length);
            mask.CopyTo(values);
            for (var i = 0; i < weights.Length; i++)
            {
                if (!(values[i] >= 0) || float.IsInfinity(values[i]))
                    throw new ArgumentOutOfRangeException(null, FormattableString.Invariant($"SequenceCrossEntropy: mask[{mask.Shape.IndicesAt(i)}] must be finite and at least 0, but is {values[i]}."));
                weights[i] = values[i];
            }

            ArrayPool<float>.Shared.Return(values);
        }

        for (var i = 0; i < weights.Length; i++)
        {
            if (targets[i] == ignoreIndex)
                weights[i] = 0;
        }
    }

    // Divides the weights, [batch, steps], by what makes of the sum the mean that is asked for; returns 0 when there is nothing to take a mean of.
    private static double Normalize(Span<double> weights, int steps, SequenceReduction reduction)
    {
        var (batchSize, all, taken) = (steps == 0 ? 0 : weights.Length / steps, 0.0, 0);
        for (var b = 0; b < batchSize; b++)
        {
            var sequence = weights.Slice(b * steps, steps);
            var sum = 0.0;
            foreach (var weight in sequence)
                sum += weight;
            all += sum;
            if (sum == 0)
                continue;
            taken++;
            for (var t = 0; t < steps && reduction is SequenceReduction.MeanOfSequences or SequenceReduction.EachSequence; t++)
                sequence[t] /= sum;
        }

        var divisor = reduction switch
        {
            SequenceReduction.MeanOfSteps => all,
            SequenceReduction.EachSequence => 1,
            _ => taken,
        };
        for (var i = 0; i < weights.Length && divisor != 0; i++)
            weights[i] /= divisor;
        return divisor;
    }
}
