using System.Runtime.InteropServices;
using CourseKit.Tensors;

namespace CourseKit.Training;

/// <summary>Rows of float64 numbers in a tensor, bit by bit as two float32 each, so that a file gives back the same numbers.</summary>
internal static class Float64Bits
{
    /// <summary>[rows, 2*columns] of numbers row by row.</summary>
    public static Tensor Of(IEnumerable<double> numbers, int columns)
    {
        var bits = MemoryMarshal.Cast<double, float>(numbers.ToArray().AsSpan());
        return Tensor.From(bits, bits.Length / (2 * columns), 2 * columns);
    }

    /// <summary>The rows; null when the tensor is not [rows, 2*columns].</summary>
    public static IEnumerable<double[]>? Read(Tensor tensor, int columns) => tensor.Shape.Rank == 2 && tensor.Shape.Last == 2 * columns
        ? MemoryMarshal.Cast<float, double>(tensor.ToArray().AsSpan()).ToArray().Chunk(columns)
        : null;
}
