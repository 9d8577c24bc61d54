using System.Runtime.CompilerServices;

namespace CourseKit.Backends.Cpu;

internal static unsafe partial class LstmFormed
{
    // weightHh [G, P], packed scratch of it and of the projection [P, H]; dCellsOut [B, T, H] or null; out: dGates [B, T, G] with G = Weighed·H, dDepth [B, T, H],
    // with a projection dFresh [B, T, P]: of h~; dShown [B, H], with no projection the carry's dH; dCells [B, T, H] or null;
    // dCellBelow [B, T, H] added to, or null; with layer norm dNormal [B, T, H], dThrough [B, H], dRawH [B, T, G]; dC [B, H] in and out, and the carry's dH [B, P]:
    // dh~ = (1 − z)·dh; do = (W_hrᵀ·dh~)·tanh(c~); dc~ = (1 − z)·dc + W_hrᵀ·dh~·o·(1 − tanh²(c~)) + p_o·do; di = dc~·g, or dc~·(g − c_{t-1}) when coupled; df = dc~·c_{t-1}; dg = dc~·i;
    // dd = dc~·below; dc_{t-1} = z·dc + dc~·f + p_i·di + p_f·df + w_c·dd; dh_{t-1} = z·dh + m·(dGates·W_hh). A step passed over hands dh and dc on.
    // With layer norm the way from h~ to c~, and that from the gates' sums to W_hh·h_{t-1}, go through it.
    internal struct Backward : IKernel
    {
        public LstmOperands O;
        public float* WeightHh, Packed, Projection, PackedProjection;
        public float* DCellsOut, DGates, DDepth, DFresh, DShown, DCells, DCellBelow, DNormal, DThrough, DRawH, DC;

        public readonly void Run<S, V>(Part part)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            var (T, H, P, G) = (O.T, O.H, O.P, O.Weighed * O.H);
            var panels = part.Of(MatMulPack.Panels(P, S.Width));
            MatMulPack.Run(WeightHh, P, false, Packed, G, P, S.Width, panels.From, panels.To);
            if (Projection is not null)
            {
                panels = part.Of(MatMulPack.Panels(H, S.Width));
                MatMulPack.Run(Projection, H, false, PackedProjection, P, H, S.Width, panels.From, panels.To);
            }

            part.Meet();
            var share = O.Share(part, S.Width);
            var states = Projection is null ? share : share.Over(P, S.Width);
            var (first, end) = (share.FirstRow, share.FirstRow + share.Rows);
            for (var s = T - 1; s >= 0; s--)
            {
                var row = O.Row(first, s);
                for (var b = first; b < end; b++)
                {
                    O.Carry.Arrive<S, V>(b, O.Row(b, s), states.FirstUnit, states.EndUnit);
                    if (Projection is not null) Copy(O.Carry.DH + ((long)b * P), DFresh + (O.Row(b, s) * P), states);
                }

                if (Projection is not null)
                {
                    if (share.Meets) part.Meet();
                    MatMul.Panels<S, V>(DFresh + (row * P), (nint)T * P, 1, PackedProjection, DShown + ((long)first * H), H, share.Rows, H, P, share.FromPanel, share.ToPanel, false);
                }

                for (var b = first; b < end; b++)
                {
                    var at = O.Row(b, s);
                    if (O.GainIh is not null) ShowRowBackward<S, V>(O, at, DShown + ((long)b * H), DGates + (at * G) + (G - H), DNormal + (at * H), DThrough + ((long)b * H));
                    Cell<S, V>(b, s, share.FirstUnit, share.EndUnit);
                    if (O.GainIh is null) continue;
                    new Span<float>(DRawH + (at * G), G).Clear();
                    LayerNorm.RowInput<S, V>(O.RawH + (at * G), O.GainHh, O.StatisticsH + (at * 2), DGates + (at * G), DRawH + (at * G), G);
                }

                if (share.Meets) part.Meet();
                MatMul.Panels<S, V>((O.GainIh is null ? DGates : DRawH) + (row * G), (nint)T * G, 1, Packed, O.Carry.DH + ((long)first * P), P, share.Rows, P, G, states.FromPanel, states.ToPanel, false);
                O.Carry.Join<S, V>(states);
            }
        }

        private static void Copy(float* from, float* to, in RecurrentShare share) =>
            new Span<float>(from + share.FirstUnit, share.EndUnit - share.FirstUnit).CopyTo(new Span<float>(to + share.FirstUnit, share.EndUnit - share.FirstUnit));

