namespace CourseKit.Backends.Cpu;

internal static unsafe class Rows
{
    // dY [rows, columns], dB [columns]: dB += Σ_row dY.
    internal static void Sum(float* dY, float* dB, int rows, int columns)
    {
        for (var row = 0; row < rows; row++)
        {
            for (var j = 0; j < columns; j++) dB[j] += dY[((long)row * columns) + j];
        }
    }

    // bias [columns], y [rows, columns]: y = bias in each row, or 0.
    internal static void Spread(float* bias, float* y, int rows, int columns)
    {
        for (var row = 0; row < rows; row++)
        {
            var target = new Span<float>(y + ((long)row * columns), columns);
            if (bias is null) target.Clear();
            else new Span<float>(bias, columns).CopyTo(target);
        }
    }

    // bias [columns], y [rows, columns]: y += bias in each row.
    internal static void AddBias(float* bias, float* y, int rows, int columns)
    {
        for (var row = 0; row < rows; row++)
        {
            for (var j = 0; j < columns; j++) y[((long)row * columns) + j] += bias[j];
        }
    }

    // to[row, toColumn + j] (+)= from[row, fromColumn + j], j below count.
    internal static void CopyColumns(float* from, int fromColumns, int fromColumn, float* to, int toColumns, int toColumn, int rows, int count, bool accumulate)
    {
        for (var row = 0; row < rows; row++)
        {
            var source = from + ((long)row * fromColumns) + fromColumn;
            var target = to + ((long)row * toColumns) + toColumn;
            if (!accumulate) new Span<float>(source, count).CopyTo(new Span<float>(target, count));
            else
                for (var j = 0; j < count; j++) target[j] += source[j];
        }
    }
}
