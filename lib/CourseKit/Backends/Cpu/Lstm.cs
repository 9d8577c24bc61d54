using System.Runtime.CompilerServices;

namespace CourseKit.Backends.Cpu;

/// <summary>LSTM over a whole sequence (Hochreiter and Schmidhuber, 1997; forget gate: Gers, Schmidhuber and Cummins, 2000).</summary>
internal static unsafe class Lstm
{
    // x [B, T, I], h0, c0 [B, H] or null, weights [4H, I], [4H, H], biases [4H] or null, y, cells [B, T, H], gates [B, T, 4H], hN, cN [B, H]:
    // i, f, o = σ(·), g = tanh(·) of W_ih·x_t + b_ih + W_hh·h_{t-1} + b_hh; c_t = f·c_{t-1} + i·g; h_t = o·tanh(c_t).
    internal struct Forward : IKernel
    {
        public GateWeights Input, Hidden;
        public float* X, H0, C0, BiasIh, BiasHh, Y, HN, CN, Gates, Cells;
        public int B, T, H;
        public bool Reverse;

        public readonly void Run<S, V>(Part part)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            Input.Pack(part, 4, S.Width);
            Hidden.Pack(part, 4, S.Width);
            part.Meet();

            var share = new RecurrentShare(part, B, H, S.Width);
            var (first, G) = ((long)share.FirstRow * T, 4 * H);
            var byStep = Recurrent.ByStep(4, Input);
            for (var gate = 0; gate < 4 && !byStep; gate++)
                Input.Multiply<S, V>(share, gate, X + (first * Input.K), Input.K, Gates + (first * G) + (gate * H), G, share.Rows * T, false);

            for (var s = 0; s < T; s++)
            {
                var at = Recurrent.At(s, T, Reverse);
                var before = Recurrent.At(s - 1, T, Reverse);
                var left = s > 0 ? Y + ((first + before) * H) : H0 is null ? null : H0 + ((long)share.FirstRow * H);
                for (var gate = 0; gate < 4 && byStep; gate++)
                    Input.Multiply<S, V>(share, gate, X + ((first + at) * Input.K), (nint)T * Input.K, Gates + ((first + at) * G) + (gate * H), (nint)T * G, share.Rows, false);

                for (var gate = 0; gate < 4 && left is not null; gate++)
                    Hidden.Multiply<S, V>(share, gate, left, s > 0 ? (nint)T * H : H, Gates + ((first + at) * G) + (gate * H), (nint)T * G, share.Rows, true);

                for (var b = share.FirstRow; b < share.FirstRow + share.Rows; b++)
                {
                    var row = ((long)b * T) + at;
                    var cell = s > 0 ? Cells + ((((long)b * T) + before) * H) : C0 is null ? null : C0 + ((long)b * H);
                    Cell<S, V>(Gates + (row * G), cell, Cells + (row * H), Y + (row * H), share.FirstUnit, share.EndUnit);
                    if (s < T - 1) continue;
                    Last(Y + (row * H), HN + ((long)b * H), share);
                    Last(Cells + (row * H), CN + ((long)b * H), share);
                }

                if (share.Meets) part.Meet();
            }
        }

        // gates [4H] in: sums without biases, out: i, f, g, o; before [H] or null, cell, y [H]: units from..to-1 of one row.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Cell<S, V>(float* gates, float* before, float* cell, float* y, int from, int to)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            for (var j = from; j < to; j += S.Width)
            {
                var left = to - j;
                var i = VectorMath.Sigmoid<S, V>(Sum<S, V>(gates, j, left));
                var f = VectorMath.Sigmoid<S, V>(Sum<S, V>(gates, j + H, left));
                var g = VectorMath.Tanh<S, V>(Sum<S, V>(gates, j + (2 * H), left));
                var o = VectorMath.Sigmoid<S, V>(Sum<S, V>(gates, j + (3 * H), left));
                var c = S.Fma(f, VectorMath.LoadOrZero<S, V>(before, j, left), S.Multiply(i, g));
                VectorMath.Store<S, V>(i, gates + j, left);
                VectorMath.Store<S, V>(f, gates + j + H, left);
                VectorMath.Store<S, V>(g, gates + j + (2 * H), left);
                VectorMath.Store<S, V>(o, gates + j + (3 * H), left);
                VectorMath.Store<S, V>(c, cell + j, left);
                VectorMath.Store<S, V>(S.Multiply(o, VectorMath.Tanh<S, V>(c)), y + j, left);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly V Sum<S, V>(float* gates, int j, int left)
            where S : struct, ISimd<V>
            where V : unmanaged =>
            S.Add(VectorMath.Load<S, V>(gates + j, left), S.Add(VectorMath.LoadOrZero<S, V>(BiasIh, j, left), VectorMath.LoadOrZero<S, V>(BiasHh, j, left)));

        private static void Last(float* from, float* to, in RecurrentShare share) =>
            new Span<float>(from + share.FirstUnit, share.EndUnit - share.FirstUnit).CopyTo(new Span<float>(to + share.FirstUnit, share.EndUnit - share.FirstUnit));
    }

