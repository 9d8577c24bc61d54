using System.Runtime.CompilerServices;

namespace CourseKit.Backends.Cpu;

/// <summary>Optimizer steps whose divisor never falls, or that need no rate: one pass over a parameter, its gradient and its sums.</summary>
internal static unsafe class AdaptiveOptimizers
{
    // w, g, s [n]: g += decay·w; s += g²; w −= rate·g/(√s + ε).
    internal struct Adagrad : IKernel
    {
        public float* W, G, Square;
        public int N;
        public float Rate, Epsilon, Decay;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<S, V>(Part part)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            var (from, to) = part.Of(N);
            V decay = S.Broadcast(Decay), rate = S.Broadcast(-Rate), epsilon = S.Broadcast(Epsilon);
            for (var i = from; i < to; i += S.Width)
            {
                var left = to - i;
                var w = VectorMath.Load<S, V>(W + i, left);
                var d = S.Fma(decay, w, VectorMath.Load<S, V>(G + i, left));
                var s = S.Fma(d, d, VectorMath.Load<S, V>(Square + i, left));
                VectorMath.Store<S, V>(s, Square + i, left);
                VectorMath.Store<S, V>(S.Fma(rate, S.Divide(d, S.Add(S.Sqrt(s), epsilon)), w), W + i, left);
            }
        }
    }

    // w, g, s, u [n]: g += decay·w; s = ρ·s + (1 − ρ)·g²; d = g·√(u + ε)/√(s + ε); u = ρ·u + (1 − ρ)·d²; w −= rate·d.
    internal struct Adadelta : IKernel
    {
        public float* W, G, Square, Change;
        public int N;
        public float Rate, Rho, Epsilon, Decay;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<S, V>(Part part)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            var (from, to) = part.Of(N);
            V rho = S.Broadcast(Rho), rest = S.Broadcast(1 - Rho), decay = S.Broadcast(Decay), rate = S.Broadcast(-Rate), epsilon = S.Broadcast(Epsilon);
            for (var i = from; i < to; i += S.Width)
            {
                var left = to - i;
                V w = VectorMath.Load<S, V>(W + i, left), u = VectorMath.Load<S, V>(Change + i, left);
                var d = S.Fma(decay, w, VectorMath.Load<S, V>(G + i, left));
                var s = S.Fma(rho, VectorMath.Load<S, V>(Square + i, left), S.Multiply(rest, S.Multiply(d, d)));
                VectorMath.Store<S, V>(s, Square + i, left);
                d = S.Multiply(d, S.Divide(S.Sqrt(S.Add(u, epsilon)), S.Sqrt(S.Add(s, epsilon))));
                VectorMath.Store<S, V>(S.Fma(rho, u, S.Multiply(rest, S.Multiply(d, d))), Change + i, left);
                VectorMath.Store<S, V>(S.Fma(rate, d, w), W + i, left);
            }
        }
    }

    // w, g, m, v, u [n]: g += decay·w; m = β1·m + (1 − β1)·g; v = β2·v + (1 − β2)·g²; u = max(u, v); w −= stepSize·m/(√u·rootScale + ε),
    // where stepSize = rate/(1 − β1^step), rootScale = 1/√(1 − β2^step).
    internal struct AmsGrad : IKernel
    {
        public float* W, G, M, Second, Greatest;
        public int N;
        public float Beta1, Beta2, Epsilon, StepSize, RootScale, Decay;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<S, V>(Part part)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            var (from, to) = part.Of(N);
            V beta1 = S.Broadcast(Beta1), rest1 = S.Broadcast(1 - Beta1), beta2 = S.Broadcast(Beta2), rest2 = S.Broadcast(1 - Beta2);
            V epsilon = S.Broadcast(Epsilon), stepSize = S.Broadcast(-StepSize), rootScale = S.Broadcast(RootScale), decay = S.Broadcast(Decay);
            for (var i = from; i < to; i += S.Width)
            {
                var left = to - i;
                var w = VectorMath.Load<S, V>(W + i, left);
                var d = S.Fma(decay, w, VectorMath.Load<S, V>(G + i, left));
                var m = S.Fma(beta1, VectorMath.Load<S, V>(M + i, left), S.Multiply(rest1, d));
                var v = S.Fma(beta2, VectorMath.Load<S, V>(Second + i, left), S.Multiply(rest2, S.Multiply(d, d)));
                var u = S.Max(VectorMath.Load<S, V>(Greatest + i, left), v);
                VectorMath.Store<S, V>(m, M + i, left);
                VectorMath.Store<S, V>(v, Second + i, left);
                VectorMath.Store<S, V>(u, Greatest + i, left);
                VectorMath.Store<S, V>(S.Add(w, S.Divide(S.Multiply(stepSize, m), S.Fma(S.Sqrt(u), rootScale, epsilon))), W + i, left);
            }
        }
    }
}
