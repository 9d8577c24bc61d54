namespace CourseKit.Backends.Reference;

public sealed partial class Float64Backend
{
    /// <inheritdoc/>
    public void LayerNorm(Storage x, Storage? gain, Storage? bias, Storage y, Storage? statistics, int rows, int columns, float epsilon)
    {
        var (from, scale, shift, to, kept) = (Of(x), OfOptional(gain), OfOptional(bias), Of(y), OfOptional(statistics));
        for (var row = 0; row < rows; row++)
        {
            var values = from.AsSpan(row * columns, columns);
            var (mean, variance) = (0.0, 0.0);
            foreach (var value in values) mean += value / columns;
            foreach (var value in values) variance += (value - mean) * (value - mean) / columns;
            var inverse = 1 / Math.Sqrt(variance + epsilon);
            for (var j = 0; j < columns; j++)
                to[(row * columns) + j] = ((scale?[j] ?? 1) * (values[j] - mean) * inverse) + (shift?[j] ?? 0);
            if (kept is not null) (kept[2 * row], kept[(2 * row) + 1]) = (mean, inverse);
        }
    }

    /// <inheritdoc/>
    public void LayerNormBackward(Storage x, Storage? gain, Storage statistics, Storage dY, Storage? dX, Storage? dGain, Storage? dBias, int rows, int columns)
    {
        var (from, scale, kept, d) = (Of(x), OfOptional(gain), Of(statistics), Of(dY));
        var (toX, toGain, toBias) = (OfOptional(dX), OfOptional(dGain), OfOptional(dBias));
        for (var row = 0; row < rows; row++)
        {
            var (mean, inverse, start) = (kept[2 * row], kept[(2 * row) + 1], row * columns);
            var (sum, product) = (0.0, 0.0);
            for (var j = 0; j < columns; j++)
            {
                var (normal, g) = ((from[start + j] - mean) * inverse, (scale?[j] ?? 1) * d[start + j]);
                (sum, product) = (sum + g, product + (g * normal));
                if (toGain is not null) toGain[j] += d[start + j] * normal;
                if (toBias is not null) toBias[j] += d[start + j];
            }

            for (var j = 0; j < columns && toX is not null; j++)
            {
                var (normal, g) = ((from[start + j] - mean) * inverse, (scale?[j] ?? 1) * d[start + j]);
                toX[start + j] += inverse * (g - (sum / columns) - (normal * product / columns));
            }
        }
    }
}
