using System.Runtime.CompilerServices;

namespace CourseKit.Backends.Cpu;

/// <summary>Cross-entropy of softmax, row by row; a part owns rows.</summary>
internal static unsafe class CrossEntropy
{
    // logits, dLogits [rows, classes], dLogits may be null, losses [rows] or null, classWeights w [classes] or null for 1:
    // q_j = w_j·((1 − ε)·[j = target] + ε/classes); loss = −weight·Σ_j q_j·log softmax_j; dLogits = weight·(softmax·Σq − q). Returns Σ loss.
    internal static double Run(CpuDevice device, float* logits, in ClassTargets targets, float* classWeights, double classWeightSum, float* losses, float* dLogits, int rows, int classes)
    {
        var scratch = device.Pool.Rent(2L * rows);
        var rowLosses = (double*)scratch.Pointer;
        fixed (int* target = targets.Classes)
        fixed (double* weights = targets.Weights)
        {
            var kernel = new Kernel
            {
                Logits = logits,
                DLogits = dLogits,
                ClassWeights = classWeights,
                ClassWeightSum = classWeightSum,
                Targets = target,
                Weights = weights,
                Losses = rowLosses,
                Smoothing = targets.Smoothing,
                Rows = rows,
                Classes = classes,
            };
            device.Run(ref kernel, (long)rows * classes * Softmax.ExpCost, Elementwise.Worthwhile);
        }

        var total = 0.0;
        for (var row = 0; row < rows; row++)
        {
            var loss = targets.Weights[row] * rowLosses[row];
            total += loss;
            if (losses is not null) losses[row] = (float)loss;
        }

        device.Pool.Return(scratch);
        return total;
    }

    private struct Kernel : IKernel
    {
        public float* Logits, DLogits, ClassWeights;
        public int* Targets;
        public double* Weights, Losses;
        public double ClassWeightSum, Smoothing;
        public int Rows, Classes;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<S, V>(Part part)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            var (from, to) = part.Of(Rows);
            for (var row = from; row < to; row++)
            {
                var x = Logits + ((long)row * Classes);
                var d = DLogits is null ? null : DLogits + ((long)row * Classes);
                var weight = Weights[row];
                if (weight == 0)
                {
                    Losses[row] = 0;
                    if (d is not null) new Span<float>(d, Classes).Clear();
                    continue;
                }

                // From here on log-probabilities are x − max − log Σ e^(x − max).
                var target = Targets[row];
                var max = Softmax.Max<S, V>(x, Classes);
                var sum = Softmax.Exponentials<S, V>(x, d, max, Classes);
                var log = Math.Log(sum);
                var (each, own) = (Smoothing / Classes, (1 - Smoothing) * (ClassWeights is null ? 1 : ClassWeights[target]));
                Losses[row] = own * (log - ((double)x[target] - max));
                if (each > 0) Losses[row] += each * ((ClassWeightSum * (log + max)) - Dot<S, V>(x));
                if (d is null) continue;

                Softmax.ScaleRow<S, V>(d, (float)(weight * (own + (each * ClassWeightSum)) / sum), Classes);
                if (each > 0) Subtract<S, V>(d, (float)(weight * each));
                d[target] -= (float)(weight * own);
            }
        }

        // Σ_j w_j·x_j.
        private readonly float Dot<S, V>(float* x)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            var lanes = S.Broadcast(0);
            for (var j = 0; j < Classes; j += S.Width) lanes = S.Fma(VectorMath.Load<S, V>(x + j, Classes - j), ClassWeight<S, V>(j), lanes);
            return S.Sum(lanes);
        }

        // d_j −= scale·w_j.
        private readonly void Subtract<S, V>(float* d, float scale)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            var by = S.Broadcast(-scale);
            for (var j = 0; j < Classes; j += S.Width)
                VectorMath.Store<S, V>(S.Fma(by, ClassWeight<S, V>(j), VectorMath.Load<S, V>(d + j, Classes - j)), d + j, Classes - j);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly V ClassWeight<S, V>(int j)
            where S : struct, ISimd<V>
            where V : unmanaged => ClassWeights is null ? S.Broadcast(1) : VectorMath.Load<S, V>(ClassWeights + j, Classes - j);
    }
}
