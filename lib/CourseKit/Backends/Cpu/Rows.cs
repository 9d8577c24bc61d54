using System.Runtime.CompilerServices;

namespace CourseKit.Backends.Cpu;

/// <summary>Operations on the rows of a matrix.</summary>
internal static unsafe class Rows
{
    // dY [rows, columns] with rows stride apart, first and second [columns] or null: each += Σ_row dY.
    internal static void Sum(CpuDevice device, float* dY, int stride, float* first, float* second, int rows, int columns)
    {
        if (first is null && second is null) return;
        var total = device.Pool.Rent(columns);
        var kernel = new SumKernel { DY = dY, Stride = stride, Total = total.Pointer, First = first, Second = second, Rows = rows, Columns = columns };
        device.Run(ref kernel, (long)rows * columns, Elementwise.Worthwhile);
        device.Pool.Return(total);
    }

    // bias [columns], y [rows, columns]: y = bias in each row.
    internal static void Spread(CpuDevice device, float* bias, float* y, int rows, int columns)
    {
        var kernel = new CopyKernel { From = bias, FromStride = 0, To = y, ToStride = columns, Rows = rows, Count = columns };
        device.Run(ref kernel, (long)rows * columns, Elementwise.Worthwhile);
    }

    // to[row, toColumn + j] (+)= from[row, fromColumn + j], j below count.
    internal static void CopyColumns(CpuDevice device, float* from, int fromColumns, int fromColumn, float* to, int toColumns, int toColumn, int rows, int count, bool accumulate)
    {
        var kernel = new CopyKernel { From = from + fromColumn, FromStride = fromColumns, To = to + toColumn, ToStride = toColumns, Rows = rows, Count = count, Accumulate = accumulate };
        device.Run(ref kernel, (long)rows * count, Elementwise.Worthwhile);
    }

    // scale [rows], x, y [rows, columns]: y += scale·x, row by row.
    internal static void AddScaled(CpuDevice device, float* scale, float* x, float* y, int rows, int columns)
    {
        var kernel = new AddScaledKernel { Scale = scale, X = x, Y = y, Rows = rows, Columns = columns };
        device.Run(ref kernel, (long)rows * columns, Elementwise.Worthwhile);
    }

    private struct AddScaledKernel : IKernel
    {
        public float* Scale, X, Y;
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
                var scale = S.Broadcast(Scale[row]);
                for (var j = 0; j < Columns; j += S.Width)
                    VectorMath.Store<S, V>(S.Fma(scale, VectorMath.Load<S, V>(x + j, Columns - j), VectorMath.Load<S, V>(y + j, Columns - j)), y + j, Columns - j);
            }
        }
    }

    // Parts own columns, so that every column is added from the first row to the last, four rows at a time.
    private struct SumKernel : IKernel
    {
        public float* DY, Total, First, Second;
        public int Stride, Rows, Columns;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<S, V>(Part part)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            var vectors = part.Of((Columns + S.Width - 1) / S.Width);
            var (from, to) = (vectors.From * S.Width, Math.Min(Columns, vectors.To * S.Width));
            for (var j = from; j < to; j++) Total[j] = 0;
            for (var row = 0; row < Rows; row += 4)
            {
                var r0 = DY + ((long)row * Stride);
                float* r1 = row + 1 < Rows ? r0 + Stride : null, r2 = row + 2 < Rows ? r0 + (2L * Stride) : null, r3 = row + 3 < Rows ? r0 + (3L * Stride) : null;
                for (var j = from; j < to; j += S.Width)
                {
                    var left = to - j;
                    var low = S.Add(VectorMath.Load<S, V>(r0 + j, left), VectorMath.LoadOrZero<S, V>(r1, j, left));
                    var high = S.Add(VectorMath.LoadOrZero<S, V>(r2, j, left), VectorMath.LoadOrZero<S, V>(r3, j, left));
                    VectorMath.Store<S, V>(S.Add(VectorMath.Load<S, V>(Total + j, left), S.Add(low, high)), Total + j, left);
                }
            }

            AddTo<S, V>(First, from, to);
            AddTo<S, V>(Second, from, to);
        }

        private readonly void AddTo<S, V>(float* sums, int from, int to)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            for (var j = from; j < to && sums is not null; j += S.Width)
                VectorMath.Store<S, V>(S.Add(VectorMath.Load<S, V>(sums + j, to - j), VectorMath.Load<S, V>(Total + j, to - j)), sums + j, to - j);
        }
    }

    private struct CopyKernel : IKernel
    {
        public float* From, To;
        public int FromStride, ToStride, Rows, Count;
        public bool Accumulate;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<S, V>(Part part)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            var (first, end) = part.Of(Rows);
            for (var row = first; row < end; row++)
            {
                var from = From + ((long)row * FromStride);
                var to = To + ((long)row * ToStride);
                if (!Accumulate)
                {
                    Unsafe.CopyBlockUnaligned(to, from, (uint)Count * sizeof(float));
                    continue;
                }

                for (var j = 0; j < Count; j += S.Width)
                    VectorMath.Store<S, V>(S.Add(VectorMath.Load<S, V>(to + j, Count - j), VectorMath.Load<S, V>(from + j, Count - j)), to + j, Count - j);
            }
        }
    }
}