    // weightHh [4H, H], packed scratch; c0 [B, H] or null, dY [B, T, H] or null, gates [B, T, 4H], cells [B, T, H], dGates [B, T, 4H] out,
    // dStates, dCells [B, T, H] out or null, dH, dC [B, H] in and out:
    // do = dh·tanh(c); dc += dh·o·(1 − tanh²(c)); di = dc·g, df = dc·c_{t-1}, dg = dc·i; dc_{t-1} = dc·f; dh_{t-1} = dGates·W_hh.
    internal struct Backward : IKernel
    {
        public float* WeightHh, Packed, C0, DY, Gates, Cells, DGates, DStates, DCells, DH, DC;
        public int B, T, H;
        public bool Reverse;

        public readonly void Run<S, V>(Part part)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            var G = 4 * H;
            var panels = part.Of(MatMulPack.Panels(H, S.Width));
            MatMulPack.Run(WeightHh, H, false, Packed, G, H, S.Width, panels.From, panels.To);
            part.Meet();

            var share = new RecurrentShare(part, B, H, S.Width);
            for (var s = T - 1; s >= 0; s--)
            {
                var at = Recurrent.At(s, T, Reverse);
                for (var b = share.FirstRow; b < share.FirstRow + share.Rows; b++)
                {
                    var row = ((long)b * T) + at;
                    var before = s > 0 ? Cells + ((((long)b * T) + Recurrent.At(s - 1, T, Reverse)) * H) : C0 is null ? null : C0 + ((long)b * H);
                    Cell<S, V>(Gates + (row * G), Cells + (row * H), before, DY is null ? null : DY + (row * H), DH + ((long)b * H), DC + ((long)b * H), row, share.FirstUnit, share.EndUnit);
                }

                if (share.Meets) part.Meet();
                MatMul.Panels<S, V>(DGates + ((((long)share.FirstRow * T) + at) * G), (nint)T * G, 1, Packed, DH + ((long)share.FirstRow * H), H, share.Rows, H, G, share.FromPanel, share.ToPanel, false);
            }
        }

        // gates [4H], cell, before, dY, dH, dC [H], before and dY may be null: units from..to-1 of one row of [B, T].
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Cell<S, V>(float* gates, float* cell, float* before, float* dY, float* dH, float* dC, long row, int from, int to)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            float* dGates = DGates + (row * 4 * H), dState = DStates is null ? null : DStates + (row * H), dCell = DCells is null ? null : DCells + (row * H);
            var one = S.Broadcast(1);
            for (var j = from; j < to; j += S.Width)
            {
                var left = to - j;
                V i = VectorMath.Load<S, V>(gates + j, left), f = VectorMath.Load<S, V>(gates + j + H, left);
                V g = VectorMath.Load<S, V>(gates + j + (2 * H), left), o = VectorMath.Load<S, V>(gates + j + (3 * H), left);
                var squashed = VectorMath.Tanh<S, V>(VectorMath.Load<S, V>(cell + j, left));
                var dh = S.Add(VectorMath.Load<S, V>(dH + j, left), VectorMath.LoadOrZero<S, V>(dY, j, left));
                var dc = S.Fma(S.Multiply(dh, o), S.Subtract(one, S.Multiply(squashed, squashed)), VectorMath.Load<S, V>(dC + j, left));
                var di = S.Multiply(S.Multiply(dc, g), S.Multiply(i, S.Subtract(one, i)));
                var df = S.Multiply(S.Multiply(dc, VectorMath.LoadOrZero<S, V>(before, j, left)), S.Multiply(f, S.Subtract(one, f)));
                var dg = S.Multiply(S.Multiply(dc, i), S.Subtract(one, S.Multiply(g, g)));
                var d = S.Multiply(S.Multiply(dh, squashed), S.Multiply(o, S.Subtract(one, o)));
                if (dState is not null) VectorMath.Store<S, V>(dh, dState + j, left);
                if (dCell is not null) VectorMath.Store<S, V>(dc, dCell + j, left);
                VectorMath.Store<S, V>(di, dGates + j, left);
                VectorMath.Store<S, V>(df, dGates + j + H, left);
                VectorMath.Store<S, V>(dg, dGates + j + (2 * H), left);
                VectorMath.Store<S, V>(d, dGates + j + (3 * H), left);
                VectorMath.Store<S, V>(S.Multiply(dc, f), dC + j, left);
            }
        }
    }
}
