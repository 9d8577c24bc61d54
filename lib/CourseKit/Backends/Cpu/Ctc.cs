using System.Runtime.CompilerServices;

namespace CourseKit.Backends.Cpu;

/// <summary>Connectionist temporal classification by the forward-backward recursion, in logarithms of float64. Parts own rows of the batch.</summary>
/// <remarks>
/// The extended labels l' of a row with S labels are blank, label 0, blank, ..., label S-1, blank: W = 2S + 1 of them, and l'(s) is blank where s is even.
/// With p_t(v) = softmax(logits_t)_v:
///   α_t(s) = p_t(l'(s))·(α_{t-1}(s) + α_{t-1}(s-1) + α_{t-1}(s-2) where l'(s) is no blank and not l'(s-2))
///   β_t(s) = β_{t+1}(s)·p_{t+1}(l'(s)) + β_{t+1}(s+1)·p_{t+1}(l'(s+1)) + β_{t+1}(s+2)·p_{t+1}(l'(s+2)) likewise
///   loss = −log P, P = α_{T-1}(W-1) + α_{T-1}(W-2);   dLogits_t(v) = p_t(v) − Σ_{s: l'(s) = v} α_t(s)·β_t(s)/P
/// </remarks>
internal static unsafe class Ctc
{
    // e^−40 is lost beside 1 in float64.
    private const double Negligible = -40;

    // logits, dLogits [B, T, V], dLogits may be null, losses [B] or null: losses = −weight·log P of each row; dLogits = d loss/d logits; returns Σ loss.
    internal static double Run(CpuDevice device, float* logits, in CtcTargets targets, float* losses, float* dLogits, int B, int T, int V)
    {
        var width = 2 * targets.MaxLength + 1;
        var each = (long)T * width + T + width;
        var parts = Math.Min(B, device.Threads);
        CpuBlock scratch = device.Pool.Rent(2 * each * parts), all = device.Pool.Rent(2L * B);
        var rowLosses = (double*)all.Pointer;
        fixed (int* labels = targets.Labels, targetLengths = targets.TargetLengths, inputLengths = targets.InputLengths)
        fixed (double* weights = targets.Weights)
        {
            var kernel = new Kernel
            {
                Logits = logits,
                DLogits = dLogits,
                Labels = labels,
                TargetLengths = targetLengths,
                InputLengths = inputLengths,
                Weights = weights,
                Losses = rowLosses,
                Scratch = (double*)scratch.Pointer,
                Each = each,
                B = B,
                T = T,
                V = V,
                L = targets.MaxLength,
                Blank = targets.Blank,
                ZeroInfinity = targets.ZeroInfinity,
            };
            device.Run(ref kernel, parts, 1);
        }

        var total = 0.0;
        for (var b = 0; b < B; b++)
        {
            var loss = targets.Weights[b] * rowLosses[b];
            total += loss;
            if (losses is not null) losses[b] = (float)loss;
        }

        device.Pool.Return(scratch);
        device.Pool.Return(all);
        return total;
    }

    // log(e^a + e^b + e^c).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double LogSum(double a, double b, double c)
    {
        var max = Math.Max(a, Math.Max(b, c));
        if (double.IsNegativeInfinity(max)) return max;
        a -= max;
        b -= max;
        c -= max;
        var sum = (a > Negligible ? Math.Exp(a) : 0) + (b > Negligible ? Math.Exp(b) : 0) + (c > Negligible ? Math.Exp(c) : 0);
        return sum == 1 ? max : max + Math.Log(sum);
    }

