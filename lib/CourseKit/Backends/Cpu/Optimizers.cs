using System.Runtime.CompilerServices;

namespace CourseKit.Backends.Cpu;

/// <summary>Optimizer steps: one pass over a parameter, its gradient and its moments.</summary>
internal static unsafe class Optimizers
{
    // Numbers that pay for one more thread: each is a square root and a division.
    internal const long Worthwhile = 1 << 14;

    // w, g, v [n], v may be null without momentum: g += decay·w; v = momentum·v + g, v = g at first; w −= rate·(nesterov ? g + momentum·v : v); without momentum w −= rate·g.
    internal struct Sgd : IKernel
    {
        public float* W, G, Velocity;
        public int N;
        public float Rate, Momentum, Decay;
        public bool Nesterov, First;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<S, V>(Part part)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            var (from, to) = part.Of(N);
            V momentum = S.Broadcast(Momentum), decay = S.Broadcast(Decay), rate = S.Broadcast(-Rate);
            for (var i = from; i < to; i += S.Width)
            {
                var left = to - i;
                var w = VectorMath.Load<S, V>(W + i, left);
                var d = S.Fma(decay, w, VectorMath.Load<S, V>(G + i, left));
                if (Momentum != 0)
                {
                    var v = First ? d : S.Fma(momentum, VectorMath.Load<S, V>(Velocity + i, left), d);
                    VectorMath.Store<S, V>(v, Velocity + i, left);
                    d = Nesterov ? S.Fma(momentum, v, d) : v;
                }

                VectorMath.Store<S, V>(S.Fma(rate, d, w), W + i, left);
            }
        }
    }

    // w, g, s, v [n], v may be null without momentum: g += decay·w; s = α·s + (1 − α)·g²; d = g/(√s + ε); with momentum v = momentum·v + d and d = v; w −= rate·d.
    internal struct RmsProp : IKernel
    {
        public float* W, G, Square, Velocity;
        public int N;
        public float Rate, Alpha, Epsilon, Momentum, Decay;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<S, V>(Part part)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            var (from, to) = part.Of(N);
            V alpha = S.Broadcast(Alpha), rest = S.Broadcast(1 - Alpha), epsilon = S.Broadcast(Epsilon);
            V momentum = S.Broadcast(Momentum), decay = S.Broadcast(Decay), rate = S.Broadcast(-Rate);
            for (var i = from; i < to; i += S.Width)
            {
                var left = to - i;
                var w = VectorMath.Load<S, V>(W + i, left);
                var d = S.Fma(decay, w, VectorMath.Load<S, V>(G + i, left));
                var s = S.Fma(alpha, VectorMath.Load<S, V>(Square + i, left), S.Multiply(rest, S.Multiply(d, d)));
                VectorMath.Store<S, V>(s, Square + i, left);
                d = S.Divide(d, S.Add(S.Sqrt(s), epsilon));
                if (Momentum != 0)
                {
                    d = S.Fma(momentum, VectorMath.Load<S, V>(Velocity + i, left), d);
                    VectorMath.Store<S, V>(d, Velocity + i, left);
                }

                VectorMath.Store<S, V>(S.Fma(rate, d, w), W + i, left);
            }
        }
    }

    // w, g, m, v [n]: g += added·w; m = β1·m + (1 − β1)·g; v = β2·v + (1 − β2)·g²; w = keep·w − stepSize·m/(√v·rootScale + ε),
    // where stepSize = rate/(1 − β1^step), rootScale = 1/√(1 − β2^step); keep = 1 − rate·weightDecay when decay is decoupled, else 1.
    internal struct Adam : IKernel
    {
        public float* W, G, M, Second;
        public int N;
        public float Beta1, Beta2, Epsilon, StepSize, RootScale, Keep, Added;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<S, V>(Part part)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            var (from, to) = part.Of(N);
            V beta1 = S.Broadcast(Beta1), rest1 = S.Broadcast(1 - Beta1), beta2 = S.Broadcast(Beta2), rest2 = S.Broadcast(1 - Beta2);
            V epsilon = S.Broadcast(Epsilon), stepSize = S.Broadcast(-StepSize), rootScale = S.Broadcast(RootScale), keep = S.Broadcast(Keep), added = S.Broadcast(Added);
            for (var i = from; i < to; i += S.Width)
            {
                var left = to - i;
                var w = VectorMath.Load<S, V>(W + i, left);
                var d = S.Fma(added, w, VectorMath.Load<S, V>(G + i, left));
                var m = S.Fma(beta1, VectorMath.Load<S, V>(M + i, left), S.Multiply(rest1, d));
                var v = S.Fma(beta2, VectorMath.Load<S, V>(Second + i, left), S.Multiply(rest2, S.Multiply(d, d)));
                VectorMath.Store<S, V>(m, M + i, left);
                VectorMath.Store<S, V>(v, Second + i, left);
                var step = S.Divide(S.Multiply(stepSize, m), S.Fma(S.Sqrt(v), rootScale, epsilon));
                VectorMath.Store<S, V>(S.Fma(keep, w, step), W + i, left);
            }
        }
    }
}
