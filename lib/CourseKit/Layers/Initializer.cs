using System.Globalization;
using CourseKit.Tensors;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace CourseKit.Layers;

/// <summary>How a parameter gets its first numbers.</summary>
/// <remarks>
/// A weight is [outputSize, inputSize], as everywhere here: its rows are what PyTorch calls fan_out, its columns fan_in. A vector counts as one column.
/// Known elsewhere as torch.nn.init and keras.initializers.
/// </remarks>
public sealed class Initializer
{
    private readonly string _name;
    private readonly Func<int, int, RandomSource, float[]> _draw;

    private Initializer(string name, Func<int, int, RandomSource, float[]> draw) => (_name, _draw) = (name, draw);

    /// <summary>All 0.</summary>
    public static Initializer Zeros { get; } = new("Zeros", (rows, columns, _) => new float[rows * columns]);

    /// <summary>One number everywhere.</summary>
    /// <param name="value">The number.</param>
    public static Initializer Constant(float value) => Of(Named("Constant", value), (rows, columns, _) =>
    {
        var values = new float[rows * columns];
        Array.Fill(values, value);
        return values;
    });

    /// <summary>Evenly from low to high. PyTorch's default is ±1/√inputSize for Linear, ±1/√hiddenSize for recurrent layers.</summary>
    /// <param name="low">The least number.</param>
    /// <param name="high">The end of the range, not below low.</param>
    /// <exception cref="ArgumentException">high is below low, or one of them is not finite.</exception>
    public static Initializer Uniform(float low, float high) => high >= low && float.IsFinite(high - low)
        ? new(Named("Uniform", low, high), (rows, columns, random) => Even(rows, columns, random, low, high))
        : throw new ArgumentException(FormattableString.Invariant($"Initializer.Uniform: low and high must be finite and low not above high, but got low {low} and high {high}."));

    /// <summary>A normal distribution.</summary>
    /// <param name="mean">The mean. Default: 0.</param>
    /// <param name="deviation">The standard deviation, at least 0. Default: 1.</param>
    /// <exception cref="ArgumentException">deviation is negative or not finite.</exception>
    public static Initializer Normal(float mean = 0, float deviation = 1) => deviation >= 0 && float.IsFinite(deviation)
        ? new(Named("Normal", mean, deviation), (rows, columns, random) => Bell(rows, columns, random, mean, deviation))
        : throw new ArgumentException(FormattableString.Invariant($"Initializer.Normal: deviation must be at least 0, but got {deviation}."));

    /// <summary>Evenly from ±gain·√(6/(rows + columns)): keeps the variance of values and of gradients where the function is near linear, as tanh at 0.</summary>
    /// <param name="gain">A factor. Default: 1; PyTorch advises 5/3 for tanh.</param>
    /// <remarks>Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks, 2010. Also known as Xavier. Keras's default for kernels.</remarks>
    public static Initializer GlorotUniform(float gain = 1) =>
        new(Named("GlorotUniform", gain), (rows, columns, random) => Even(rows, columns, random, gain * Math.Sqrt(6.0 / (rows + columns))));

    /// <summary>A normal distribution of mean 0 and deviation gain·√(2/(rows + columns)).</summary>
    /// <param name="gain">A factor. Default: 1.</param>
    /// <remarks>Glorot and Bengio, 2010. Also known as Xavier normal.</remarks>
    public static Initializer GlorotNormal(float gain = 1) =>
        new(Named("GlorotNormal", gain), (rows, columns, random) => Bell(rows, columns, random, 0, (float)(gain * Math.Sqrt(2.0 / (rows + columns)))));

    /// <summary>Evenly from ±√(6/columns): keeps the variance of values through relu, which drops half of them.</summary>
    /// <remarks>He, Zhang, Ren and Sun, Delving Deep into Rectifiers, 2015. Also known as Kaiming.</remarks>
    public static Initializer HeUniform() => new("HeUniform()", (rows, columns, random) => Even(rows, columns, random, Math.Sqrt(6.0 / columns)));

    /// <summary>A normal distribution of mean 0 and deviation √(2/columns).</summary>
    /// <remarks>He, Zhang, Ren and Sun, 2015. PyTorch's kaiming_normal_; Keras cuts the tails off.</remarks>
    public static Initializer HeNormal() => new("HeNormal()", (rows, columns, random) => Bell(rows, columns, random, 0, (float)Math.Sqrt(2.0 / columns)));

