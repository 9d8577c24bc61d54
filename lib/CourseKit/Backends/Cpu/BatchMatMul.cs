using System.Runtime.CompilerServices;

namespace CourseKit.Backends.Cpu;

/// <summary>Products of many small matrices. Parts own rows of c, so that every number is one sum in one order.</summary>
internal static unsafe class BatchMatMul
{
    // Multiply-adds that pay for one more thread.
    private const long Worthwhile = 1 << 17;

    // a [batch, m, k] or [batch, k, m] when transposed, b [batch, k, n] or [batch, n, k] when transposed (not both), c [batch, m, n]: c_i (+)= a_i·b_i.
    internal static void Run(CpuDevice device, float* a, float* b, float* c, int batch, int m, int n, int k, bool transposeA, bool transposeB, bool accumulate)
    {
        var kernel = new Kernel { A = a, B = b, C = c, Batch = batch, M = m, N = n, K = k, TransposeA = transposeA, TransposeB = transposeB, Accumulate = accumulate };
        device.Run(ref kernel, (long)batch * m * n * k, Worthwhile);
    }

    // a: rows × k, element (i, p) at a[i·rowStride + p·kStride]; b [k, n]; c [rows, n]: c (+)= a·b, up to four rows and two vectors of columns at a time.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply<S, V>(float* a, nint rowStride, nint kStride, float* b, float* c, int rows, int n, int k, bool accumulate)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        var i = 0;
        for (; i + 4 <= rows; i += 4)
        {
            float* a0 = a + (i * rowStride), a1 = a0 + rowStride, a2 = a1 + rowStride, a3 = a2 + rowStride;
            for (var j = 0; j < n; j += S.Width)
            {
                var left = n - j;
                V s0 = S.Broadcast(0), s1 = s0, s2 = s0, s3 = s0;
                for (var p = 0; p < k; p++)
                {
                    var row = VectorMath.Load<S, V>(b + ((nint)p * n) + j, left);
                    s0 = S.Fma(S.Broadcast(a0[p * kStride]), row, s0);
                    s1 = S.Fma(S.Broadcast(a1[p * kStride]), row, s1);
                    s2 = S.Fma(S.Broadcast(a2[p * kStride]), row, s2);
                    s3 = S.Fma(S.Broadcast(a3[p * kStride]), row, s3);
                }

                var target = c + ((nint)i * n) + j;
                Put<S, V>(s0, target, left, accumulate);
                Put<S, V>(s1, target + n, left, accumulate);
                Put<S, V>(s2, target + (2 * (nint)n), left, accumulate);
                Put<S, V>(s3, target + (3 * (nint)n), left, accumulate);
            }
        }

        for (; i < rows; i++)
        {
            var a0 = a + (i * rowStride);
            for (var j = 0; j < n; j += S.Width)
            {
                var sum = S.Broadcast(0);
                for (var p = 0; p < k; p++) sum = S.Fma(S.Broadcast(a0[p * kStride]), VectorMath.Load<S, V>(b + ((nint)p * n) + j, n - j), sum);
                Put<S, V>(sum, c + ((nint)i * n) + j, n - j, accumulate);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<S, V>(V sum, float* c, int left, bool accumulate)
        where S : struct, ISimd<V>
        where V : unmanaged => VectorMath.Store<S, V>(accumulate ? S.Add(VectorMath.Load<S, V>(c, left), sum) : sum, c, left);

    private struct Kernel : IKernel
    {
        public float* A, B, C;
        public int Batch, M, N, K;
        public bool TransposeA, TransposeB, Accumulate;

        public readonly void Run<S, V>(Part part)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            var (row, to) = part.Of(Batch * M);
            while (row < to)
            {
                int matrix = row / M, first = row % M, count = Math.Min(M - first, to - row);
                float* a = A + ((nint)matrix * M * K), b = B + ((nint)matrix * K * N), c = C + ((nint)row * N);
                if (TransposeB) MatMulFewRows.Run<S, V>(a + ((nint)first * K), K, b, K, c, N, count, K, 0, N, Accumulate);
                else if (TransposeA) Multiply<S, V>(a + first, 1, M, b, c, count, N, K, Accumulate);
                else Multiply<S, V>(a + ((nint)first * K), K, 1, b, c, count, N, K, Accumulate);
                row += count;
            }
        }
    }
}