    private struct Kernel : IKernel
    {
        public float* Logits, DLogits;
        public int* Labels, TargetLengths, InputLengths;
        public double* Weights, Losses, Scratch;
        public long Each;
        public int B, T, V, L, Blank;
        public bool ZeroInfinity;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<S, V1>(Part part)
            where S : struct, ISimd<V1>
            where V1 : unmanaged
        {
            var alpha = Scratch + (part.Index * Each);
            var (from, to) = part.Of(B);
            for (var b = from; b < to; b++)
            {
                var row = new Row
                {
                    X = Logits + ((long)b * T * V),
                    D = DLogits is null ? null : DLogits + ((long)b * T * V),
                    Labels = Labels + ((long)b * L),
                    T = InputLengths[b],
                    V = V,
                    W = 2 * TargetLengths[b] + 1,
                    Blank = Blank,
                    Alpha = alpha,
                    Beta = alpha + ((long)T * (2 * L + 1)),
                    LogSums = alpha + ((long)T * (2 * L + 1)) + (2 * L + 1),
                };
                if (row.D is not null) new Span<float>(row.D + ((long)row.T * V), (T - row.T) * V).Clear();
                row.Softmax<S, V1>((float)Weights[b]);
                var loss = row.Forward();
                if (double.IsPositiveInfinity(loss))
                {
                    if (row.D is not null) new Span<float>(row.D, row.T * V).Clear();
                    if (ZeroInfinity) loss = 0;
                }
                else if (row.D is not null)
                {
                    row.Backward(loss, Weights[b]);
                }

                Losses[b] = loss;
            }
        }
    }

    private ref struct Row
    {
        public float* X, D;
        public int* Labels;
        public double* Alpha, Beta, LogSums;
        public int T, V, W, Blank;

        // LogSums[t] = log Σ_v e^x; D = weight·softmax(x).
        public readonly void Softmax<S, V1>(float weight)
            where S : struct, ISimd<V1>
            where V1 : unmanaged
        {
            for (var t = 0; t < T; t++)
            {
                float* x = X + ((long)t * V), d = D is null ? null : D + ((long)t * V);
                var max = Cpu.Softmax.Max<S, V1>(x, V);
                var sum = Cpu.Softmax.Exponentials<S, V1>(x, d, max, V);
                LogSums[t] = max + Math.Log(sum);
                if (d is not null) Cpu.Softmax.ScaleRow<S, V1>(d, weight / sum, V);
            }
        }

        // Alpha[t, s] = log α_t(s); returns −log P.
        public readonly double Forward()
        {
            if (T == 0) return W == 1 ? 0 : double.PositiveInfinity;
            for (var s = 0; s < W; s++) Alpha[s] = s < 2 ? LogProbability(0, s) : double.NegativeInfinity;
            for (var t = 1; t < T; t++)
            {
                double* before = Alpha + ((long)(t - 1) * W), now = Alpha + ((long)t * W);
                for (var s = 0; s < W; s++)
                {
                    var back = s > 0 ? before[s - 1] : double.NegativeInfinity;
                    var skip = Skips(s) ? before[s - 2] : double.NegativeInfinity;
                    now[s] = LogProbability(t, s) + LogSum(before[s], back, skip);
                }
            }

            var last = Alpha + ((long)(T - 1) * W);
            return -LogSum(last[W - 1], W > 1 ? last[W - 2] : double.NegativeInfinity, double.NegativeInfinity);
        }

        // D[t, l'(s)] −= weight·e^(log α_t(s) + log β_t(s) + loss). Blanks, every other s, are added up first.
        public readonly void Backward(double loss, double weight)
        {
            for (var t = T - 1; t >= 0; t--)
            {
                if (t == T - 1)
                {
                    for (var s = 0; s < W; s++) Beta[s] = s >= W - 2 ? 0 : double.NegativeInfinity;
                }
                else
                {
                    for (var s = 0; s < W; s++) Beta[s] += LogProbability(t + 1, s);
                    for (var s = 0; s < W; s++)
                    {
                        var ahead = s + 1 < W ? Beta[s + 1] : double.NegativeInfinity;
                        var skip = s + 2 < W && Skips(s + 2) ? Beta[s + 2] : double.NegativeInfinity;
                        Beta[s] = LogSum(Beta[s], ahead, skip);
                    }
                }

                var now = Alpha + ((long)t * W);
                var d = D + ((long)t * V);
                var blank = 0.0;
                for (var s = 0; s < W; s++)
                {
                    var log = now[s] + Beta[s] + loss;
                    if (log <= Negligible) continue;
                    var share = Math.Exp(log);
                    if (s % 2 == 0) blank += share;
                    else d[Labels[s / 2]] -= (float)(weight * share);
                }

                d[Blank] -= (float)(weight * blank);
            }
        }

        private readonly double LogProbability(int t, int s) => (double)X[((long)t * V) + (s % 2 == 0 ? Blank : Labels[s / 2])] - LogSums[t];

        private readonly bool Skips(int s) => s % 2 == 1 && s > 1 && Labels[s / 2] != Labels[(s / 2) - 1];
    }
}
