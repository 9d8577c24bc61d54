using System.Runtime.CompilerServices;

namespace CourseKit.Backends.Cpu;

internal static unsafe partial class LstmFormed
{
    // d [rows, H] with rows dStride apart, cells [B, T, H], or null for the cell before each step, sum [H]: sum += Σ over all steps taken of d·cell, number by number.
    internal static void AddProducts(CpuDevice device, in LstmOperands o, float* d, int dStride, float* cells, float* sum)
    {
        if (sum is null) return;
        var kernel = new ProductSum { O = o, D = d, DStride = dStride, Cells = cells, Total = sum };
        device.Run(ref kernel, (long)o.B * o.T * o.H, Elementwise.Worthwhile);
    }

    // Parts own units, so that each is added up in the order of the steps.
    private struct ProductSum : IKernel
    {
        public LstmOperands O;
        public float* D, Cells, Total;
        public int DStride;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<S, V>(Part part)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            var vectors = part.Of((O.H + S.Width - 1) / S.Width);
            var (from, to) = (vectors.From * S.Width, Math.Min(O.H, vectors.To * S.Width));
            for (var b = 0; b < O.B; b++)
            {
                for (var s = 0; s < O.T; s++)
                {
                    var row = O.Row(b, s);
                    float* d = D + (row * DStride), cell = Cells is null ? O.CellBefore(b, s) : Cells + (row * O.H);
                    if (cell is null || !O.Taken(row)) continue;
                    for (var j = from; j < to; j += S.Width)
                        VectorMath.Store<S, V>(Through<S, V>(d, j, to - j, VectorMath.Load<S, V>(cell + j, to - j), VectorMath.Load<S, V>(Total + j, to - j)), Total + j, to - j);
                }
            }
        }
    }
}
