using System.Runtime.CompilerServices;

namespace CourseKit.Backends.Cpu;

/// <summary>
/// LSTM over a whole sequence with what may be added to it: masks, dropout of the recurrent product, zoneout, peepholes, coupled gates, a projection, a depth gate, layer norm.
/// <see cref="Lstm"/> is the plain one; where nothing is added both give the same bits.
/// </summary>
internal static unsafe partial class LstmFormed
{
    // Buffers as LstmOperands says; y [B, T, P], hN [B, P], cN [B, H]:
    // i = σ(a_i + p_i·c_{t-1}); f = σ(a_f + p_f·c_{t-1}) or 1 − i; g = tanh(a_g); d = σ(W_d·x_t + b_d + w_c·c_{t-1} + w_b·below_t);
    // c~ = f·c_{t-1} + i·g + d·below_t; o = σ(a_o + p_o·c~); h~ = W_hr·(o·tanh(c~)); a = W_ih·x_t + b_ih + W_hh·(m·h_{t-1}) + b_hh;
    // with layer norm a = LN(W_ih·x_t) + b_ih + LN(W_hh·(m·h_{t-1})) + b_hh and h~ = W_hr·(o·tanh(LN(c~)));
    // c_t = z·c_{t-1} + (1 − z)·c~; h_t = z·h_{t-1} + (1 − z)·h~; a step that the mask passes over holds c and h, and y is 0.
    internal struct Forward : IKernel
    {
        public LstmOperands O;
        public GateWeights Input, Hidden, Project, Depth;
        public float* Y, HN, CN;

        public readonly void Run<S, V>(Part part)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            Input.Pack(part, O.Weighed, S.Width);
            Hidden.Pack(part, O.Weighed, S.Width);
            Project.Pack(part, 1, S.Width);
            Depth.Pack(part, 1, S.Width);
            var (T, H, P) = (O.T, O.H, O.P);
            var share = O.Share(part, S.Width);
            var states = O.Shown is null ? share : share.Over(P, S.Width);
            O.Carry.Begin<S, V>(states, O.H0);
            part.Meet();

            var first = (long)share.FirstRow * T;
            var byStep = Recurrent.ByStep(O.Weighed, Input);
            var stride = O.GainIh is null ? 4 * H : O.Weighed * H;
            for (var gate = 0; gate < O.Weighed && !byStep; gate++)
                Input.Multiply<S, V>(share, gate, O.X + (first * O.I), O.I, Sums(O.RawX, first, gate), stride, share.Rows * T, false);
            if (O.Depth is not null) Depth.Multiply<S, V>(share, 0, O.X + (first * O.I), O.I, O.Depth + (first * H), H, share.Rows * T, false);

            for (var s = 0; s < T; s++)
            {
                var row = first + Recurrent.At(s, T, O.Carry.Reverse);
                for (var gate = 0; gate < O.Weighed && byStep; gate++)
                    Input.Multiply<S, V>(share, gate, O.X + (row * O.I), (nint)T * O.I, Sums(O.RawX, row, gate), (nint)T * stride, share.Rows, false);
                for (var gate = 0; gate < O.Weighed && (s > 0 || O.H0 is not null); gate++)
                    Hidden.Multiply<S, V>(share, gate, O.Carry.Seen + (row * P), (nint)T * P, Sums(O.RawH, row, gate), (nint)T * stride, share.Rows, O.GainIh is null);

                for (var b = share.FirstRow; b < share.FirstRow + share.Rows; b++)
                {
                    if (O.GainIh is not null) NormalizeRow<S, V>(O, O.Row(b, s), s > 0 || O.H0 is not null);
                    Cell<S, V>(b, s, share.FirstUnit, share.EndUnit);
                    if (O.GainIh is not null) ShowRow<S, V>(O, O.Row(b, s), (O.Shown is null ? Y : O.Shown) + (O.Row(b, s) * H));
                }

                if (O.Shown is not null)
                {
                    if (share.Meets) part.Meet();
                    Project.Multiply<S, V>(states, 0, O.Shown + (row * H), (nint)T * H, Y + (row * P), (nint)T * P, share.Rows, false);
                }

                for (var b = share.FirstRow; b < share.FirstRow + share.Rows; b++)
                {
                    var y = Y + (O.Row(b, s) * P);
                    O.Carry.Forward<S, V>(b, s, y, y, HN + ((long)b * P), states.FirstUnit, states.EndUnit);
                }

                if (share.Meets) part.Meet();
            }

            for (var b = share.FirstRow; b < share.FirstRow + share.Rows; b++)
            {
                var units = share.EndUnit - share.FirstUnit;
                new Span<float>(O.Cells + (O.Row(b, T - 1) * H) + share.FirstUnit, units).CopyTo(new Span<float>(CN + ((long)b * H) + share.FirstUnit, units));
            }
        }

