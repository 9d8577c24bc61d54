using System.Runtime.CompilerServices;

namespace CourseKit.Backends.Cpu;

/// <summary>Operations on the rows of a matrix.</summary>
internal static unsafe class Rows
{
    // dY [rows, columns] with rows stride apart, first and second [columns] or null: each += Σ_row dY.
    internal static void Sum(CpuDevice device, float* dY, int stride, float* first, float* second, int rows, int columns)
    {
        if (first is null && second is null) return;
        var kernel = new SumKernel { DY = dY, Stride = stride, First = first, Second = second, Rows = rows, Columns = columns };
        device.Run(ref kernel, (long)rows * columns, Elementwise.Worthwhile);
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

    // Parts own columns, so that every column is added from the first row to the last. Blocks of rows are added up on their own first: long sums stay exact longer.
    private struct SumKernel : IKernel
    {
        private const int Block = 64;
        public float* DY, First, Second;
        public int Stride, Rows, Columns;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<S, V>(Part part)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            var (from, to) = part.Of((Columns + S.Width - 1) / S.Width);
            var end = Math.Min(Columns, to * S.Width);
            for (var j = from * S.Width; j < end; j += S.Width)
            {
                var left = end - j;
                var total = S.Broadcast(0);
                for (var top = 0; top < Rows; top += Block)
                {
                    var bottom = Math.Min(Rows, top + Block);
                    var sum = S.Broadcast(0);
                    for (var row = top; row < bottom; row++) sum = S.Add(sum, VectorMath.Load<S, V>(DY + ((long)row * Stride) + j, left));
                    total = S.Add(total, sum);
                }

                if (First is not null) VectorMath.Store<S, V>(S.Add(VectorMath.Load<S, V>(First + j, left), total), First + j, left);
                if (Second is not null) VectorMath.Store<S, V>(S.Add(VectorMath.Load<S, V>(Second + j, left), total), Second + j, left);
            }
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
