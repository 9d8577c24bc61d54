namespace CourseKit.Backends.Reference;

public sealed partial class Float64Backend
{
    /// <inheritdoc/>
    public double Ctc(Storage logits, in CtcTargets targets, Storage? losses, Storage? dLogits, int B, int T, int V)
    {
        var (x, each, d) = (Of(logits), OfOptional(losses), OfOptional(dLogits));
        var total = 0.0;
        for (var b = 0; b < B; b++)
        {
            var (weight, time) = (targets.Weights[b], targets.InputLengths[b]);
            var labels = targets.Labels.Slice(b * targets.MaxLength, targets.TargetLengths[b]);
            var extended = new int[2 * labels.Length + 1];
            Array.Fill(extended, targets.Blank);
            for (var i = 0; i < labels.Length; i++) extended[(2 * i) + 1] = labels[i];

            var (softmax, log) = (new double[time, V], new double[time, V]);
            for (var t = 0; t < time; t++)
            {
                var from = x.AsSpan(((b * T) + t) * V, V);
                var to = new double[V];
                var sum = SoftmaxOf(from, to);
                for (var v = 0; v < V; v++) (softmax[t, v], log[t, v]) = (to[v], from[v] - sum);
            }

            var (alpha, beta) = (Prefixes(log, extended, time), Suffixes(log, extended, time));
            var loss = -(time == 0 ? (labels.IsEmpty ? 0 : double.NegativeInfinity) : LogSum(alpha[time - 1, extended.Length - 1], labels.IsEmpty ? double.NegativeInfinity : alpha[time - 1, extended.Length - 2]));
            var impossible = double.IsPositiveInfinity(loss);
            for (var t = 0; t < T && d is not null; t++)
            {
                var row = d.AsSpan(((b * T) + t) * V, V);
                for (var v = 0; v < V; v++) row[v] = impossible || t >= time ? 0 : weight * softmax[t, v];
                for (var s = 0; s < extended.Length && !impossible && t < time; s++) row[extended[s]] -= weight * Math.Exp(alpha[t, s] + beta[t, s] + loss);
            }

            if (impossible && targets.ZeroInfinity) loss = 0;
            if (each is not null) each[b] = weight * loss;
            total += weight * loss;
        }

        return total;
    }

    /// <inheritdoc/>
    public void AddScaledRows(Storage scale, Storage x, Storage y, int rows, int columns)
    {
        var (by, from, to) = (Of(scale), Of(x), Of(y));
        for (var row = 0; row < rows; row++)
            for (var j = 0; j < columns; j++) to[(row * columns) + j] += by[row] * from[(row * columns) + j];
    }

    // log of the probability of all ways through time steps 0..t that end at extended label s.
    private static double[,] Prefixes(double[,] log, int[] extended, int time)
    {
        var alpha = new double[time, extended.Length];
        for (var t = 0; t < time; t++)
            for (var s = 0; s < extended.Length; s++)
            {
                var sum = t == 0 ? (s < 2 ? 0 : double.NegativeInfinity) : alpha[t - 1, s];
                if (t > 0 && s > 0) sum = LogSum(sum, alpha[t - 1, s - 1]);
                if (t > 0 && s > 1 && extended[s] != extended[s - 2]) sum = LogSum(sum, alpha[t - 1, s - 2]);
                alpha[t, s] = log[t, extended[s]] + sum;
            }

        return alpha;
    }

    // log of the probability of all ways through time steps t+1.. that begin at extended label s.
    private static double[,] Suffixes(double[,] log, int[] extended, int time)
    {
        var beta = new double[time, extended.Length];
        for (var t = time - 1; t >= 0; t--)
            for (var s = 0; s < extended.Length; s++)
            {
                var sum = t == time - 1 ? (s >= extended.Length - 2 ? 0 : double.NegativeInfinity) : beta[t + 1, s] + log[t + 1, extended[s]];
                if (t < time - 1 && s + 1 < extended.Length) sum = LogSum(sum, beta[t + 1, s + 1] + log[t + 1, extended[s + 1]]);
                if (t < time - 1 && s + 2 < extended.Length && extended[s] != extended[s + 2]) sum = LogSum(sum, beta[t + 1, s + 2] + log[t + 1, extended[s + 2]]);
                beta[t, s] = sum;
            }

        return beta;
    }

    private static double LogSum(double a, double b)
    {
        var max = Math.Max(a, b);
        return double.IsNegativeInfinity(max) ? max : max + Math.Log(Math.Exp(a - max) + Math.Exp(b - max));
    }
}
