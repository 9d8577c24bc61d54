using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CourseKit.Backends.Cpu;

/// <summary>The right operand of a product as tiles read it: panels of columns, each k × columns and dense; the last panel is narrower and padded with zeros to whole vectors.</summary>
internal static unsafe class MatMulPack
{
    /// <summary>Columns of a full panel: with AVX-512's 32 registers 6 × 4 vectors of c fit beside the operands, elsewhere 6 × 2.</summary>
    internal static int PanelColumns(int width) => width == 16 ? 64 : 2 * width;

    internal static int Panels(int n, int width) => (n + PanelColumns(width) - 1) / PanelColumns(width);

    /// <summary>Numbers that the packed operand takes.</summary>
    internal static long Length(int k, int n, int width) => (long)k * ((n + width - 1) / width * width);

    // b [k, n] with rows bStride apart, or [n, k] when transposed; packed [Length]: writes panels from..to-1.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run(float* b, int bStride, bool transposed, float* packed, int k, int n, int width, int from, int to)
    {
        var full = PanelColumns(width);
        for (var panel = from; panel < to; panel++)
        {
            var first = panel * full;
            var used = Math.Min(full, n - first);
            var columns = (used + width - 1) / width * width;
            var target = packed + ((long)first * k);
            if (transposed) Transpose(b + ((long)first * bStride), bStride, target, columns, columns, k, used);
            else
            {
                for (var p = 0; p < k; p++)
                {
                    Unsafe.CopyBlockUnaligned(target + ((long)p * columns), b + ((long)p * bStride) + first, (uint)used * sizeof(float));
                    for (var j = used; j < columns; j++) target[((long)p * columns) + j] = 0;
                }
            }
        }
    }

    // a: element (i, p) at a[i + p·kStride]; to: tiles of 6 rows, each [depth, 6], the last with fewer rows leaves gaps: a block of a transposed left operand.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Tiles(float* a, nint kStride, float* to, int rows, int depth)
    {
        const int Height = MatMulTile.Rows;
        for (var p = 0; p < depth; p++)
        {
            var from = a + (p * kStride);
            var target = to + (p * Height);
            var i = 0;
            for (; i + Height <= rows; i += Height)
            {
                Vector128.Load(from + i).Store(target);
                Vector64.Load(from + i + 4).Store(target + 4);
                target += Height * depth;
            }

            for (var left = 0; i + left < rows; left++) target[left] = from[i + left];
        }
    }

    // from [used, k] with rows fromStride apart; to [k, columns] with rows toStride apart: to[p, j] = from[j, p], 0 for j ≥ used.
    // Blocks of 16 × 16 use whole cache lines on both sides; the rest goes one by one.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Transpose(float* from, int fromStride, float* to, int toStride, int columns, int k, int used)
    {
        const int Block = 16;
        int wholeColumns = used & ~3, wholeDepth = k & ~3;
        for (var j0 = 0; j0 < wholeColumns; j0 += Block)
        {
            var jEnd = Math.Min(j0 + Block, wholeColumns);
            for (var p0 = 0; p0 < wholeDepth; p0 += Block)
            {
                var pEnd = Math.Min(p0 + Block, wholeDepth);
                for (var j = j0; j < jEnd; j += 4)
                {
                    for (var p = p0; p < pEnd; p += 4) Transpose4(from + ((long)j * fromStride) + p, fromStride, to + ((long)p * toStride) + j, toStride);
                }
            }

            for (var p = wholeDepth; p < k; p++)
            {
                for (var j = j0; j < jEnd; j++) to[((long)p * toStride) + j] = from[((long)j * fromStride) + p];
            }
        }

        for (var j = wholeColumns; j < columns; j++)
        {
            for (var p = 0; p < k; p++) to[((long)p * toStride) + j] = j < used ? from[((long)j * fromStride) + p] : 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose4(float* from, nint fromStride, float* to, nint toStride)
    {
        Vector128<float> x0 = Vector128.Load(from), x1 = Vector128.Load(from + fromStride);
        Vector128<float> x2 = Vector128.Load(from + (2 * fromStride)), x3 = Vector128.Load(from + (3 * fromStride));
        if (Sse.IsSupported)
        {
            Vector128<float> y0 = Sse.UnpackLow(x0, x1), y1 = Sse.UnpackHigh(x0, x1), y2 = Sse.UnpackLow(x2, x3), y3 = Sse.UnpackHigh(x2, x3);
            Sse.MoveLowToHigh(y0, y2).Store(to);
            Sse.MoveHighToLow(y2, y0).Store(to + toStride);
            Sse.MoveLowToHigh(y1, y3).Store(to + (2 * toStride));
            Sse.MoveHighToLow(y3, y1).Store(to + (3 * toStride));
            return;
        }

        Vector128.Create(x0[0], x1[0], x2[0], x3[0]).Store(to);
        Vector128.Create(x0[1], x1[1], x2[1], x3[1]).Store(to + toStride);
        Vector128.Create(x0[2], x1[2], x2[2], x3[2]).Store(to + (2 * toStride));
        Vector128.Create(x0[3], x1[3], x2[3], x3[3]).Store(to + (3 * toStride));
    }
}
