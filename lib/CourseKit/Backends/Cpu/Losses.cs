using System.Runtime.CompilerServices;

namespace CourseKit.Backends.Cpu;

/// <summary>Losses of numbers. As in <see cref="Sums"/>, chunks of fixed length are added up apart and then in order, so that the number of threads changes nothing.</summary>
internal static unsafe class Losses
{
    private const int Chunk = 4096;
    private const int Run = 64;

    // An exponential and a division cost about this many plain operations.
    private const long SigmoidCost = 8;

    // x, t, dX [n]: mean of max(x, 0) − x·t + log(1 + e^−|x|); dX = (σ(x) − t)/n.
    internal static double BinaryCrossEntropyWithLogits(CpuDevice device, float* x, float* t, float* dX, int n) => Mean(device, x, t, dX, n, binary: true);

    // p, t, dP [n]: mean of (p − t)²; dP = 2(p − t)/n.
    internal static double MeanSquaredError(CpuDevice device, float* p, float* t, float* dP, int n) => Mean(device, p, t, dP, n, binary: false);

    private static double Mean(CpuDevice device, float* x, float* t, float* d, int n, bool binary)
    {
        var chunks = (n + Chunk - 1) / Chunk;
        var scratch = device.Pool.Rent(2L * chunks);
        var partial = (double*)scratch.Pointer;
        var kernel = new Kernel { X = x, T = t, D = d, Partial = partial, N = n, Chunks = chunks, Binary = binary };
        device.Run(ref kernel, binary ? n * SigmoidCost : n, Elementwise.Worthwhile);
        var total = 0.0;
        for (var i = 0; i < chunks; i++) total += partial[i];
        device.Pool.Return(scratch);
        return total / n;
    }

    private struct Kernel : IKernel
    {
        public float* X, T, D;
        public double* Partial;
        public int N, Chunks;
        public bool Binary;

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
                for (var start = chunk * Chunk; start < end; start += Losses.Run)
                {
                    var stop = Math.Min(end, start + Losses.Run);
                    total += Binary ? BinaryRun<S, V>(start, stop) : SquareRun<S, V>(start, stop);
                }

                Partial[chunk] = total;
            }
        }

        private readonly double SquareRun<S, V>(int start, int stop)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            var (sum, scale) = (S.Broadcast(0), S.Broadcast(2f / N));
            for (var i = start; i < stop; i += S.Width)
            {
                var difference = S.Subtract(VectorMath.Load<S, V>(X + i, stop - i), VectorMath.Load<S, V>(T + i, stop - i));
                sum = S.Fma(difference, difference, sum);
                if (D is not null) VectorMath.Store<S, V>(S.Multiply(difference, scale), D + i, stop - i);
            }

            return S.Sum(sum);
        }

        // The logarithms of a run are that of one product of factors 1..2, at most 64 of them. A factor that rounds to 1 is lost below 6e-8.
        private readonly double BinaryRun<S, V>(int start, int stop)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            V zero = S.Broadcast(0), one = S.Broadcast(1), sum = zero, product = one, scale = S.Broadcast(1f / N);
            for (var i = start; i < stop; i += S.Width)
            {
                V x = VectorMath.Load<S, V>(X + i, stop - i), t = VectorMath.Load<S, V>(T + i, stop - i);
                V positive = S.Max(x, zero), minus = S.Subtract(zero, x);
                var e = VectorMath.Exp<S, V>(S.Min(x, minus));
                sum = S.Add(sum, S.Subtract(positive, S.Multiply(x, t)));
                product = S.Multiply(product, S.Add(one, e));
                if (D is not null) VectorMath.Store<S, V>(S.Multiply(S.Subtract(VectorMath.Sigmoid<S, V>(x), t), scale), D + i, stop - i);
            }

            // The lanes past the end of a run took in e^0 = 1, a factor of 2 each.
            var past = (S.Width - ((stop - start) % S.Width)) % S.Width;
            var all = -past * Math.Log(2);
            for (var lane = 0; lane < S.Width; lane++) all += Math.Log(((float*)&product)[lane]);
            return S.Sum(sum) + all;
        }
    }
}
