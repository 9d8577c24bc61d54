using System.Runtime.CompilerServices;

namespace CourseKit.Backends.Cpu;

/// <summary>Products with few rows on the left and a transposed right operand: dot products of rows, read once where they lie.</summary>
internal static unsafe class MatMulFewRows
{
    /// <summary>Rows up to which reading b where it lies is faster than packing it first.</summary>
    internal const int Most = 4;

    // Multiply-adds that pay for one more thread; they wait for memory.
    internal const long Worthwhile = 1 << 17;

    // a [rows, k] with rows aStride apart; b [n, k] with rows bStride apart; c [rows, n] with rows cStride apart: columns from..to-1 of c (+)= a·bᵀ.
    // A dot product has two running vectors, whose lanes are added at the end, whatever the number of threads.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run<S, V>(float* a, nint aStride, float* b, nint bStride, float* c, nint cStride, int rows, int k, int from, int to, bool accumulate)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        var whole = k - (k % (2 * S.Width));
        for (var i = 0; i < rows; i++)
        {
            var left = a + (i * aStride);
            var target = c + (i * cStride);
            var j = from;
            for (; j + 4 <= to; j += 4)
            {
                float* b0 = b + (j * bStride), b1 = b0 + bStride, b2 = b1 + bStride, b3 = b2 + bStride;
                V s0 = S.Broadcast(0), s1 = s0, s2 = s0, s3 = s0, t0 = s0, t1 = s0, t2 = s0, t3 = s0;
                for (var p = 0; p < whole; p += 2 * S.Width)
                {
                    V x = S.Load(left + p), y = S.Load(left + p + S.Width);
                    s0 = S.Fma(x, S.Load(b0 + p), s0);
                    t0 = S.Fma(y, S.Load(b0 + p + S.Width), t0);
                    s1 = S.Fma(x, S.Load(b1 + p), s1);
                    t1 = S.Fma(y, S.Load(b1 + p + S.Width), t1);
                    s2 = S.Fma(x, S.Load(b2 + p), s2);
                    t2 = S.Fma(y, S.Load(b2 + p + S.Width), t2);
                    s3 = S.Fma(x, S.Load(b3 + p), s3);
                    t3 = S.Fma(y, S.Load(b3 + p + S.Width), t3);
                }

                target[j] = Finish<S, V>(s0, t0, left, b0, whole, k, accumulate ? target[j] : 0);
                target[j + 1] = Finish<S, V>(s1, t1, left, b1, whole, k, accumulate ? target[j + 1] : 0);
                target[j + 2] = Finish<S, V>(s2, t2, left, b2, whole, k, accumulate ? target[j + 2] : 0);
                target[j + 3] = Finish<S, V>(s3, t3, left, b3, whole, k, accumulate ? target[j + 3] : 0);
            }

            for (; j < to; j++)
            {
                var row = b + (j * bStride);
                V s = S.Broadcast(0), t = s;
                for (var p = 0; p < whole; p += 2 * S.Width)
                {
                    s = S.Fma(S.Load(left + p), S.Load(row + p), s);
                    t = S.Fma(S.Load(left + p + S.Width), S.Load(row + p + S.Width), t);
                }

                target[j] = Finish<S, V>(s, t, left, row, whole, k, accumulate ? target[j] : 0);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Finish<S, V>(V s, V t, float* a, float* b, int done, int k, float before)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        for (var p = done; p < k; p += S.Width) s = S.Fma(VectorMath.Load<S, V>(a + p, k - p), VectorMath.Load<S, V>(b + p, k - p), s);
        return before + S.Sum(S.Add(s, t));
    }
}
