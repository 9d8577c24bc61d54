using System.Runtime.CompilerServices;

namespace CourseKit.Backends.Cpu;

/// <summary>The forward pass of a gated recurrent unit (Cho et al., 2014) over a whole sequence, the reset gate before or after the recurrent product.</summary>
internal static unsafe class Gru
{
    // x [B, T, I], h0 [B, H] or null, weights [3H, I], [3H, H], biases [3H] or null, y, inner [B, T, H], gates [B, T, 3H], hN [B, H]:
    // r, z = σ(·); after: inner = W_hn·h + b_hn, n = tanh(x_n + r·inner); before: inner = r·h, n = tanh(x_n + W_hn·inner + b_hn); h' = (1 − z)·n + z·h.
    internal struct Forward : IKernel
    {
        public GateWeights Input, Hidden;
        public float* X, H0, BiasIh, BiasHh, Y, HN, Gates, Inner;
        public int B, T, H;
        public bool ResetAfter, Reverse;

        public readonly void Run<S, V>(Part part)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            Input.Pack(part, 3, S.Width);
            Hidden.Pack(part, 3, S.Width);
            part.Meet();

            var share = new RecurrentShare(part, B, H, S.Width);
            var (first, G) = ((long)share.FirstRow * T, 3 * H);
            var byStep = Recurrent.ByStep(3, Input);
            for (var gate = 0; gate < 3 && !byStep; gate++)
                Input.Multiply<S, V>(share, gate, X + (first * Input.K), Input.K, Gates + (first * G) + (gate * H), G, share.Rows * T, false);

            for (var s = 0; s < T; s++)
            {
                var at = Recurrent.At(s, T, Reverse);
                var left = s > 0 ? Y + ((first + Recurrent.At(s - 1, T, Reverse)) * H) : H0 is null ? null : H0 + ((long)share.FirstRow * H);
                var leftStride = s > 0 ? (nint)T * H : H;
                var gates = Gates + ((first + at) * G);
                var inner = Inner + ((first + at) * H);
                for (var gate = 0; gate < 3 && byStep; gate++)
                    Input.Multiply<S, V>(share, gate, X + ((first + at) * Input.K), (nint)T * Input.K, gates + (gate * H), (nint)T * G, share.Rows, false);

                if (left is not null)
                {
                    Hidden.Multiply<S, V>(share, 0, left, leftStride, gates, (nint)T * G, share.Rows, true);
                    Hidden.Multiply<S, V>(share, 1, left, leftStride, gates + H, (nint)T * G, share.Rows, true);
                    if (ResetAfter) Hidden.Multiply<S, V>(share, 2, left, leftStride, inner, (nint)T * H, share.Rows, false);
                }

                if (!ResetAfter)
                {
                    for (var b = 0; b < share.Rows; b++)
                        Reset<S, V>(gates + ((long)b * T * G), left is null ? null : left + (b * leftStride), inner + ((long)b * T * H), share.FirstUnit, share.EndUnit);

                    if (share.Meets) part.Meet();
                    Hidden.Multiply<S, V>(share, 2, inner, (nint)T * H, gates + (2 * H), (nint)T * G, share.Rows, true);
                }

                for (var b = 0; b < share.Rows; b++)
                {
                    var last = s == T - 1 ? HN + ((long)(share.FirstRow + b) * H) : null;
                    Cell<S, V>(gates + ((long)b * T * G), left is null ? null : left + (b * leftStride), inner + ((long)b * T * H), Y + ((first + ((long)b * T) + at) * H), last, share.FirstUnit, share.EndUnit);
                }

                if (share.Meets) part.Meet();
            }
        }

        // gates [3H]: r in: sums without biases, out: the gate; before [H] or null, inner [H] out: r·h, units from..to-1 of one row.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Reset<S, V>(float* gates, float* before, float* inner, int from, int to)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            for (var j = from; j < to; j += S.Width)
            {
                var left = to - j;
                var r = VectorMath.Sigmoid<S, V>(Sum<S, V>(gates, j, left, BiasHh));
                VectorMath.Store<S, V>(r, gates + j, left);
                VectorMath.Store<S, V>(S.Multiply(r, VectorMath.LoadOrZero<S, V>(before, j, left)), inner + j, left);
            }
        }

        // gates [3H] in: sums without biases (r is done already when reset comes before), out: r, z, n; before [H] or null, inner, y [H], last [H] or null: units from..to-1 of one row.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Cell<S, V>(float* gates, float* before, float* inner, float* y, float* last, int from, int to)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            for (var j = from; j < to; j += S.Width)
            {
                var left = to - j;
                var z = VectorMath.Sigmoid<S, V>(Sum<S, V>(gates, j + H, left, BiasHh));
                V sum;
                if (ResetAfter)
                {
                    var r = VectorMath.Sigmoid<S, V>(Sum<S, V>(gates, j, left, BiasHh));
                    var product = before is null ? S.Broadcast(0) : VectorMath.Load<S, V>(inner + j, left);
                    product = S.Add(product, VectorMath.LoadOrZero<S, V>(BiasHh, j + (2 * H), left));
                    VectorMath.Store<S, V>(r, gates + j, left);
                    VectorMath.Store<S, V>(product, inner + j, left);
                    sum = S.Fma(r, product, Sum<S, V>(gates, j + (2 * H), left, null));
                }
                else sum = Sum<S, V>(gates, j + (2 * H), left, BiasHh);

                var n = VectorMath.Tanh<S, V>(sum);
                var state = S.Fma(z, S.Subtract(VectorMath.LoadOrZero<S, V>(before, j, left), n), n);
                VectorMath.Store<S, V>(z, gates + j + H, left);
                VectorMath.Store<S, V>(n, gates + j + (2 * H), left);
                VectorMath.Store<S, V>(state, y + j, left);
                if (last is not null) VectorMath.Store<S, V>(state, last + j, left);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly V Sum<S, V>(float* gates, int j, int left, float* second)
            where S : struct, ISimd<V>
            where V : unmanaged =>
            S.Add(VectorMath.Load<S, V>(gates + j, left), S.Add(VectorMath.LoadOrZero<S, V>(BiasIh, j, left), VectorMath.LoadOrZero<S, V>(second, j, left)));
    }
}
