using System.Runtime.CompilerServices;

namespace CourseKit.Backends.Cpu;

/// <summary>The simple recurrent network (Elman, 1990) over a whole sequence.</summary>
internal static unsafe class SimpleRnn
{
    // x [B, T, I], h0 [B, H] or null, weights [H, I], [H, H], biases [H] or null, y [B, T, H], hN [B, H]:
    // h_t = f(W_ih·x_t + b_ih + W_hh·h_{t-1} + b_hh), f tanh or relu.
    internal struct Forward : IKernel
    {
        public GateWeights Input, Hidden;
        public float* X, H0, BiasIh, BiasHh, Y, HN;
        public int B, T, H;
        public bool Relu, Reverse;

        public readonly void Run<S, V>(Part part)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            Input.Pack(part, 1, S.Width);
            Hidden.Pack(part, 1, S.Width);
            part.Meet();

            var share = new RecurrentShare(part, B, H, S.Width);
            var first = (long)share.FirstRow * T;
            var byStep = Recurrent.ByStep(1, Input);
            if (!byStep) Input.Multiply<S, V>(share, 0, X + (first * Input.K), Input.K, Y + (first * H), H, share.Rows * T, false);
            for (var s = 0; s < T; s++)
            {
                var at = Recurrent.At(s, T, Reverse);
                var left = s > 0 ? Y + ((first + Recurrent.At(s - 1, T, Reverse)) * H) : H0 is null ? null : H0 + ((long)share.FirstRow * H);
                if (byStep) Input.Multiply<S, V>(share, 0, X + ((first + at) * Input.K), (nint)T * Input.K, Y + ((first + at) * H), (nint)T * H, share.Rows, false);
                if (left is not null) Hidden.Multiply<S, V>(share, 0, left, s > 0 ? (nint)T * H : H, Y + ((first + at) * H), (nint)T * H, share.Rows, true);
                for (var b = share.FirstRow; b < share.FirstRow + share.Rows; b++)
                    Cell<S, V>(Y + ((((long)b * T) + at) * H), s == T - 1 ? HN + ((long)b * H) : null, share.FirstUnit, share.EndUnit);

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

    // weightHh [H, H], packed scratch; y, dY [B, T, H], dY may be null; dSums [B, T, H] out, dH [B, H] in and out:
    // dSums = dh·f'; dh_{t-1} = dSums·W_hh.
    internal struct Backward : IKernel
    {
        public float* WeightHh, Packed, Y, DY, DSums, DH;
        public int B, T, H;
        public bool Relu, Reverse;

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
                var at = Recurrent.At(s, T, Reverse);
                for (var b = share.FirstRow; b < share.FirstRow + share.Rows; b++)
                {
                    var start = (((long)b * T) + at) * H;
                    Cell<S, V>(Y + start, DY is null ? null : DY + start, DH + ((long)b * H), DSums + start, share.FirstUnit, share.EndUnit);
                }

                if (share.Meets) part.Meet();
                MatMul.Panels<S, V>(DSums + ((((long)share.FirstRow * T) + at) * H), (nint)T * H, 1, Packed, DH + ((long)share.FirstRow * H), H, share.Rows, H, H, share.FromPanel, share.ToPanel, false);
            }
        }

        // y, dY or null, dH, dSums [H]: units from..to-1 of one row.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Cell<S, V>(float* y, float* dY, float* dH, float* dSums, int from, int to)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            for (var j = from; j < to; j += S.Width)
            {
                var left = to - j;
                var state = VectorMath.Load<S, V>(y + j, left);
                var dh = S.Add(VectorMath.Load<S, V>(dH + j, left), VectorMath.LoadOrZero<S, V>(dY, j, left));
                var d = Relu ? S.WherePositive(state, dh) : S.Multiply(dh, S.Subtract(S.Broadcast(1), S.Multiply(state, state)));
                VectorMath.Store<S, V>(d, dSums + j, left);
            }
        }
    }
}
