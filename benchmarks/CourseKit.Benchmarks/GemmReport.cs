using System.Globalization;
using CourseKit.Backends.Cpu;

namespace CourseKit.Benchmarks;

/// <summary>`gemm`: matrix products in GFLOP/s for one core and for all, beside the measured peak of multiply-adds; three runs.</summary>
internal static class GemmReport
{
    private static readonly TimeSpan Each = TimeSpan.FromSeconds(0.7);

    private static readonly (int M, int N, int K)[] Shapes =
        [(1024, 1024, 1024), (1600, 512, 128), (3200, 1024, 256), (512, 128, 1600), (32, 512, 128), (64, 1024, 256), (1600, 65, 128), (1000, 1000, 1000), (7, 513, 129)];

    internal static void Print()
    {
        var set = CpuDevice.Best;
        var (one, all) = (new CpuBackend(1, set), new CpuBackend(0, set));
        Console.WriteLine($"{all.Name}; m x n x k, b transposed, best of {Each.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s each");
        for (var run = 1; run <= 3; run++)
        {
            var peak = CpuBackend.MeasurePeak(set, Each);
            Console.WriteLine(FormattableString.Invariant($"run {run}: peak of one core {peak:F0} GFLOP/s"));
            foreach (var (m, n, k) in Shapes)
            {
                var single = CpuBackend.MeasureGflops(one, m, n, k, Each);
                var full = CpuBackend.MeasureGflops(all, m, n, k, Each);
                Console.WriteLine(FormattableString.Invariant(
                    $"  {m,5} x {n,5} x {k,5}: one core {single,6:F1} ({single / peak,4:P0} of peak), {all.Threads} threads {full,6:F1}, {full / all.Threads,6:F1} a core"));
            }
        }
    }
}
