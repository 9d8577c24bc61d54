namespace CourseKit.Backends.Cpu;

internal static unsafe class Softmax
{
    // x, y [rows, columns]: y = e^(x − max)/Σ e^(x − max), row by row.
    internal static void Forward(float* x, float* y, int rows, int columns)
    {
        for (var row = 0; row < rows; row++)
        {
            var a = x + ((long)row * columns);
            var b = y + ((long)row * columns);
            var max = Max(a, columns);
            var sum = 0.0;
            for (var j = 0; j < columns; j++) sum += b[j] = MathF.Exp(a[j] - max);
            var scale = (float)(1 / sum);
            for (var j = 0; j < columns; j++) b[j] *= scale;
        }
    }

    // y, dY, dX [rows, columns]: dX += y·(dY − Σ_j dY_j·y_j).
    internal static void Backward(float* y, float* dY, float* dX, int rows, int columns)
    {
        for (var row = 0; row < rows; row++)
        {
            var start = (long)row * columns;
            var dot = 0.0;
            for (var j = 0; j < columns; j++) dot += y[start + j] * dY[start + j];
            for (var j = 0; j < columns; j++) dX[start + j] += y[start + j] * (dY[start + j] - (float)dot);
        }
    }

    // logits, dLogits [rows, classes], targets [rows]: mean of −log softmax[target]; dLogits = (softmax − onehot)/count.
    internal static double CrossEntropy(float* logits, ReadOnlySpan<int> targets, int ignoreIndex, float* dLogits, int rows, int classes)
    {
        var count = 0;
        foreach (var target in targets)
        {
            if (target != ignoreIndex) count++;
        }

        var total = 0.0;
        for (var row = 0; row < rows; row++)
        {
            var x = logits + ((long)row * classes);
            var d = dLogits + ((long)row * classes);
            if (targets[row] == ignoreIndex)
            {
                if (dLogits is not null) new Span<float>(d, classes).Clear();
                continue;
            }

            var max = Max(x, classes);
            var sum = 0.0;
            for (var j = 0; j < classes; j++) sum += MathF.Exp(x[j] - max);
            total += Math.Log(sum) - (x[targets[row]] - max);
            if (dLogits is null) continue;
            var scale = (float)(1 / (sum * count));
            for (var j = 0; j < classes; j++) d[j] = MathF.Exp(x[j] - max) * scale;
            d[targets[row]] -= 1f / count;
        }

        return total / count;
    }

    private static float Max(float* x, int n)
    {
        var max = float.NegativeInfinity;
        for (var j = 0; j < n; j++) max = MathF.Max(max, x[j]);
        return max;
    }
}
