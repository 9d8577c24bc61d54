using System.Runtime.CompilerServices;

namespace CourseKit.Backends.Cpu;

/// <summary>Sums of all numbers. Chunks of fixed length are added up apart and then in order, in float64, so that the number of threads changes nothing.</summary>
internal static unsafe class Sums
{
    private const int Chunk = 4096;
    private const int Run = 64;

    // x [n]: Σ x, or Σ x² when squared.
    internal static double Of(CpuDevice device, float* x, int n, bool squared)
    {
        if (n == 0) return 0;
        var chunks = (n + Chunk - 1) / Chunk;
        var scratch = device.Pool.Rent(2L * chunks);
        var partial = (double*)scratch.Pointer;
        var kernel = new Kernel { X = x, Partial = partial, N = n, Chunks = chunks, Squared = squared };
        device.Run(ref kernel, n, Elementwise.Worthwhile);
        var total = 0.0;
        for (var i = 0; i < chunks; i++) total += partial[i];
        device.Pool.Return(scratch);
        return total;
    }

    private struct Kernel : IKernel
    {
        public float* X;
        public double* Partial;
        public int N, Chunks;
        public bool Squared;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<S, V>(Part part)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            var (from, to) = part.Of(Chunks);
            for (var chunk = from; chunk < to; chunk++)
            {
                var end = (int)Math.Min(N, (chunk + 1L) * Chunk);
                var total = 0.0;
                for (var start = chunk * Chunk; start < end; start += Sums.Run)
                {
                    var stop = Math.Min(end, start + Sums.Run);
                    V a = S.Broadcast(0), b = a;
                    for (var i = start; i < stop; i += 2 * S.Width)
                    {
                        var x = VectorMath.Load<S, V>(X + i, stop - i);
                        var y = stop - i > S.Width ? VectorMath.Load<S, V>(X + i + S.Width, stop - i - S.Width) : S.Broadcast(0);
                        a = Squared ? S.Fma(x, x, a) : S.Add(a, x);
                        b = Squared ? S.Fma(y, y, b) : S.Add(b, y);
                    }

                    total += S.Sum(S.Add(a, b));
                }

                Partial[chunk] = total;
            }
        }
    }
}
