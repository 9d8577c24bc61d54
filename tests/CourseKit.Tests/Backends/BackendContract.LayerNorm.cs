namespace CourseKit.Tests.Backends;

public abstract partial class BackendContract
{
    [Theory]
    [InlineData(1, 1, true)]
    [InlineData(3, 5, true)]
    [InlineData(2, 16, true)]
    [InlineData(7, 37, false)]
    [InlineData(300, 65, true)]
    public void LayerNorm_ForwardAndBackward_MatchOracle(int rows, int columns, bool affine)
    {
        const float Epsilon = 1e-5f;
        var (x, dY) = (Draw(rows * columns, 2), Draw(rows * columns));
        var (gain, bias) = (affine ? Draw(columns) : null, affine ? Draw(columns) : null);
        var (y, statistics) = (Backend.Rent(rows * columns), Backend.Rent(2 * rows));
        Backend.LayerNorm(Of(x), OfOptional(gain), OfOptional(bias), y, statistics, rows, columns, Epsilon);
        Close(LayerNormed(x, gain, bias, rows, columns), Numbers(y), 2e-6);

        var without = Backend.Rent(rows * columns);
        Backend.LayerNorm(Of(x), OfOptional(gain), OfOptional(bias), without, null, rows, columns, Epsilon);
        Assert.Equal(Numbers(y), Numbers(without));

        // Gradients as differences of the oracle, each with a start that must be added to.
        const double Start = 0.5, H = 1e-5;
        var start = Enumerable.Repeat(Start, Math.Max(rows * columns, columns)).ToArray();
        var (dX, dGain, dBias) = (Of(start[..(rows * columns)]), Of(start[..columns]), Of(start[..columns]));
        Backend.LayerNormBackward(Of(x), OfOptional(gain), statistics, Of(dY), dX, affine ? dGain : null, affine ? dBias : null, rows, columns);
        int[] some = [.. Enumerable.Range(0, rows * columns).Where(i => i < 40 || i % 97 == 0)];
        var found = Numbers(dX);
        Close([.. some.Select(i => Start + Slope(x, i))], [.. some.Select(i => found[i])], 5e-5);
        if (affine)
        {
            some = [.. Enumerable.Range(0, columns)];
            Close([.. some.Select(i => Start + Slope(gain!, i))], Numbers(dGain), 5e-5);
            Close([.. some.Select(i => Start + Slope(bias!, i))], Numbers(dBias), 5e-5);
        }

        double Slope(double[] operand, int i)
        {
            var kept = operand[i];
            operand[i] = kept + H;
            var high = Weighted();
            operand[i] = kept - H;
            var low = Weighted();
            operand[i] = kept;
            return (high - low) / (2 * H);
        }

        double Weighted() => LayerNormed(x, gain, bias, rows, columns).Zip(dY, (value, weight) => value * weight).Sum();
    }

    private static double[] LayerNormed(double[] x, double[]? gain, double[]? bias, int rows, int columns)
    {
        var y = new double[rows * columns];
        for (var row = 0; row < rows; row++)
        {
            var values = x[(row * columns)..((row + 1) * columns)];
            var mean = values.Average();
            var deviation = Math.Sqrt(values.Average(v => (v - mean) * (v - mean)) + 1e-5f);
            for (var j = 0; j < columns; j++)
                y[(row * columns) + j] = ((gain?[j] ?? 1) * (values[j] - mean) / deviation) + (bias?[j] ?? 0);
        }

        return y;
    }
}
