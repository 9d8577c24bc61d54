namespace CourseKit.Backends.Reference;

public sealed partial class Float64Backend
{
    /// <inheritdoc/>
    public void BatchMatMul(Storage a, Storage b, Storage c, int batch, int m, int n, int k, bool transposeA, bool transposeB, bool accumulate)
    {
        var (left, right, to) = (Of(a), Of(b), Of(c));
        for (var matrix = 0; matrix < batch; matrix++)
            for (var i = 0; i < m; i++)
                for (var j = 0; j < n; j++)
                {
                    var (atA, atB, atC) = (matrix * m * k, matrix * k * n, (((matrix * m) + i) * n) + j);
                    var sum = accumulate ? to[atC] : 0;
                    for (var p = 0; p < k; p++)
                        sum += left[atA + (transposeA ? (p * m) + i : (i * k) + p)] * right[atB + (transposeB ? (j * k) + p : (p * n) + j)];
                    to[atC] = sum;
                }
    }

    /// <inheritdoc/>
    public int MaskedSoftmax(Storage x, Storage mask, Storage y, int batch, int queries, int steps)
    {
        var (scores, open, weights) = (Of(x), Of(mask), Of(y));
        for (var row = 0; row < batch; row++)
        {
            if (!open.AsSpan(row * steps, steps).ContainsAnyExcept(0.0)) return row;
        }

        for (var row = 0; row < batch * queries; row++)
        {
            var (from, maskFrom) = (row * steps, row / queries * steps);
            var (max, sum) = (double.NegativeInfinity, 0.0);
            for (var s = 0; s < steps; s++)
            {
                if (open[maskFrom + s] != 0) max = Math.Max(max, scores[from + s]);
            }

            for (var s = 0; s < steps; s++) sum += weights[from + s] = open[maskFrom + s] == 0 ? 0 : Math.Exp(scores[from + s] - max);
            for (var s = 0; s < steps; s++) weights[from + s] /= sum;
        }

        return -1;
    }

    /// <inheritdoc/>
    public void AdditiveScores(Storage query, Storage keys, Storage v, Storage scores, int batch, int queries, int steps, int size)
    {
        var (q, k, weight, to) = (Of(query), Of(keys), Of(v), Of(scores));
        for (var row = 0; row < batch * queries; row++)
            for (var step = 0; step < steps; step++)
            {
                var (atQuery, atKey, sum) = (row * size, ((row / queries * steps) + step) * size, 0.0);
                for (var j = 0; j < size; j++) sum += weight[j] * Math.Tanh(q[atQuery + j] + k[atKey + j]);
                to[(row * steps) + step] = sum;
            }
    }

    /// <inheritdoc/>
    public void AdditiveScoresBackward(
        Storage query, Storage keys, Storage v, Storage dScores, Storage? dQuery, Storage? dKeys, Storage? dV, int batch, int queries, int steps, int size)
    {
        var (q, k, weight, d) = (Of(query), Of(keys), Of(v), Of(dScores));
        var (dQ, dK, dWeight) = (OfOptional(dQuery), OfOptional(dKeys), OfOptional(dV));
        for (var row = 0; row < batch * queries; row++)
            for (var step = 0; step < steps; step++)
            {
                var (atQuery, atKey, dScore) = (row * size, ((row / queries * steps) + step) * size, d[(row * steps) + step]);
                for (var j = 0; j < size; j++)
                {
                    var t = Math.Tanh(q[atQuery + j] + k[atKey + j]);
                    var dSum = dScore * weight[j] * (1 - (t * t));
                    if (dQ is not null) dQ[atQuery + j] += dSum;
                    if (dK is not null) dK[atKey + j] += dSum;
                    if (dWeight is not null) dWeight[j] += dScore * t;
                }
            }
    }
}
