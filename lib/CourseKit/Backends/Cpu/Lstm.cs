using System.Runtime.CompilerServices;

namespace CourseKit.Backends.Cpu;

/// <summary>The forward pass of a plain LSTM over a whole sequence (Hochreiter and Schmidhuber, 1997; forget gate: Gers, Schmidhuber and Cummins, 2000).</summary>
internal static unsafe class Lstm
{
    internal const int Gates = 4;

    // x [B, T, I], h0, c0 [B, H] or null, weights [4H, I], [4H, H], biases [4H] or null, y [B, T, H], hN, cN [B, H]; kept for the way back or null: gates [B, T, 4H], cells [B, T, H];
    // scratch, rows Stride apart: bias [4], states [2, B], cell [B]; ahead [B, T, 4·H, to whole vectors] or null: the input products of all steps, so that far weights are read once:
    // i, f, o = σ(·), g = tanh(·) of W_ih·x_t + b_ih + W_hh·h_{t-1} + b_hh; c_t = f·c_{t-1} + i·g; h_t = o·tanh(c_t).
    internal struct Forward : IKernel
    {
        public UnitWeights Input, Hidden;
        public float* X, H0, C0, BiasIh, BiasHh, Y, HN, CN, Kept, Cells, Bias, States, Cell, Ahead;
        public int B, T, H, Stride;
        public bool Reverse;

        [SkipLocalsInit]
        public readonly void Run<S, V>(Part part)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            Input.Pack(part, S.Width);
            Hidden.Pack(part, S.Width);
            Recurrent.AddBiases(part, BiasIh, BiasHh, Bias, Gates, H, Stride);
            var share = RecurrentShare.OfUnits(part, B, H, S.Width, Gates * (Input.K + H));
            Recurrent.Start(share, H0, States, H, Stride);
            Recurrent.Start(share, C0, Cell, H, Stride);
            part.Meet();

            float* room = stackalloc float[(MatMulTile.Rows * Gates * S.Width) + Recurrent.Line];
            var near = Recurrent.Align(room);
            var columns = (long)Gates * ((H + S.Width - 1) / S.Width * S.Width);
            if (Ahead is not null) Input.MultiplyAhead<S, V>(share, S.Width, X, T, Ahead, columns, Gates);
            for (var s = 0; s < T; s++)
            {
                var before = States + (s % 2 * (long)B * Stride);
                for (var first = share.FirstUnit; first < share.EndUnit; first += S.Width)
                {
                    for (var row = share.FirstRow; row < share.EndRow; row += MatMulTile.Rows)
                    {
                        var rows = Math.Min(MatMulTile.Rows, share.EndRow - row);
                        var here = ((long)row * T) + Recurrent.At(s, T, Reverse);
                        var sums = Ahead is null ? near : Ahead + (here * columns) + (first * Gates);
                        var step = Ahead is null ? Gates * S.Width : (nint)(T * columns);
                        if (Ahead is null) Input.Multiply<S, V>(first, S.Width, X + (here * Input.K), (nint)T * Input.K, rows, sums, step, false);
                        if (s > 0 || H0 is not null) Hidden.Multiply<S, V>(first, S.Width, before + ((long)row * Stride), Stride, rows, sums, step, true);
                        Units<S, V>(s, first, row, rows, sums, step);
                    }
                }

                if (share.Meets) part.Meet();
            }

            Recurrent.End(share, States + (T % 2 * (long)B * Stride), HN, H, Stride);
            Recurrent.End(share, Cell, CN, H, Stride);
        }

        // sums [rows, 4·width], rows step apart, without biases; a vector of units, from first on, of some rows. What is not kept, or would not end with the row, is written where it does no harm.
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private readonly void Units<S, V>(int s, int first, int firstRow, int rows, float* sums, nint step)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            var row = ((long)firstRow * T) + Recurrent.At(s, T, Reverse);
            var (whole, width) = (H - first >= S.Width, S.Width);
            float* cell = Cell + ((long)firstRow * Stride) + first, state = States + ((((s + 1) % 2 * (long)B) + firstRow) * Stride) + first;
            var (y, yStep) = whole ? ((nint)(Y + (row * H) + first), (nint)T * H) : ((nint)state, Stride);
            var (kept, keptStep, gate) = whole && Kept is not null ? ((nint)(Kept + (row * Gates * H) + first), (nint)T * Gates * H, (nint)H) : ((nint)sums, step, width);
            var (cells, cellsStep) = whole && Kept is not null ? ((nint)(Cells + (row * H) + first), (nint)T * H) : ((nint)cell, Stride);
            V bi = S.Load(Bias + first), bf = S.Load(Bias + Stride + first), bg = S.Load(Bias + (2 * Stride) + first), bo = S.Load(Bias + (3 * Stride) + first);
            for (var r = 0; r < rows; r++)
            {
                var sum = sums + (r * step);
                var i = VectorMath.Sigmoid<S, V>(S.Add(S.Load(sum), bi));
                var f = VectorMath.Sigmoid<S, V>(S.Add(S.Load(sum + width), bf));
                var g = VectorMath.Tanh<S, V>(S.Add(S.Load(sum + (2 * width)), bg));
                var o = VectorMath.Sigmoid<S, V>(S.Add(S.Load(sum + (3 * width)), bo));
                var c = S.Fma(f, S.Load(cell + ((nint)r * Stride)), S.Multiply(i, g));
                var h = S.Multiply(o, VectorMath.Tanh<S, V>(c));
                S.Store(c, cell + ((nint)r * Stride));
                S.Store(h, state + ((nint)r * Stride));
                S.Store(h, (float*)y + (r * yStep));
                var gates = (float*)kept + (r * keptStep);
                S.Store(i, gates);
                S.Store(f, gates + gate);
                S.Store(g, gates + (2 * gate));
                S.Store(o, gates + (3 * gate));
                S.Store(c, (float*)cells + (r * cellsStep));
            }

            for (var r = 0; r < rows && !whole; r++)
            {
                var (left, at) = (H - first, row + ((long)r * T));
                Recurrent.Start(state + ((nint)r * Stride), Y + (at * H) + first, left);
                for (var k = 0; k < Gates && Kept is not null; k++) Recurrent.Start(sums + (r * step) + (k * width), Kept + (((at * Gates) + k) * H) + first, left);
                if (Kept is not null) Recurrent.Start(cell + ((nint)r * Stride), Cells + (at * H) + first, left);
            }
        }
    }
}
