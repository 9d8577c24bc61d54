using CourseKit.Tensors;
using MathNet.Numerics.LinearAlgebra;
using Complex = System.Numerics.Complex;

namespace CourseKit.Notebooks;

/// <summary>What products of a recurrent matrix do to a gradient's length, for several spectral radii of the same matrix.</summary>
internal sealed class GradientGains
{
    private const int MostSteps = 200;

    public GradientGains(Matrix<double> weightHh, double[] radii, int steps, double input, long seed)
    {
        const string Who = "Picture.SpectralRadius";
        if (weightHh.RowCount != weightHh.ColumnCount)
            throw new ArgumentException($"{Who}: weightHh must be square, [hiddenSize, hiddenSize], but is [{Num.Whole(weightHh.RowCount)}, {Num.Whole(weightHh.ColumnCount)}]. Of an LSTM or GRU take one gate's rows.", nameof(weightHh));
        if (weightHh.Enumerate().Any(value => !double.IsFinite(value)))
            throw new ArgumentException($"{Who}: every number of weightHh must be finite, but one is not. Look for where the training diverged.", nameof(weightHh));
        if (Array.FindIndex(radii, radius => !(radius > 0 && double.IsFinite(radius))) is >= 0 and var bad)
            throw new ArgumentException($"{Who}: each radius must be above 0, but radii[{Num.Whole(bad)}] is {Num.Short(radii[bad])}.", nameof(radii));
        if (steps is < 1 or > MostSteps)
            throw new ArgumentOutOfRangeException(nameof(steps), $"{Who}: steps must be from 1 to {MostSteps}, but got {Num.Whole(steps)}.");
        if (!(input >= 0 && double.IsFinite(input)))
            throw new ArgumentOutOfRangeException(nameof(input), $"{Who}: input must be a standard deviation of at least 0, but got {Num.Short(input)}.");

        Complex[] eigenvalues = [.. weightHh.Evd().EigenValues];
        var radius = eigenvalues.Max(value => value.Magnitude);
        if (!(radius > 1e-12))
            throw new ArgumentException($"{Who}: the spectral radius of weightHh must be above 0, but is {Num.Short(radius)}, and no factor changes that. Take a matrix with another eigenvalue than 0.", nameof(weightHh));
        (Radii, Steps, Size) = (radii, steps, weightHh.RowCount);
        Eigenvalues = [.. eigenvalues.Select(value => value / radius)];

        var random = new RandomSource(seed);
        Vector<double>[] inputs = [.. Enumerable.Range(0, steps).Select(_ => Vector<double>.Build.Dense(Size, _ => input * random.NextNormal()))];
        var unit = weightHh / radius;
        Linear = [.. radii.Select(rho => Gains(rho * unit, inputs, a => a, _ => 1))];
        Tanh = [.. radii.Select(rho => Gains(rho * unit, inputs, Math.Tanh, h => 1 - h * h))];
        Relu = [.. radii.Select(rho => Gains(rho * unit, inputs, a => Math.Max(0, a), h => h > 0 ? 1 : 0))];
    }

    /// <summary>The radii, in the order given.</summary>
    public double[] Radii { get; }

    /// <summary>How many time steps back.</summary>
    public int Steps { get; }

    /// <summary>How many neurons.</summary>
    public int Size { get; }

    /// <summary>The matrix' eigenvalues at a spectral radius of 1.</summary>
    public Complex[] Eigenvalues { get; }

    /// <summary>[radius][k]: the gain over k time steps of the matrix alone.</summary>
    public double[][] Linear { get; }

    /// <summary>The same through tanh.</summary>
    public double[][] Tanh { get; }

    /// <summary>The same through relu.</summary>
    public double[][] Relu { get; }

    // ‖J‖_F/√n of J = D_T·W···D_{T−k+1}·W, from the last time step back.
    private static double[] Gains(Matrix<double> weight, Vector<double>[] inputs, Func<double, double> f, Func<double, double> slope)
    {
        var (size, h) = (weight.RowCount, Vector<double>.Build.Dense(weight.RowCount));
        var slopes = new Vector<double>[inputs.Length];
        for (var t = 0; t < inputs.Length; t++)
        {
            h = ((weight * h) + inputs[t]).Map(f, Zeros.Include);
            slopes[t] = h.Map(slope, Zeros.Include);
        }

        var gains = new double[inputs.Length + 1];
        var product = Matrix<double>.Build.DenseIdentity(size);
        gains[0] = 1;
        for (var k = 1; k < gains.Length; k++)
        {
            var d = slopes[inputs.Length - k];
            product = product * Matrix<double>.Build.Dense(size, size, (row, column) => d[row] * weight[row, column]);
            gains[k] = product.FrobeniusNorm() / Math.Sqrt(size);
        }

        return gains;
    }
}
