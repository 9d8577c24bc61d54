using System.Diagnostics;

namespace CourseKit.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <summary>Measures how fast this machine multiplies matrices: 1024 × 1024 × 1024, the best of several runs in about a second.</summary>
    /// <param name="threads">Threads to use, 1 or more; 0 takes all cores.</param>
    /// <returns>Billions of float32 operations a second, a multiply-add counted as two.</returns>
    /// <exception cref="ArgumentOutOfRangeException">threads is negative.</exception>
    public static double MeasureGflops(int threads = 0) => MeasureGflops(new CpuBackend(threads), 1024, 1024, 1024, TimeSpan.FromSeconds(1));

    /// <summary>The same for one backend and any shape, b transposed as in a layer's forward pass.</summary>
    internal static double MeasureGflops(CpuBackend backend, int m, int n, int k, TimeSpan time)
    {
        Storage a = backend.Rent(m * k), b = backend.Rent(k * n), c = backend.Rent(m * n);
        backend.Fill(a, 0.5f);
        backend.Fill(b, 0.25f);
        var best = double.MaxValue;
        var end = Stopwatch.GetTimestamp() + (time.TotalSeconds * Stopwatch.Frequency);
        while (best == double.MaxValue || Stopwatch.GetTimestamp() < end)
        {
            var start = Stopwatch.GetTimestamp();
            backend.MatMul(a, b, c, m, n, k, transposeA: false, transposeB: true, accumulate: false);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return 2.0 * m * n * k / best / 1e9;
    }

    /// <summary>Measures the most that the vector units give: chains of multiply-adds that never touch memory.</summary>
    /// <param name="instructions">Which vectors.</param>
    /// <param name="time">For how long; the best of many runs counts.</param>
    /// <param name="threads">How many threads do so at once.</param>
    /// <returns>Billions of operations a second, of all threads together.</returns>
    internal static double MeasurePeak(InstructionSet instructions, TimeSpan time, int threads = 1)
    {
        var device = new CpuDevice(threads, instructions);
        const int Rounds = 200_000;
        var best = double.MaxValue;
        var end = Stopwatch.GetTimestamp() + (time.TotalSeconds * Stopwatch.Frequency);
        float result = 0;
        while (best == double.MaxValue || Stopwatch.GetTimestamp() < end)
        {
            var kernel = new Peak { Rounds = Rounds, Result = &result };
            var start = Stopwatch.GetTimestamp();
            device.Run(ref kernel, threads, 1);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return 2.0 * Rounds * 12 * device.Width * threads / best / 1e9;
    }

    private struct Peak : IKernel
    {
        public int Rounds;
        public float* Result;

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<S, V>(Part part)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            V x = S.Broadcast(0.999f), y = S.Broadcast(1e-3f);
            V a = y, b = y, c = y, d = y, e = y, f = y, g = y, h = y, i = y, j = y, k = y, l = y;
            for (var round = 0; round < Rounds; round++)
            {
                a = S.Fma(a, x, y);
                b = S.Fma(b, x, y);
                c = S.Fma(c, x, y);
                d = S.Fma(d, x, y);
                e = S.Fma(e, x, y);
                f = S.Fma(f, x, y);
                g = S.Fma(g, x, y);
                h = S.Fma(h, x, y);
                i = S.Fma(i, x, y);
                j = S.Fma(j, x, y);
                k = S.Fma(k, x, y);
                l = S.Fma(l, x, y);
            }

            *Result = S.Sum(S.Add(S.Add(S.Add(a, b), S.Add(c, d)), S.Add(S.Add(S.Add(e, f), S.Add(g, h)), S.Add(S.Add(i, j), S.Add(k, l)))));
        }
    }
}