    /// <summary>
    /// A random orthogonal matrix times gain: WᵀW = gain²·1, or W·Wᵀ where there are more columns than rows. It keeps the length of what it multiplies, so that a
    /// state neither fades nor explodes at first.
    /// </summary>
    /// <param name="gain">A factor. Default: 1.</param>
    /// <remarks>
    /// Q of the QR decomposition of a normal matrix, each column times the sign of R's diagonal, which makes all orthogonal matrices equally likely (Mezzadri, 2007).
    /// Saxe, McClelland and Ganguli, Exact solutions to the nonlinear dynamics of learning in deep linear neural networks, 2014. Keras's default for recurrent kernels.
    /// </remarks>
    public static Initializer Orthogonal(float gain = 1) => new(Named("Orthogonal", gain), (rows, columns, random) => OrthogonalMatrix(rows, columns, random, gain));

    /// <summary>gain on the diagonal and 0 elsewhere: a recurrent layer that at first remembers all.</summary>
    /// <param name="gain">The number on the diagonal. Default: 1.</param>
    /// <remarks>Le, Jaitly and Hinton, A Simple Way to Initialize Recurrent Networks of Rectified Linear Units, 2015.</remarks>
    public static Initializer Identity(float gain = 1) => new(Named("Identity", gain), (rows, columns, _) =>
    {
        var values = new float[rows * columns];
        for (var i = 0; i < Math.Min(rows, columns); i++)
            values[(i * columns) + i] = gain;
        return values;
    });

    /// <summary>One of your own.</summary>
    /// <param name="name">What to call it.</param>
    /// <param name="draw">From rows, columns and a source of randomness: rows·columns numbers in row-major order.</param>
    public static Initializer Of(string name, Func<int, int, RandomSource, float[]> draw)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(draw);
        return new(name, draw);
    }

    /// <summary>Overwrites a tensor.</summary>
    /// <param name="tensor">[..., columns]; a vector counts as one column.</param>
    /// <param name="random">Where the numbers come from.</param>
    /// <param name="blocks">Into how many blocks of rows it is cut, each drawn as a matrix of its own: the gates of a recurrent weight. Default: 1.</param>
    /// <exception cref="ShapeException">The rows cannot be cut so, or the initialiser gave another number of numbers.</exception>
    public void Fill(Tensor tensor, RandomSource random, int blocks = 1)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentNullException.ThrowIfNull(random);
        var columns = tensor.Shape.Rank < 2 ? 1 : tensor.Shape.Last;
        var rows = columns == 0 ? 0 : tensor.Length / columns;
        if (blocks < 1 || rows % blocks != 0)
            throw new ShapeException($"{this}: {rows} rows cannot be cut into {blocks} blocks of equal size. The tensor is {tensor.Shape}.");
        var values = new List<float>(tensor.Length);
        for (var block = 0; block < blocks && rows > 0; block++)
        {
            var drawn = _draw(rows / blocks, columns, random);
            if (drawn.Length != rows / blocks * columns)
                throw new ShapeException($"{this}: it must give {rows / blocks * columns} numbers for {rows / blocks} rows and {columns} columns, but gave {drawn.Length}.");
            values.AddRange(drawn);
        }

        tensor.CopyFrom(values.ToArray());
    }

    /// <summary>Its name with its numbers: "GlorotUniform(1)".</summary>
    public override string ToString() => _name;

    private static string Named(string name, params float[] numbers) =>
        $"{name}({string.Join(", ", numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)))})";

    private static float[] Even(int rows, int columns, RandomSource random, double limit) => Even(rows, columns, random, (float)-limit, (float)limit);

    private static float[] Even(int rows, int columns, RandomSource random, float low, float high)
    {
        var values = new float[rows * columns];
        random.FillUniform(values, low, high);
        return values;
    }

    private static float[] Bell(int rows, int columns, RandomSource random, float mean, float deviation)
    {
        var values = new float[rows * columns];
        random.FillNormal(values, mean, deviation);
        return values;
    }

    private static float[] OrthogonalMatrix(int rows, int columns, RandomSource random, float gain)
    {
        var (large, small) = (Math.Max(rows, columns), Math.Min(rows, columns));
        var normal = Matrix<double>.Build.Dense(large, small, (_, _) => random.NextNormal());
        var qr = normal.QR(QRMethod.Thin);
        var (q, r) = (qr.Q, qr.R);
        var values = new float[rows * columns];
        for (var i = 0; i < large; i++)
        {
            for (var j = 0; j < small; j++)
            {
                var value = (float)(gain * q[i, j] * (r[j, j] < 0 ? -1 : 1));
                values[rows >= columns ? (i * columns) + j : (j * columns) + i] = value;
            }
        }

        return values;
    }
}
