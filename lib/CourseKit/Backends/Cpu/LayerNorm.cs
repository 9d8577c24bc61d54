using System.Runtime.CompilerServices;

namespace CourseKit.Backends.Cpu;

/// <summary>Layer normalisation, row by row: Ba, Kiros and Hinton, 2016.</summary>
internal static unsafe class LayerNorm
{
    // x, y [rows, columns], gain, bias [columns] or null, statistics [rows, 2] or null: y = gain·(x − mean)/√(variance + ε) + bias.
    internal static void Forward(CpuDevice device, float* x, float* gain, float* bias, float* y, float* statistics, int rows, int columns, float epsilon)
    {
        var kernel = new ForwardKernel { X = x, Gain = gain, Bias = bias, Y = y, Statistics = statistics, Rows = rows, Columns = columns, Epsilon = epsilon };
        device.Run(ref kernel, 3L * rows * columns, Elementwise.Worthwhile);
    }

    // x, dY, dX [rows, columns], statistics [rows, 2], gain, dGain, dBias [columns]; all but x, statistics and dY may be null.
    // x̂ = (x − mean)·inverse, g = gain·dY: dX += inverse·(g − mean(g) − x̂·mean(g·x̂)); dGain += Σ_row dY·x̂; dBias += Σ_row dY.
    internal static void Backward(CpuDevice device, float* x, float* gain, float* statistics, float* dY, float* dX, float* dGain, float* dBias, int rows, int columns)
    {
        if (dX is not null)
        {
            var kernel = new InputKernel { X = x, Gain = gain, Statistics = statistics, DY = dY, DX = dX, Rows = rows, Columns = columns };
            device.Run(ref kernel, 3L * rows * columns, Elementwise.Worthwhile);
        }

        if (dGain is not null)
        {
            var kernel = new GainKernel { X = x, Statistics = statistics, DY = dY, DGain = dGain, Rows = rows, Columns = columns };
            device.Run(ref kernel, 2L * rows * columns, Elementwise.Worthwhile);
        }

        Rows.Sum(device, dY, columns, dBias, null, rows, columns);
    }

    // Lanes past the end of a row hold zeros in x, but not in x − mean: they are cleared before they are summed.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Within<S, V>(V x, int left)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        for (var i = Math.Max(0, left); i < S.Width; i++) ((float*)&x)[i] = 0;
        return x;
    }

    private struct ForwardKernel : IKernel
    {
        public float* X, Gain, Bias, Y, Statistics;
        public int Rows, Columns;
        public float Epsilon;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<S, V>(Part part)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            var (from, to) = part.Of(Rows);
            for (var row = from; row < to; row++)
            {
                float* x = X + ((long)row * Columns), y = Y + ((long)row * Columns);
                var sum = S.Broadcast(0);
                for (var j = 0; j < Columns; j += S.Width) sum = S.Add(sum, VectorMath.Load<S, V>(x + j, Columns - j));
                var mean = S.Sum(sum) / Columns;
                var middle = S.Broadcast(mean);
                var squares = S.Broadcast(0);
                for (var j = 0; j < Columns; j += S.Width)
                {
                    var d = S.Subtract(VectorMath.Load<S, V>(x + j, Columns - j), middle);
                    if (Columns - j < S.Width) d = Within<S, V>(d, Columns - j);
                    squares = S.Fma(d, d, squares);
                }

                var inverse = 1 / MathF.Sqrt((S.Sum(squares) / Columns) + Epsilon);
                var scale = S.Broadcast(inverse);
                for (var j = 0; j < Columns; j += S.Width)
                {
                    var left = Columns - j;
                    var z = S.Multiply(S.Subtract(VectorMath.Load<S, V>(x + j, left), middle), scale);
                    if (Gain is not null) z = S.Multiply(z, VectorMath.Load<S, V>(Gain + j, left));
                    if (Bias is not null) z = S.Add(z, VectorMath.Load<S, V>(Bias + j, left));
                    VectorMath.Store<S, V>(z, y + j, left);
                }

                if (Statistics is not null) (Statistics[2L * row], Statistics[(2L * row) + 1]) = (mean, inverse);
            }
        }
    }

    private struct InputKernel : IKernel
    {
        public float* X, Gain, Statistics, DY, DX;
        public int Rows, Columns;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<S, V>(Part part)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            var (from, to) = part.Of(Rows);
            for (var row = from; row < to; row++)
            {
                float* x = X + ((long)row * Columns), dY = DY + ((long)row * Columns), dX = DX + ((long)row * Columns);
                V mean = S.Broadcast(Statistics[2L * row]), inverse = S.Broadcast(Statistics[(2L * row) + 1]);
                V sum = S.Broadcast(0), product = sum;
                for (var j = 0; j < Columns; j += S.Width)
                {
                    // g is zero past the end, so both sums are right whatever x̂ holds there.
                    var g = Incoming<S, V>(dY, j);
                    sum = S.Add(sum, g);
                    product = S.Fma(g, Normal<S, V>(x, j, mean, inverse), product);
                }

                V meanG = S.Broadcast(S.Sum(sum) / Columns), meanProduct = S.Broadcast(S.Sum(product) / Columns);
                for (var j = 0; j < Columns; j += S.Width)
                {
                    var left = Columns - j;
                    var d = S.Subtract(S.Subtract(Incoming<S, V>(dY, j), meanG), S.Multiply(Normal<S, V>(x, j, mean, inverse), meanProduct));
                    VectorMath.Store<S, V>(S.Fma(d, inverse, VectorMath.Load<S, V>(dX + j, left)), dX + j, left);
                }
            }
        }

        private readonly V Incoming<S, V>(float* dY, int j)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            var d = VectorMath.Load<S, V>(dY + j, Columns - j);
            return Gain is null ? d : S.Multiply(d, VectorMath.Load<S, V>(Gain + j, Columns - j));
        }

        private readonly V Normal<S, V>(float* x, int j, V mean, V inverse)
            where S : struct, ISimd<V>
            where V : unmanaged => S.Multiply(S.Subtract(VectorMath.Load<S, V>(x + j, Columns - j), mean), inverse);
    }

    // Parts own columns, so that every column is added from the first row to the last.
    private struct GainKernel : IKernel
    {
        public float* X, Statistics, DY, DGain;
        public int Rows, Columns;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<S, V>(Part part)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            var vectors = part.Of((Columns + S.Width - 1) / S.Width);
            var (from, to) = (vectors.From * S.Width, Math.Min(Columns, vectors.To * S.Width));
            for (var j = from; j < to; j += S.Width)
            {
                var left = to - j;
                var sum = S.Broadcast(0);
                for (var row = 0; row < Rows; row++)
                {
                    var at = ((long)row * Columns) + j;
                    var z = S.Multiply(S.Subtract(VectorMath.Load<S, V>(X + at, left), S.Broadcast(Statistics[2L * row])), S.Broadcast(Statistics[(2L * row) + 1]));
                    sum = S.Fma(VectorMath.Load<S, V>(DY + at, left), z, sum);
                }

                VectorMath.Store<S, V>(S.Add(VectorMath.Load<S, V>(DGain + j, left), sum), DGain + j, left);
            }
        }
    }
}
