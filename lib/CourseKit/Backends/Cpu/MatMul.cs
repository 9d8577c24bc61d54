namespace CourseKit.Backends.Cpu;

internal static unsafe class MatMul
{
    // a [m, k] with rows lda apart, or [k, m] when transposed; b [k, n] with rows ldb apart, or [n, k]; c [m, n] with rows ldc apart: c (+)= a·b.
    internal static void Run(float* a, int lda, bool transposeA, float* b, int ldb, bool transposeB, float* c, int ldc, int m, int n, int k, bool accumulate)
    {
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < n; j++)
            {
                var sum = accumulate ? c[((long)i * ldc) + j] : 0;
                for (var p = 0; p < k; p++)
                {
                    sum += (transposeA ? a[((long)p * lda) + i] : a[((long)i * lda) + p]) * (transposeB ? b[((long)j * ldb) + p] : b[((long)p * ldb) + j]);
                }

                c[((long)i * ldc) + j] = sum;
            }
        }
    }
}