        // Row b's s-th step, units from..to-1 of the cell and the gates.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Cell<S, V>(int b, int s, int from, int to)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            var H = O.H;
            var row = O.Row(b, s);
            float* gates = O.Gates + (row * 4 * H), dGates = DGates + (row * O.Weighed * H), before = O.CellBefore(b, s), fresh = O.Fresh + (row * H);
            float* dC = DC + ((long)b * H), dShown = DShown + ((long)b * H), dCellsOut = DCellsOut is null ? null : DCellsOut + (row * H);
            float* zoneout = O.CellZoneout is null ? null : O.CellZoneout + (row * H), dCells = DCells is null ? null : DCells + (row * H);
            float* dThrough = O.GainIh is null ? null : DThrough + ((long)b * H);
            var taken = O.Taken(row);
            var one = S.Broadcast(1);
            for (var j = from; j < to; j += S.Width)
            {
                var left = to - j;
                var dNext = S.Add(VectorMath.Load<S, V>(dC + j, left), VectorMath.LoadOrZero<S, V>(dCellsOut, j, left));
                if (!taken)
                {
                    VectorMath.Store<S, V>(dNext, dC + j, left);
                    if (dCells is not null) VectorMath.Store<S, V>(dNext, dCells + j, left);
                    for (var gate = 0; gate < O.Weighed; gate++) VectorMath.Store<S, V>(S.Broadcast(0), dGates + (gate * H) + j, left);
                    if (O.CellBelow is not null) VectorMath.Store<S, V>(S.Broadcast(0), DDepth + (row * H) + j, left);
                    continue;
                }

                V i = VectorMath.Load<S, V>(gates + j, left), f = VectorMath.Load<S, V>(gates + H + j, left);
                V g = VectorMath.Load<S, V>(gates + (2 * H) + j, left), o = VectorMath.Load<S, V>(gates + (3 * H) + j, left);
                var c = VectorMath.LoadOrZero<S, V>(before, j, left);
                var past = S.Multiply(dNext, VectorMath.LoadOrZero<S, V>(zoneout, j, left));
                var direct = S.Subtract(dNext, past);
                V dOut, dc;
                if (dThrough is null)
                {
                    var squashed = VectorMath.Tanh<S, V>(VectorMath.Load<S, V>(fresh + j, left));
                    var dh = VectorMath.Load<S, V>(dShown + j, left);
                    dOut = S.Multiply(S.Multiply(dh, squashed), S.Multiply(o, S.Subtract(one, o)));
                    dc = S.Fma(S.Multiply(dh, o), S.Subtract(one, S.Multiply(squashed, squashed)), direct);
                }
                else
                {
                    dOut = VectorMath.Load<S, V>(dGates + ((O.Weighed - 1) * H) + j, left);
                    dc = S.Add(VectorMath.Load<S, V>(dThrough + j, left), direct);
                }

                dc = Through<S, V>(O.PeepholeO, j, left, dOut, dc);
                if (dCells is not null)
                {
                    // Where zoneout holds the old cell the new one reached h, not c.
                    var reached = zoneout is null ? dc : S.Fma(S.Subtract(one, VectorMath.Load<S, V>(zoneout + j, left)), S.Subtract(dc, direct), dNext);
                    VectorMath.Store<S, V>(reached, dCells + j, left);
                }

                var di = S.Multiply(S.Multiply(dc, O.Coupled ? S.Subtract(g, c) : g), S.Multiply(i, S.Subtract(one, i)));
                var dg = S.Multiply(S.Multiply(dc, i), S.Subtract(one, S.Multiply(g, g)));
                past = Through<S, V>(O.PeepholeI, j, left, di, S.Fma(dc, f, past));
                VectorMath.Store<S, V>(di, dGates + j, left);
                VectorMath.Store<S, V>(dg, dGates + ((O.Weighed - 2) * H) + j, left);
                VectorMath.Store<S, V>(dOut, dGates + ((O.Weighed - 1) * H) + j, left);
                if (!O.Coupled)
                {
                    var df = S.Multiply(S.Multiply(dc, c), S.Multiply(f, S.Subtract(one, f)));
                    past = Through<S, V>(O.PeepholeF, j, left, df, past);
                    VectorMath.Store<S, V>(df, dGates + H + j, left);
                }

                if (O.CellBelow is not null) past = Below<S, V>((row * H) + j, j, left, dc, past);
                VectorMath.Store<S, V>(past, dC + j, left);
            }
        }

        // The depth gate at place at of [B, T, H], unit j: adds what goes to the cell before to past.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly V Below<S, V>(long at, int j, int left, V dc, V past)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            V d = VectorMath.Load<S, V>(O.Depth + at, left), under = VectorMath.Load<S, V>(O.CellBelow + at, left);
            var dd = S.Multiply(S.Multiply(dc, under), S.Multiply(d, S.Subtract(S.Broadcast(1), d)));
            VectorMath.Store<S, V>(dd, DDepth + at, left);
            if (DCellBelow is not null)
                VectorMath.Store<S, V>(S.Add(VectorMath.Load<S, V>(DCellBelow + at, left), Through<S, V>(O.DepthFromBelow, j, left, dd, S.Multiply(dc, d))), DCellBelow + at, left);
            return Through<S, V>(O.DepthFromCell, j, left, dd, past);
        }
    }
}
