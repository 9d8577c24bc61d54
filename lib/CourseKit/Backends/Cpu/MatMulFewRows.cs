using System.Runtime.CompilerServices;

namespace CourseKit.Backends.Cpu;

/// <summary>Products with few rows on the left and a transposed right operand: dot products of rows, each read once where it lies and from its first number to its last.</summary>
internal static unsafe class MatMulFewRows
{
    /// <summary>Rows up to which reading b where it lies is faster than packing it first.</summary>
    internal const int Most = 4;

    // Multiply-adds that pay for one more thread; they wait for memory.
    internal const long Worthwhile = 1 << 17;

    // a [rows, k] with rows aStride apart; b [n, k] with rows bStride apart; c [rows, n] with rows cStride apart: columns from..to-1 of c (+)= a·bᵀ.
    internal static void Run<S, V>(float* a, nint aStride, float* b, nint bStride, float* c, nint cStride, int rows, int k, int from, int to, bool accumulate)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        for (var i = 0; i < rows; i++) Row<S, V>(a + (i * aStride), b, bStride, c + (i * cStride), k, from, to, accumulate);
    }

    // a [k], c [n]. A dot product has four running vectors, whose lanes are added at the end, whatever the number of threads.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row<S, V>(float* a, float* b, nint bStride, float* c, int k, int from, int to, bool accumulate)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        var (four, whole) = (k - (k % (4 * S.Width)), k - (k % S.Width));
        for (var j = from; j < to; j++)
        {
            var row = b + (j * bStride);
            V s0 = S.Broadcast(0), s1 = s0, s2 = s0, s3 = s0;
            var p = 0;
            for (; p < four; p += 4 * S.Width)
            {
                s0 = S.Fma(S.Load(a + p), S.Load(row + p), s0);
                s1 = S.Fma(S.Load(a + p + S.Width), S.Load(row + p + S.Width), s1);
                s2 = S.Fma(S.Load(a + p + (2 * S.Width)), S.Load(row + p + (2 * S.Width)), s2);
                s3 = S.Fma(S.Load(a + p + (3 * S.Width)), S.Load(row + p + (3 * S.Width)), s3);
            }

            for (; p < whole; p += S.Width) s0 = S.Fma(S.Load(a + p), S.Load(row + p), s0);
            if (p < k) s1 = S.Fma(S.LoadFirst(a + p, k - p), S.LoadFirst(row + p, k - p), s1);
            c[j] = (accumulate ? c[j] : 0) + S.Sum(S.Add(S.Add(s0, s1), S.Add(s2, s3)));
        }
    }
}
