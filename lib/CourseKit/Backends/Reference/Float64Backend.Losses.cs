namespace CourseKit.Backends.Reference;

public sealed partial class Float64Backend
{
    /// <inheritdoc/>
    public double CrossEntropy(Storage logits, ReadOnlySpan<int> targets, int ignoreIndex, Storage? dLogits, int rows, int classes)
    {
        var (x, d) = (Of(logits), OfOptional(dLogits));
        var (total, count) = (0.0, rows - targets.Count(ignoreIndex));
        var softmax = new double[classes];
        for (var row = 0; row < rows; row++)
        {
            var target = targets[row];
            if (target != ignoreIndex) total += SoftmaxOf(x.AsSpan(row * classes, classes), softmax) - x[(row * classes) + target];
            for (var j = 0; j < classes && d is not null; j++)
                d[(row * classes) + j] = target == ignoreIndex ? 0 : (softmax[j] - (j == target ? 1 : 0)) / count;
        }

        return total / count;
    }

    /// <inheritdoc/>
    public double BinaryCrossEntropyWithLogits(Storage logits, Storage targets, Storage? dLogits)
    {
        var (x, t, d) = (Of(logits), Of(targets), OfOptional(dLogits));
        var total = 0.0;
        for (var i = 0; i < x.Length; i++)
        {
            total += Math.Max(x[i], 0) - (x[i] * t[i]) + Math.Log(1 + Math.Exp(-Math.Abs(x[i])));
            if (d is not null) d[i] = (Sigmoid(x[i]) - t[i]) / x.Length;
        }

        return total / x.Length;
    }

    /// <inheritdoc/>
    public double MeanSquaredError(Storage prediction, Storage targets, Storage? dPrediction)
    {
        var (p, t, d) = (Of(prediction), Of(targets), OfOptional(dPrediction));
        var total = 0.0;
        for (var i = 0; i < p.Length; i++)
        {
            total += (p[i] - t[i]) * (p[i] - t[i]);
            if (d is not null) d[i] = 2 * (p[i] - t[i]) / p.Length;
        }

        return total / p.Length;
    }
}
