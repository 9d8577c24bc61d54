namespace CourseKit.Backends.Cpu;

internal static unsafe class Losses
{
    // x, t, dX [n]: mean of max(x, 0) − x·t + log(1 + e^−|x|); dX = (σ(x) − t)/n.
    internal static double BinaryCrossEntropyWithLogits(float* x, float* t, float* dX, int n)
    {
        var total = 0.0;
        for (var i = 0; i < n; i++)
        {
            total += Math.Max(x[i], 0.0) - ((double)x[i] * t[i]) + Math.Log(1 + Math.Exp(-Math.Abs((double)x[i])));
            if (dX is not null) dX[i] = ((1 / (1 + MathF.Exp(-x[i]))) - t[i]) / n;
        }

        return total / n;
    }

    // p, t, dP [n]: mean of (p − t)²; dP = 2(p − t)/n.
    internal static double MeanSquaredError(float* p, float* t, float* dP, int n)
    {
        var total = 0.0;
        for (var i = 0; i < n; i++)
        {
            var difference = p[i] - t[i];
            total += (double)difference * difference;
            if (dP is not null) dP[i] = 2 * difference / n;
        }

        return total / n;
    }
}
