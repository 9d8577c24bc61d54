using System.Runtime.CompilerServices;

namespace CourseKit.Backends.Cpu;

/// <summary>The simple recurrent network (Elman, 1990) over a whole sequence.</summary>
internal static unsafe class SimpleRnn
{
    // x [B, T, I], h0 [B, H] or null, weights [H, I], [H, H], biases [H] or null, y [B, T, H], hN [B, H]; fresh [B, T, H]: h_t before zoneout, y without:
    // h_t = f(W_ih·x_t + b_ih + W_hh·h_{t-1} + b_hh), f tanh or relu; what the carry says comes behind.
    internal struct Forward : IKernel
    {
        public GateWeights Input, Hidden;
        public RecurrentCarry Carry;
        public float* X, H0, BiasIh, BiasHh, Fresh, Y, HN;
        public int B, T, H;
        public bool Relu, Reverse;

        public readonly void Run<S, V>(Part part)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            Input.Pack(part, 1, S.Width);
            Hidden.Pack(part, 1, S.Width);
            var share = new RecurrentShare(part, B, H, S.Width);
            if (Carry.IsOn) Carry.Begin<S, V>(share, H0);
            part.Meet();

            var first = (long)share.FirstRow * T;
            var byStep = Recurrent.ByStep(1, Input);
            if (!byStep) Input.Multiply<S, V>(share, 0, X + (first * Input.K), Input.K, Fresh + (first * H), H, share.Rows * T, false);
            for (var s = 0; s < T; s++)
            {
                var at = Recurrent.At(s, T, Reverse);
                var left = s == 0 && H0 is null ? null : Carry.IsOn ? Carry.Seen + ((first + at) * H) : s > 0 ? Y + ((first + Recurrent.At(s - 1, T, Reverse)) * H) : H0 + ((long)share.FirstRow * H);
                var fresh = Fresh + ((first + at) * H);
                if (byStep) Input.Multiply<S, V>(share, 0, X + ((first + at) * Input.K), (nint)T * Input.K, fresh, (nint)T * H, share.Rows, false);
                if (left is not null) Hidden.Multiply<S, V>(share, 0, left, Carry.IsOn || s > 0 ? (nint)T * H : H, fresh, (nint)T * H, share.Rows, true);
                for (var b = share.FirstRow; b < share.FirstRow + share.Rows; b++)
                {
                    var row = (((long)b * T) + at) * H;
                    var last = s == T - 1 ? HN + ((long)b * H) : null;
                    Cell<S, V>(Fresh + row, Carry.IsOn ? null : last, share.FirstUnit, share.EndUnit);
                    if (Carry.IsOn) Carry.Forward<S, V>(b, s, Fresh + row, Y + row, last, share.FirstUnit, share.EndUnit);
                }

                if (share.Meets) part.Meet();
            }
        }

        // y [H] in: sums without biases, out: the state; last [H] or null gets a copy: units from..to-1 of one row.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Cell<S, V>(float* y, float* last, int from, int to)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            for (var j = from; j < to; j += S.Width)
            {
                var left = to - j;
                var sum = S.Add(VectorMath.Load<S, V>(y + j, left), S.Add(VectorMath.LoadOrZero<S, V>(BiasIh, j, left), VectorMath.LoadOrZero<S, V>(BiasHh, j, left)));
                var state = Relu ? VectorMath.Relu<S, V>(sum) : VectorMath.Tanh<S, V>(sum);
                VectorMath.Store<S, V>(state, y + j, left);
                if (last is not null) VectorMath.Store<S, V>(state, last + j, left);
            }
        }
    }

    // weightHh [H, H], packed scratch; fresh [B, T, H]; dSums [B, T, H] out; the carry's dY and dH:
    // dSums = dh·f'; dh_{t-1} = dSums·W_hh, between the carry's Arrive and Join.
    internal struct Backward : IKernel
    {
        public RecurrentCarry Carry;
        public float* WeightHh, Packed, Fresh, DSums;
        public int B, T, H;
        public bool Relu;

        public readonly void Run<S, V>(Part part)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            var panels = part.Of(MatMulPack.Panels(H, S.Width));
            MatMulPack.Run(WeightHh, H, false, Packed, H, H, S.Width, panels.From, panels.To);
            part.Meet();

            var share = new RecurrentShare(part, B, H, S.Width);
            for (var s = T - 1; s >= 0; s--)
            {
                for (var b = share.FirstRow; b < share.FirstRow + share.Rows; b++)
                {
                    var row = Carry.Row(b, s);
                    var dY = Carry.Arrive<S, V>(b, row, share.FirstUnit, share.EndUnit);
                    if (Carry.Takes(row)) Cell<S, V>(Fresh + (row * H), dY, Carry.DH + ((long)b * H), DSums + (row * H), share.FirstUnit, share.EndUnit);
                    else Recurrent.Clear(DSums + (row * H), share);
                }

                if (share.Meets) part.Meet();
                var at = Carry.Row(share.FirstRow, s);
                MatMul.Panels<S, V>(DSums + (at * H), (nint)T * H, 1, Packed, Carry.DH + ((long)share.FirstRow * H), H, share.Rows, H, H, share.FromPanel, share.ToPanel, false);
                if (Carry.IsOn) Carry.Join<S, V>(share);
            }
        }

        // fresh, dY or null, dH, dSums [H]: units from..to-1 of one row.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Cell<S, V>(float* fresh, float* dY, float* dH, float* dSums, int from, int to)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            for (var j = from; j < to; j += S.Width)
            {
                var left = to - j;
                var state = VectorMath.Load<S, V>(fresh + j, left);
                var dh = S.Add(VectorMath.Load<S, V>(dH + j, left), VectorMath.LoadOrZero<S, V>(dY, j, left));
                var d = Relu ? S.WherePositive(state, dh) : S.Multiply(dh, S.Subtract(S.Broadcast(1), S.Multiply(state, state)));
                VectorMath.Store<S, V>(d, dSums + j, left);
            }
        }
    }
}
