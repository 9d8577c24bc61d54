using System.Runtime.CompilerServices;

namespace CourseKit.Backends.Cpu;

/// <summary>The simple recurrent network (Elman, 1990) over a whole sequence.</summary>
internal static unsafe class SimpleRnn
{
    // x [B, T, I], h0 [B, H] or null, weights [H, I], [H, H], biases [H] or null, y [B, T, H], hN [B, H]; fresh [B, T, H]: h_t before zoneout, y without;
    // scratch, rows Stride apart: bias [1], states [2, B]; ahead [B, T, H, to whole vectors] or null: the input products of all steps, so that far weights are read once:
    // h_t = f(W_ih·x_t + b_ih + W_hh·h_{t-1} + b_hh), f tanh or relu; what the carry says comes behind.
    internal struct Forward : IKernel
    {
        public UnitWeights Input, Hidden;
        public RecurrentCarry Carry;
        public float* X, H0, BiasIh, BiasHh, Fresh, Y, HN, Bias, States, Ahead;
        public int B, T, H, Stride;
        public bool Relu, Reverse;

        [SkipLocalsInit]
        public readonly void Run<S, V>(Part part)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            Input.Pack(part, S.Width);
            Hidden.Pack(part, S.Width);
            Recurrent.AddBiases(part, BiasIh, BiasHh, Bias, 1, H, Stride);
            var panel = Input.Vectors * S.Width;
            var share = RecurrentShare.OfUnits(part, B, H, panel, Input.K + H);
            Recurrent.Start(share, H0, States, H, Stride);
            if (Carry.IsOn) Carry.Begin<S, V>(share, H0);
            part.Meet();

            float* room = stackalloc float[(MatMulTile.Rows * panel) + Recurrent.Line];
            var near = Recurrent.Align(room);
            var columns = (H + S.Width - 1L) / S.Width * S.Width;
            if (Ahead is not null) Input.MultiplyAhead<S, V>(share, panel, X, T, Ahead, columns, 1);
            for (var s = 0; s < T; s++)
            {
                var at = Recurrent.At(s, T, Reverse);
                for (var first = share.FirstUnit; first < share.EndUnit; first += panel)
                {
                    var padded = (Math.Min(panel, H - first) + S.Width - 1) / S.Width * S.Width;
                    for (var firstRow = share.FirstRow; firstRow < share.EndRow; firstRow += MatMulTile.Rows)
                    {
                        var (row, rows) = (((long)firstRow * T) + at, Math.Min(MatMulTile.Rows, share.EndRow - firstRow));
                        var sums = Ahead is null ? near : Ahead + (row * columns) + first;
                        var step = Ahead is null ? padded : (nint)(T * columns);
                        var (seen, seenStep) = Carry.IsOn ? ((nint)(Carry.Seen + (row * H)), (nint)T * H) : ((nint)(States + (((s % 2 * (long)B) + firstRow) * Stride)), Stride);
                        if (Ahead is null) Input.Multiply<S, V>(first, padded, X + (row * Input.K), (nint)T * Input.K, rows, sums, step, false);
                        if (s > 0 || H0 is not null) Hidden.Multiply<S, V>(first, padded, (float*)seen, seenStep, rows, sums, step, true);
                        Units<S, V>(s, first, padded, firstRow, rows, sums, step);
                        for (var b = firstRow; b < firstRow + rows && Carry.IsOn; b++)
                        {
                            var here = Carry.Row(b, s) * H;
                            Carry.Forward<S, V>(b, s, Fresh + here, Y + here, s == T - 1 ? HN + ((long)b * H) : null, first, Math.Min(H, first + padded));
                        }
                    }
                }

                if (share.Meets) part.Meet();
            }

            if (!Carry.IsOn) Recurrent.End(share, States + (T % 2 * (long)B * Stride), HN, H, Stride);
        }

