using System.Runtime.CompilerServices;

namespace CourseKit.Backends.Cpu;

/// <summary>One elementwise operation: the new y from a, b and the old y.</summary>
internal interface IElement
{
    /// <summary>Whether Apply looks at the old y.</summary>
    static abstract bool ReadsY { get; }

    V Apply<S, V>(V a, V b, V y)
        where S : struct, ISimd<V>
        where V : unmanaged;
}

/// <summary>Operations number by number.</summary>
internal static unsafe class Elementwise
{
    // Numbers that pay for one more thread.
    internal const long Worthwhile = 1 << 15;

    // a, b, y [n]: y = f(a, b, y).
    internal static void Run<F>(CpuDevice device, F f, float* a, float* b, float* y, int n)
        where F : unmanaged, IElement
    {
        var kernel = new Kernel<F> { Function = f, A = a, B = b, Y = y, N = n };
        device.Run(ref kernel, n, Worthwhile);
    }

    // function tanh, relu or σ; x, y [n]: y = f(x).
    internal static void Activate(CpuDevice device, Activation function, float* x, float* y, int n)
    {
        switch (function)
        {
            case Activation.Tanh: Run(device, new TanhOf(), x, x, y, n); break;
            case Activation.Relu: Run(device, new ReluOf(), x, x, y, n); break;
            case Activation.Sigmoid: Run(device, new SigmoidOf(), x, x, y, n); break;
            default: throw new ArgumentOutOfRangeException(nameof(function));
        }
    }

    // y, dY, dX [n]: dX += dY·f'(x), f' from y.
    internal static void ActivateBackward(CpuDevice device, Activation function, float* y, float* dY, float* dX, int n)
    {
        switch (function)
        {
            case Activation.Tanh: Run(device, new TanhSlope(), y, dY, dX, n); break;
            case Activation.Relu: Run(device, new ReluSlope(), y, dY, dX, n); break;
            case Activation.Sigmoid: Run(device, new SigmoidSlope(), y, dY, dX, n); break;
            default: throw new ArgumentOutOfRangeException(nameof(function));
        }
    }

    private struct Kernel<F> : IKernel
        where F : unmanaged, IElement
    {
        public F Function;
        public float* A, B, Y;
        public int N;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<S, V>(Part part)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            var function = Function;
            var (from, to) = part.Of(N);
            for (var i = from; i < to; i += S.Width)
            {
                var left = to - i;
                V a = VectorMath.Load<S, V>(A + i, left), b = VectorMath.Load<S, V>(B + i, left);
                var y = F.ReadsY ? VectorMath.Load<S, V>(Y + i, left) : a;
                VectorMath.Store<S, V>(function.Apply<S, V>(a, b, y), Y + i, left);
            }
        }
    }

    /// <summary>a + b.</summary>
    internal readonly struct Plus : IElement
    {
        public static bool ReadsY => false;

        public V Apply<S, V>(V a, V b, V y)
            where S : struct, ISimd<V>
            where V : unmanaged => S.Add(a, b);
    }

    /// <summary>a − b.</summary>
    internal readonly struct Minus : IElement
    {
        public static bool ReadsY => false;

        public V Apply<S, V>(V a, V b, V y)
            where S : struct, ISimd<V>
            where V : unmanaged => S.Subtract(a, b);
    }

    /// <summary>a·b.</summary>
    internal readonly struct Times : IElement
    {
        public static bool ReadsY => false;

        public V Apply<S, V>(V a, V b, V y)
            where S : struct, ISimd<V>
            where V : unmanaged => S.Multiply(a, b);
    }

    /// <summary>y + a·b.</summary>
    internal readonly struct TimesPlus : IElement
    {
        public static bool ReadsY => true;

        public V Apply<S, V>(V a, V b, V y)
            where S : struct, ISimd<V>
            where V : unmanaged => S.Fma(a, b, y);
    }

    /// <summary>scale·a.</summary>
    internal readonly struct Scaled(float scale) : IElement
    {
        public static bool ReadsY => false;

        public V Apply<S, V>(V a, V b, V y)
            where S : struct, ISimd<V>
            where V : unmanaged => S.Multiply(S.Broadcast(scale), a);
    }

    /// <summary>a, held between −limit and limit. The second operand of Min and Max is what they give for a NaN, so that it stays.</summary>
    internal readonly struct Clipped(float limit) : IElement
    {
        public static bool ReadsY => false;

        public V Apply<S, V>(V a, V b, V y)
            where S : struct, ISimd<V>
            where V : unmanaged => S.Max(S.Broadcast(-limit), S.Min(S.Broadcast(limit), a));
    }

    /// <summary>y + scale·a.</summary>
    internal readonly struct PlusScaled(float scale) : IElement
    {
        public static bool ReadsY => true;

        public V Apply<S, V>(V a, V b, V y)
            where S : struct, ISimd<V>
            where V : unmanaged => S.Fma(S.Broadcast(scale), a, y);
    }

    /// <summary>tanh(a).</summary>
    internal readonly struct TanhOf : IElement
    {
        public static bool ReadsY => false;

        public V Apply<S, V>(V a, V b, V y)
            where S : struct, ISimd<V>
            where V : unmanaged => VectorMath.Tanh<S, V>(a);
    }

    /// <summary>max(0, a).</summary>
    internal readonly struct ReluOf : IElement
    {
        public static bool ReadsY => false;

        public V Apply<S, V>(V a, V b, V y)
            where S : struct, ISimd<V>
            where V : unmanaged => VectorMath.Relu<S, V>(a);
    }

    /// <summary>σ(a).</summary>
    internal readonly struct SigmoidOf : IElement
    {
        public static bool ReadsY => false;

        public V Apply<S, V>(V a, V b, V y)
            where S : struct, ISimd<V>
            where V : unmanaged => VectorMath.Sigmoid<S, V>(a);
    }

    /// <summary>y + b·(1 − a²), a = tanh.</summary>
    internal readonly struct TanhSlope : IElement
    {
        public static bool ReadsY => true;

        public V Apply<S, V>(V a, V b, V y)
            where S : struct, ISimd<V>
            where V : unmanaged => S.Fma(b, S.Subtract(S.Broadcast(1), S.Multiply(a, a)), y);
    }

    /// <summary>y + b where a &gt; 0.</summary>
    internal readonly struct ReluSlope : IElement
    {
        public static bool ReadsY => true;

        public V Apply<S, V>(V a, V b, V y)
            where S : struct, ISimd<V>
            where V : unmanaged => S.Add(y, S.WherePositive(a, b));
    }

    /// <summary>y + b·a·(1 − a), a = σ.</summary>
    internal readonly struct SigmoidSlope : IElement
    {
        public static bool ReadsY => true;

        public V Apply<S, V>(V a, V b, V y)
            where S : struct, ISimd<V>
            where V : unmanaged => S.Fma(b, S.Multiply(a, S.Subtract(S.Broadcast(1), a)), y);
    }
}