        // Where a gate's product goes: among the gates, or to raw sums that are normalised first.
        private readonly float* Sums(float* raw, long row, int gate) =>
            O.GainIh is null ? O.Gates + (((row * 4) + O.Stored(gate)) * O.H) : raw + (((row * O.Weighed) + gate) * O.H);

        // Row b's s-th step, units from..to-1: sums become gates, the cell, and o·tanh(c) in shown or y.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Cell<S, V>(int b, int s, int from, int to)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            var H = O.H;
            var row = O.Row(b, s);
            float* gates = O.Gates + (row * 4 * H), before = O.CellBefore(b, s), cell = O.Cells + (row * H), fresh = O.Fresh + (row * H);
            var shown = O.Shown is null ? Y + (row * H) : O.Shown + (row * H);
            if (!O.Taken(row))
            {
                PassOver(row, before, shown, from, to - from);
                return;
            }

            float* below = O.CellBelow is null ? null : O.CellBelow + (row * H), depth = O.CellBelow is null ? null : O.Depth + (row * H);
            var zoneout = O.CellZoneout is null ? null : O.CellZoneout + (row * H);
            var one = S.Broadcast(1);
            for (var j = from; j < to; j += S.Width)
            {
                var left = to - j;
                var c = VectorMath.LoadOrZero<S, V>(before, j, left);
                var i = VectorMath.Sigmoid<S, V>(Through<S, V>(O.PeepholeI, j, left, c, Sum<S, V>(gates + j, j, left)));
                var f = O.Coupled ? S.Subtract(one, i) : VectorMath.Sigmoid<S, V>(Through<S, V>(O.PeepholeF, j, left, c, Sum<S, V>(gates + H + j, H + j, left)));
                var g = VectorMath.Tanh<S, V>(Sum<S, V>(gates + (2 * H) + j, ((O.Weighed - 2) * H) + j, left));
                var next = S.Fma(f, c, S.Multiply(i, g));
                if (below is not null)
                {
                    var under = VectorMath.Load<S, V>(below + j, left);
                    var sum = S.Add(VectorMath.Load<S, V>(depth + j, left), VectorMath.LoadOrZero<S, V>(O.DepthBias, j, left));
                    var d = VectorMath.Sigmoid<S, V>(Through<S, V>(O.DepthFromBelow, j, left, under, Through<S, V>(O.DepthFromCell, j, left, c, sum)));
                    next = S.Fma(d, under, next);
                    VectorMath.Store<S, V>(d, depth + j, left);
                }

                var o = VectorMath.Sigmoid<S, V>(Through<S, V>(O.PeepholeO, j, left, next, Sum<S, V>(gates + (3 * H) + j, ((O.Weighed - 1) * H) + j, left)));
                VectorMath.Store<S, V>(i, gates + j, left);
                VectorMath.Store<S, V>(f, gates + H + j, left);
                VectorMath.Store<S, V>(g, gates + (2 * H) + j, left);
                VectorMath.Store<S, V>(o, gates + (3 * H) + j, left);
                VectorMath.Store<S, V>(next, fresh + j, left);
                VectorMath.Store<S, V>(S.Multiply(o, VectorMath.Tanh<S, V>(next)), shown + j, left);
                if (zoneout is not null) VectorMath.Store<S, V>(Blend<S, V>(VectorMath.Load<S, V>(zoneout + j, left), c, next), cell + j, left);
            }
        }

        private readonly void PassOver(long row, float* before, float* shown, int from, int units)
        {
            for (var gate = 0; gate < 4; gate++) new Span<float>(O.Gates + (row * 4 * O.H) + (gate * O.H) + from, units).Clear();
            new Span<float>(shown + from, units).Clear();
            if (O.CellZoneout is not null) new Span<float>(O.Fresh + (row * O.H) + from, units).Clear();
            if (O.Depth is not null) new Span<float>(O.Depth + (row * O.H) + from, units).Clear();
            Recurrent.Start(before is null ? null : before + from, O.Cells + (row * O.H) + from, units);
        }

        // z·old + (1 − z)·fresh: exactly the one or the other where z is 1 or 0.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Blend<S, V>(V z, V old, V fresh)
            where S : struct, ISimd<V>
            where V : unmanaged => S.Fma(z, old, S.Multiply(S.Subtract(S.Broadcast(1), z), fresh));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly V Sum<S, V>(float* sums, int bias, int left)
            where S : struct, ISimd<V>
            where V : unmanaged =>
            S.Add(VectorMath.Load<S, V>(sums, left), S.Add(VectorMath.LoadOrZero<S, V>(O.BiasIh, bias, left), VectorMath.LoadOrZero<S, V>(O.BiasHh, bias, left)));
    }

    // sum + weight·x, where there is a weight.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Through<S, V>(float* weight, int j, int left, V x, V sum)
        where S : struct, ISimd<V>
        where V : unmanaged => weight is null ? sum : S.Fma(VectorMath.Load<S, V>(weight + j, left), x, sum);
}
