using System.Runtime.CompilerServices;

namespace CourseKit.Backends.Cpu;

/// <summary>Softmax, row by row; a part owns rows.</summary>
internal static unsafe class Softmax
{
    // An exponential costs about this many plain operations.
    internal const long ExpCost = 4;

    // x, y [rows, columns]: y = e^(x − max)/Σ e^(x − max).
    internal static void Forward(CpuDevice device, float* x, float* y, int rows, int columns)
    {
        var kernel = new ForwardKernel { X = x, Y = y, Rows = rows, Columns = columns };
        device.Run(ref kernel, (long)rows * columns * ExpCost, Elementwise.Worthwhile);
    }

    // y, dY, dX [rows, columns]: dX += y·(dY − Σ_j dY_j·y_j).
    internal static void Backward(CpuDevice device, float* y, float* dY, float* dX, int rows, int columns)
    {
        var kernel = new BackwardKernel { Y = y, DY = dY, DX = dX, Rows = rows, Columns = columns };
        device.Run(ref kernel, (long)rows * columns, Elementwise.Worthwhile);
    }

    // x [n]: the greatest.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static float Max<S, V>(float* x, int n)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        var lanes = S.Broadcast(float.NegativeInfinity);
        var j = 0;
        for (; j + S.Width <= n; j += S.Width) lanes = S.Max(lanes, S.Load(x + j));
        var max = S.Greatest(lanes);
        for (; j < n; j++) max = MathF.Max(max, x[j]);
        return max;
    }

    // x, y [n], y may be null: y = e^(x − max); returns Σ. The lanes past the end hold something; they do not count.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static float Exponentials<S, V>(float* x, float* y, float max, int n)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        V shift = S.Broadcast(max), lanes = S.Broadcast(0);
        var j = 0;
        for (; j + S.Width <= n; j += S.Width)
        {
            var e = VectorMath.Exp<S, V>(S.Subtract(S.Load(x + j), shift));
            if (y is not null) S.Store(e, y + j);
            lanes = S.Add(lanes, e);
        }

        if (j < n)
        {
            var e = S.KeepFirst(VectorMath.Exp<S, V>(S.Subtract(S.LoadFirst(x + j, n - j), shift)), n - j);
            if (y is not null) S.StoreFirst(e, y + j, n - j);
            lanes = S.Add(lanes, e);
        }

        return S.Sum(lanes);
    }

    // y [n]: y *= scale.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void ScaleRow<S, V>(float* y, float scale, int n)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        var by = S.Broadcast(scale);
        for (var j = 0; j < n; j += S.Width) VectorMath.Store<S, V>(S.Multiply(VectorMath.Load<S, V>(y + j, n - j), by), y + j, n - j);
    }

    private struct ForwardKernel : IKernel
    {
        public float* X, Y;
        public int Rows, Columns;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<S, V>(Part part)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            var (from, to) = part.Of(Rows);
            for (var row = from; row < to; row++)
            {
                float* x = X + ((long)row * Columns), y = Y + ((long)row * Columns);
                var sum = Exponentials<S, V>(x, y, Max<S, V>(x, Columns), Columns);
                ScaleRow<S, V>(y, 1 / sum, Columns);
            }
        }
    }

    private struct BackwardKernel : IKernel
    {
        public float* Y, DY, DX;
        public int Rows, Columns;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<S, V>(Part part)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            var (from, to) = part.Of(Rows);
            for (var row = from; row < to; row++)
            {
                float* y = Y + ((long)row * Columns), dY = DY + ((long)row * Columns), dX = DX + ((long)row * Columns);
                var lanes = S.Broadcast(0);
                for (var j = 0; j < Columns; j += S.Width) lanes = S.Fma(VectorMath.Load<S, V>(y + j, Columns - j), VectorMath.Load<S, V>(dY + j, Columns - j), lanes);
                var dot = S.Broadcast(S.Sum(lanes));
                for (var j = 0; j < Columns; j += S.Width)
                {
                    var left = Columns - j;
                    var d = S.Fma(VectorMath.Load<S, V>(y + j, left), S.Subtract(VectorMath.Load<S, V>(dY + j, left), dot), VectorMath.Load<S, V>(dX + j, left));
                    VectorMath.Store<S, V>(d, dX + j, left);
                }
            }
        }
    }
}
