namespace CourseKit.Backends.Reference;

/// <summary>One of an LSTM's layer norms as arrays: y = gain·(x − mean)/√(variance + ε) + bias over one row.</summary>
internal sealed class Float64LstmNorm(double[] gain, double[]? bias, double[]? dGain, double[]? dBias)
{
    private const double Epsilon = 1e-5f;

    internal static Float64LstmNorm? Of(Storage? gain, Storage? bias, Storage? dGain, Storage? dBias, Func<Storage?, double[]?> numbers) =>
        gain is null ? null : new(numbers(gain)!, numbers(bias), numbers(dGain), numbers(dBias));

    internal double[] Forward(double[] x)
    {
        var (normal, _) = Normal(x);
        return [.. normal.Select((value, j) => (gain[j] * value) + (bias?[j] ?? 0))];
    }

    /// <summary>dX = (g − mean(g) − x̂·mean(g·x̂))/√(variance + ε), g = gain·dY.</summary>
    internal double[] Backward(double[] x, double[] dY)
    {
        var (normal, inverse) = Normal(x);
        var g = dY.Select((value, j) => value * gain[j]).ToArray();
        var (mean, product) = (g.Average(), g.Zip(normal, (a, b) => a * b).Average());
        for (var j = 0; j < x.Length; j++)
        {
            if (dGain is not null) dGain[j] += dY[j] * normal[j];
            if (dBias is not null) dBias[j] += dY[j];
        }

        return [.. g.Zip(normal, (a, b) => (a - mean - (b * product)) * inverse)];
    }

    private static (double[] Normal, double Inverse) Normal(double[] x)
    {
        var mean = x.Average();
        var inverse = 1 / Math.Sqrt(x.Average(value => (value - mean) * (value - mean)) + Epsilon);
        return ([.. x.Select(value => (value - mean) * inverse)], inverse);
    }
}
