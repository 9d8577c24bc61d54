namespace CourseKit.Backends.Reference;

public sealed partial class Float64Backend
{
    /// <inheritdoc/>
    public double CrossEntropy(Storage logits, in ClassTargets targets, Storage? losses, Storage? dLogits, int rows, int classes)
    {
        var (x, w, each, d) = (Of(logits), OfOptional(targets.ClassWeights), OfOptional(losses), OfOptional(dLogits));
        var (total, softmax, q) = (0.0, new double[classes], new double[classes]);
        for (var row = 0; row < rows; row++)
        {
            var (weight, loss) = (targets.Weights[row], 0.0);
            if (weight == 0)
            {
                d?.AsSpan(row * classes, classes).Clear();
            }
            else
            {
                var logSum = SoftmaxOf(x.AsSpan(row * classes, classes), softmax);
                for (var j = 0; j < classes; j++)
                {
                    q[j] = (w?[j] ?? 1) * (((1 - targets.Smoothing) * (j == targets.Classes[row] ? 1 : 0)) + (targets.Smoothing / classes));
                    if (q[j] != 0) loss += q[j] * (logSum - x[(row * classes) + j]);
                }

                for (var j = 0; j < classes && d is not null; j++) d[(row * classes) + j] = weight * ((softmax[j] * q.Sum()) - q[j]);
            }

            if (each is not null) each[row] = weight * loss;
            total += weight * loss;
        }

        return total;
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
