using System.Runtime.CompilerServices;

namespace CourseKit.Backends.Cpu;

/// <summary>The forward pass of a gated recurrent unit (Cho et al., 2014) over a whole sequence, in the forms whose reset gate does not come behind the recurrent product.</summary>
internal static unsafe class GruForms
{
    // G gates: before: r, z, n; update only: z, n; minimal: f, n. x [B, T, I], h0 [B, H] or null, weights [GH, I], [GH, H], biases [GH] or null, y [B, T, H], hN [B, H],
    // gates [B, T, GH], inner [B, T, H], none when update only:
    // r, z, f = σ(·); before and minimal: inner = r·h or f·h, n = tanh(x_n + W_hn·inner + b_hn);
    // update only: n = tanh(x_n + W_hn·h + b_hn); h' = (1 − z)·n + z·h, minimal: h' = (1 − f)·h + f·n; what the carry says comes behind.
    internal struct Forward : IKernel
    {
        public GateWeights Input, Hidden;
        public RecurrentCarry Carry;
        public float* X, H0, BiasIh, BiasHh, Y, HN, Gates, Inner;
        public int B, T, H;
        public GruForm Form;
        public bool Reverse;

        public readonly void Run<S, V>(Part part)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            var count = Form.Gates();
            var (G, n) = (count * H, (count - 1) * H);
            Input.Pack(part, count, S.Width);
            Hidden.Pack(part, count, S.Width);
            var share = new RecurrentShare(part, B, H, S.Width);
            if (Carry.IsOn) Carry.Begin<S, V>(share, H0);
            part.Meet();

            var first = (long)share.FirstRow * T;
            var byStep = Recurrent.ByStep(count, Input);
            for (var gate = 0; gate < count && !byStep; gate++)
                Input.Multiply<S, V>(share, gate, X + (first * Input.K), Input.K, Gates + (first * G) + (gate * H), G, share.Rows * T, false);

            for (var s = 0; s < T; s++)
            {
                // before: h_{t-1}, null for zeros; left: what of it the weights see, which lies as far apart.
                var at = Recurrent.At(s, T, Reverse);
                var stride = Carry.IsOn || s > 0 ? (nint)T * H : H;
                var before = s == 0 && H0 is null ? null : Carry.IsOn ? Carry.Before + ((first + at) * H) : s > 0 ? Y + ((first + Recurrent.At(s - 1, T, Reverse)) * H) : H0 + ((long)share.FirstRow * H);
                var left = before is not null && Carry.IsOn ? Carry.Seen + ((first + at) * H) : before;
                var gates = Gates + ((first + at) * G);
                var inner = Inner + ((first + at) * H);
                for (var gate = 0; gate < count && byStep; gate++)
                    Input.Multiply<S, V>(share, gate, X + ((first + at) * Input.K), (nint)T * Input.K, gates + (gate * H), (nint)T * G, share.Rows, false);

                if (left is not null)
                {
                    for (var gate = 0; gate < (Form == GruForm.UpdateOnly ? count : count - 1); gate++)
                        Hidden.Multiply<S, V>(share, gate, left, stride, gates + (gate * H), (nint)T * G, share.Rows, true);
                }

                if (Form != GruForm.UpdateOnly)
                {
                    for (var b = 0; b < share.Rows; b++)
                        Reset<S, V>(gates + ((long)b * T * G), left is null ? null : left + (b * stride), inner + ((long)b * T * H), share.FirstUnit, share.EndUnit);

                    if (share.Meets) part.Meet();
                    Hidden.Multiply<S, V>(share, count - 1, inner, (nint)T * H, gates + n, (nint)T * G, share.Rows, true);
                }

                for (var b = 0; b < share.Rows; b++)
                {
                    var row = first + ((long)b * T) + at;
                    var last = s == T - 1 ? HN + ((long)(share.FirstRow + b) * H) : null;
                    if (Carry.Takes(row)) Cell<S, V>(Gates + (row * G), before is null ? null : before + (b * stride), Y + (row * H), Carry.IsOn ? null : last, share.FirstUnit, share.EndUnit);
                    else PassOver(Gates + (row * G), Inner + (row * H), share);
                    if (Carry.IsOn) Carry.Forward<S, V>(share.FirstRow + b, s, Y + (row * H), Y + (row * H), last, share.FirstUnit, share.EndUnit);
                }

                if (share.Meets) part.Meet();
            }
        }

        // gates [GH]: r or f in: sums without biases, out: the gate; seen [H] or null, inner [H] out: its product with the gate, units from..to-1 of one row.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Reset<S, V>(float* gates, float* seen, float* inner, int from, int to)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            for (var j = from; j < to; j += S.Width)
            {
                var left = to - j;
                var r = VectorMath.Sigmoid<S, V>(Sum<S, V>(gates, j, left));
                VectorMath.Store<S, V>(r, gates + j, left);
                VectorMath.Store<S, V>(S.Multiply(r, VectorMath.LoadOrZero<S, V>(seen, j, left)), inner + j, left);
            }
        }

        // gates [GH] in: sums without biases (Reset's gate is done already), out: the gates; before [H] or null, y [H], last [H] or null: units from..to-1 of one row.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Cell<S, V>(float* gates, float* before, float* y, float* last, int from, int to)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            var (minimal, n) = (Form == GruForm.Minimal, (Form.Gates() - 1) * H);
            var z = n - H;
            for (var j = from; j < to; j += S.Width)
            {
                var left = to - j;
                var update = minimal ? VectorMath.Load<S, V>(gates + j, left) : VectorMath.Sigmoid<S, V>(Sum<S, V>(gates, j + z, left));
                V candidate = VectorMath.Tanh<S, V>(Sum<S, V>(gates, j + n, left)), h = VectorMath.LoadOrZero<S, V>(before, j, left);
                var state = minimal ? S.Fma(update, S.Subtract(candidate, h), h) : S.Fma(update, S.Subtract(h, candidate), candidate);
                VectorMath.Store<S, V>(update, gates + j + z, left);
                VectorMath.Store<S, V>(candidate, gates + j + n, left);
                VectorMath.Store<S, V>(state, y + j, left);
                if (last is not null) VectorMath.Store<S, V>(state, last + j, left);
            }
        }

        // gates [GH], inner [H]: zeros in the units of a row whose step is passed over.
        private readonly void PassOver(float* gates, float* inner, in RecurrentShare share)
        {
            for (var gate = 0; gate < Form.Gates(); gate++) Recurrent.Clear(gates + (gate * H), share);
            if (Form != GruForm.UpdateOnly) Recurrent.Clear(inner, share);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly V Sum<S, V>(float* gates, int j, int left)
            where S : struct, ISimd<V>
            where V : unmanaged =>
            S.Add(VectorMath.Load<S, V>(gates + j, left), S.Add(VectorMath.LoadOrZero<S, V>(BiasIh, j, left), VectorMath.LoadOrZero<S, V>(BiasHh, j, left)));
    }
}
