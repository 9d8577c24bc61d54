namespace CourseKit.Backends.Reference;

public sealed partial class Float64Backend
{
    /// <inheritdoc/>
    public double Sum(Storage x)
    {
        var sum = 0.0;
        foreach (var number in Of(x)) sum += number;
        return sum;
    }

    /// <inheritdoc/>
    public double SumOfSquares(params ReadOnlySpan<Storage> xs)
    {
        var sum = 0.0;
        foreach (var x in xs)
        {
            foreach (var number in Of(x)) sum += number * number;
        }

        return sum;
    }

    /// <inheritdoc/>
    public void SumRows(Storage dY, Storage dB, int rows, int columns)
    {
        var (from, to) = (Of(dY), Of(dB));
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns; column++) to[column] += from[(row * columns) + column];
    }

    /// <inheritdoc/>
    public void CopyColumns(Storage from, int fromColumns, int fromColumn, Storage to, int toColumns, int toColumn, int rows, int count, bool accumulate)
    {
        var (source, target) = (Of(from), Of(to));
        for (var row = 0; row < rows; row++)
            for (var j = 0; j < count; j++)
            {
                var value = source[(row * fromColumns) + fromColumn + j];
                var at = (row * toColumns) + toColumn + j;
                target[at] = accumulate ? target[at] + value : value;
            }
    }

    /// <inheritdoc/>
    public void Softmax(Storage x, Storage y, int rows, int columns)
    {
        var (from, to) = (Of(x), Of(y));
        for (var row = 0; row < rows; row++) SoftmaxOf(from.AsSpan(row * columns, columns), to.AsSpan(row * columns, columns));
    }

    /// <inheritdoc/>
    public void SoftmaxBackward(Storage y, Storage dY, Storage dX, int rows, int columns)
    {
        var (values, d, to) = (Of(y), Of(dY), Of(dX));
        for (var row = 0; row < rows; row++)
        {
            var dot = 0.0;
            for (var i = row * columns; i < (row + 1) * columns; i++) dot += d[i] * values[i];
            for (var i = row * columns; i < (row + 1) * columns; i++) to[i] += values[i] * (d[i] - dot);
        }
    }

    /// <inheritdoc/>
    public void MatMul(Storage a, Storage b, Storage c, int m, int n, int k, bool transposeA, bool transposeB, bool accumulate)
    {
        var (left, right, to) = (Of(a), Of(b), Of(c));
        for (var i = 0; i < m; i++)
            for (var j = 0; j < n; j++)
            {
                var sum = accumulate ? to[(i * n) + j] : 0;
                for (var p = 0; p < k; p++)
                    sum += (transposeA ? left[(p * m) + i] : left[(i * k) + p]) * (transposeB ? right[(j * k) + p] : right[(p * n) + j]);
                to[(i * n) + j] = sum;
            }
    }

    /// <inheritdoc/>
    public void Linear(Storage x, Storage weight, Storage? bias, Storage y, int rows, int inputSize, int outputSize)
    {
        var (from, w, b, to) = (Of(x), Of(weight), OfOptional(bias), Of(y));
        for (var row = 0; row < rows; row++)
            for (var j = 0; j < outputSize; j++)
            {
                var sum = b?[j] ?? 0;
                for (var i = 0; i < inputSize; i++) sum += from[(row * inputSize) + i] * w[(j * inputSize) + i];
                to[(row * outputSize) + j] = sum;
            }
    }

    /// <inheritdoc/>
    public void Embedding(Storage weight, ReadOnlySpan<int> ids, Storage y, int size)
    {
        var (w, to) = (Of(weight), Of(y));
        for (var row = 0; row < ids.Length; row++)
            for (var j = 0; j < size; j++) to[(row * size) + j] = w[(ids[row] * size) + j];
    }

    /// <inheritdoc/>
    public void EmbeddingBackward(Storage dY, ReadOnlySpan<int> ids, Storage dWeight, int size)
    {
        var (from, to) = (Of(dY), Of(dWeight));
        for (var row = 0; row < ids.Length; row++)
            for (var j = 0; j < size; j++) to[(ids[row] * size) + j] += from[(row * size) + j];
    }

    // y = e^(x − max)/Σ e^(x − max); returns log Σ e^x.
    private static double SoftmaxOf(ReadOnlySpan<double> x, Span<double> y)
    {
        var (max, sum) = (double.NegativeInfinity, 0.0);
        foreach (var value in x) max = Math.Max(max, value);
        foreach (var value in x) sum += Math.Exp(value - max);
        for (var j = 0; j < x.Length; j++) y[j] = Math.Exp(x[j] - max) / sum;
        return max + Math.Log(sum);
    }
}
