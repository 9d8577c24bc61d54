using CourseKit.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace CourseKit.Notebooks;

/// <summary>Numbers with a shape, whatever they came in.</summary>
internal sealed record NumberBlock(int[] Shape, double[] Values)
{
    /// <summary>The shape without dimensions of size 1, which neither add numbers nor change their order.</summary>
    public int[] Squeezed { get; } = [.. Shape.Where(size => size != 1)];

    /// <summary>Takes the numbers out of any type that <see cref="Check.Same"/> accepts; null for another type.</summary>
    public static NumberBlock? From(object value) => value switch
    {
        Tensor tensor => new(tensor.Shape.Sizes.ToArray(), [.. tensor.ToArray().Select(number => (double)number)]),
        IntTensor tensor => new(tensor.Shape.Sizes.ToArray(), [.. tensor.ToArray().Select(number => (double)number)]),
        double number => new([], [number]),
        float number => new([], [number]),
        int number => new([], [number]),
        long number => new([], [number]),
        double[] array => new([array.Length], [.. array]),
        float[] array => new([array.Length], [.. array.Select(number => (double)number)]),
        int[] array => new([array.Length], [.. array.Select(number => (double)number)]),
        double[][] rows => FromRows(rows),
        float[][] rows => FromRows([.. rows.Select(row => row.Select(number => (double)number).ToArray())]),
        Array { Rank: > 1 } array => FromArray(array),
        Matrix<double> matrix => FromArray(matrix.ToArray()),
        Matrix<float> matrix => FromArray(matrix.ToArray()),
        Vector<double> vector => From(vector.ToArray()),
        Vector<float> vector => From(vector.ToArray()),
        IEnumerable<double> numbers => From(numbers.ToArray()),
        IEnumerable<float> numbers => From(numbers.ToArray()),
        _ => null,
    };

    /// <summary>The place of number k, such as "[1, 2]".</summary>
    public string Place(int k)
    {
        var place = new int[Shape.Length];
        for (var dimension = Shape.Length - 1; dimension >= 0; dimension--)
        {
            place[dimension] = k % Shape[dimension];
            k /= Shape[dimension];
        }

        return Text(place);
    }

    /// <summary>A shape or place as "[4, 20]".</summary>
    public static string Text(int[] numbers) => $"[{string.Join(", ", numbers.Select(number => Num.Whole(number)))}]";

    private static NumberBlock? FromRows(double[][] rows)
    {
        var width = rows.Length == 0 ? 0 : rows[0].Length;
        return rows.All(row => row.Length == width) ? new([rows.Length, width], [.. rows.SelectMany(row => row)]) : null;
    }

    private static NumberBlock? FromArray(Array array)
    {
        var shape = Enumerable.Range(0, array.Rank).Select(array.GetLength).ToArray();
        return array switch
        {
            _ when array.GetType().GetElementType() == typeof(double) => new(shape, [.. array.Cast<double>()]),
            _ when array.GetType().GetElementType() == typeof(float) => new(shape, [.. array.Cast<float>().Select(number => (double)number)]),
            _ => null,
        };
    }
}