        // sums [rows, padded], rows step apart, without biases: a panel of units, from first on, of some rows.
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private readonly void Units<S, V>(int s, int first, int padded, int firstRow, int rows, float* sums, nint step)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            var left = Math.Min(padded, H - first);
            for (var r = 0; r < rows; r++)
            {
                var state = States + ((((s + 1) % 2 * (long)B) + firstRow + r) * Stride) + first;
                var y = Fresh + (((((long)firstRow + r) * T) + Recurrent.At(s, T, Reverse)) * H) + first;
                for (var j = 0; j < padded; j += S.Width)
                {
                    var sum = S.Add(S.Load(sums + (r * step) + j), S.Load(Bias + first + j));
                    var h = Relu ? VectorMath.Relu<S, V>(sum) : VectorMath.Tanh<S, V>(sum);
                    S.Store(h, state + j);
                    S.Store(h, left - j >= S.Width ? y + j : state + j);
                }

                var whole = left / S.Width * S.Width;
                if (whole < left) Recurrent.Start(state + whole, y + whole, left - whole);
            }
        }
    }

    // weightHh [H, H], packed scratch; fresh [B, T, H]; dSums [B, T, H] out; d scratch [2, B], rows DStride apart: dSums of one step, near to the product; the carry's dY and dH:
    // dSums = dh·f'; dh_{t-1} = dSums·W_hh, between the carry's Arrive and Join.
    internal struct Backward : IKernel
    {
        public RecurrentCarry Carry;
        public float* WeightHh, Packed, Fresh, DSums, D;
        public int B, T, H, DStride;
        public bool Relu;

        public readonly void Run<S, V>(Part part)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            var panels = part.Of(MatMulPack.Panels(H, S.Width));
            MatMulPack.Run(WeightHh, H, false, Packed, H, H, S.Width, panels.From, panels.To);
            part.Meet();

            var share = RecurrentShare.OfUnits(part, B, H, MatMulPack.PanelColumns(S.Width), H);
            for (var s = T - 1; s >= 0; s--)
            {
                var d = D + (s % 2 * (long)B * DStride);
                for (var b = share.FirstRow; b < share.EndRow; b++)
                {
                    var row = Carry.Row(b, s);
                    var near = d + ((long)b * DStride);
                    var dY = Carry.Arrive<S, V>(b, row, share.FirstUnit, share.EndUnit);
                    if (Carry.Takes(row)) Units<S, V>(Fresh + (row * H), dY, Carry.DH + ((long)b * H), DSums + (row * H), near, share.FirstUnit, share.EndUnit);
                    else
                    {
                        Recurrent.Clear(DSums + (row * H), share);
                        Recurrent.Clear(near, share);
                    }
                }

                if (share.Meets) part.Meet();
                MatMul.Panels<S, V>(d + ((long)share.FirstRow * DStride), DStride, 1, Packed, Carry.DH + ((long)share.FirstRow * H), H, share.Rows, H, H, share.FromPanel, share.ToPanel, false);
                if (Carry.IsOn) Carry.Join<S, V>(share);
            }
        }

        // fresh, dY or null, dH, dSums [H], d [at least H, to whole vectors]: units from..to-1 of one row.
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private readonly void Units<S, V>(float* fresh, float* dY, float* dH, float* dSums, float* d, int from, int to)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            V one = S.Broadcast(1), zero = S.Broadcast(0);
            for (var j = from; j < to; j += S.Width)
            {
                var state = S.Load(fresh + j);
                var dh = S.Add(S.Load(dH + j), dY is null ? zero : S.Load(dY + j));
                var dSum = Relu ? S.WherePositive(state, dh) : S.Multiply(dh, S.Subtract(one, S.Multiply(state, state)));
                S.Store(dSum, d + j);
                S.Store(dSum, to - j >= S.Width ? dSums + j : d + j);
            }

            var whole = from + ((to - from) / S.Width * S.Width);
            if (whole < to) Recurrent.Start(d + whole, dSums + whole, to - whole);
        }
    }
}
