namespace CourseKit.Tensors;

/// <summary>A tensor of whole numbers that never change: the ids of symbols, or the classes to be learned.</summary>
[TypeFormatterSource]
public sealed class IntTensor
{
    private readonly int[] _values;

    private IntTensor(int[] values, Shape shape)
    {
        _values = values;
        Shape = shape;
    }

    /// <summary>The sizes of the dimensions.</summary>
    public Shape Shape { get; }

    /// <summary>How many numbers there are.</summary>
    public int Length => _values.Length;

    /// <summary>All numbers in row-major order.</summary>
    public ReadOnlySpan<int> Values => _values;

    /// <summary>One number.</summary>
    /// <param name="indices">One index a dimension, from 0.</param>
    /// <exception cref="ShapeException">There is not one index a dimension.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index is not below its size.</exception>
    public int this[params ReadOnlySpan<int> indices] => _values[Shape.Offset(indices)];

    /// <summary>Copies numbers into a new tensor.</summary>
    /// <param name="values">The numbers in row-major order.</param>
    /// <param name="shape">The sizes; none for one dimension as long as <paramref name="values"/>.</param>
    /// <exception cref="ShapeException">The shape does not hold as many numbers as there are.</exception>
    public static IntTensor From(ReadOnlySpan<int> values, params int[] shape) =>
        From(values, shape is { Length: > 0 } ? new Shape(shape) : new Shape(values.Length));

    /// <summary>Copies numbers into a new tensor.</summary>
    /// <param name="values">The numbers in row-major order.</param>
    /// <param name="shape">The sizes.</param>
    /// <exception cref="ShapeException">The shape does not hold as many numbers as there are.</exception>
    public static IntTensor From(ReadOnlySpan<int> values, Shape shape)
    {
        Tensor.RequireLength("IntTensor.From", values.Length, shape);
        return new IntTensor(values.ToArray(), shape);
    }

    /// <summary>Makes a tensor of an array that nobody else will write to: no copy.</summary>
    internal static IntTensor Of(int[] values, Shape shape)
    {
        Tensor.RequireLength("IntTensor.Of", values.Length, shape);
        return new IntTensor(values, shape);
    }

    /// <summary>Copies a matrix of numbers into a new tensor.</summary>
    /// <param name="values">[rows, columns].</param>
    public static IntTensor From(int[,] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new IntTensor([.. values.Cast<int>()], new Shape(values.GetLength(0), values.GetLength(1)));
    }

    /// <summary>All numbers in row-major order, as a new array.</summary>
    public int[] ToArray() => [.. _values];

    /// <summary>What it is and its shape: "IntTensor [4, 20]".</summary>
    public override string ToString() => $"IntTensor {Shape}";
}
