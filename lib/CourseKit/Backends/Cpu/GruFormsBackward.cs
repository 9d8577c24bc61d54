using System.Runtime.CompilerServices;

namespace CourseKit.Backends.Cpu;

// weightHh [GH, H], packed scratch for its rows but n's, then n's; before, seen [B, T, H]: h_{t-1} of each step and what of it the weights saw, gates [B, T, GH],
// dGates [B, T, GH] out; dInner [B, H] scratch; the carry's dY and dH:
// dn = dh·(1 − z)·(1 − n²), dz = dh·(h − n)·z(1 − z), minimal: dn = dh·f·(1 − n²);
// before and minimal: dInner = dn·W_hn, dr = dInner·h·r(1 − r), df = (dh·(n − h) + dInner·h)·f(1 − f), dh_{t-1} gets dInner·r or dInner·f;
// dh_{t-1} = dh·z or dh·(1 − f) + [the gates' d but n's]·W_h + dn·W_hn when update only; between the carry's Arrive and Join.
internal unsafe struct GruFormsBackward : IKernel
{
    public RecurrentCarry Carry;
    public float* WeightHh, PackedGates, PackedN, Before, Seen, Gates, DGates, DInner;
    public int B, T, H;
    public GruForm Form;

    public readonly void Run<S, V>(Part part)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        var G = Form.Gates() * H;
        var n = G - H;
        var panels = part.Of(MatMulPack.Panels(H, S.Width));
        MatMulPack.Run(WeightHh, H, false, PackedGates, n, H, S.Width, panels.From, panels.To);
        MatMulPack.Run(WeightHh + ((long)n * H), H, false, PackedN, H, H, S.Width, panels.From, panels.To);
        part.Meet();

        var share = new RecurrentShare(part, B, H, S.Width);
        var dH = Carry.DH + ((long)share.FirstRow * H);
        for (var s = T - 1; s >= 0; s--)
        {
            var at = Carry.Row(share.FirstRow, s);
            var dGates = DGates + (at * G);
            for (var b = share.FirstRow; b < share.FirstRow + share.Rows; b++)
            {
                var row = Carry.Row(b, s);
                var dY = Carry.Arrive<S, V>(b, row, share.FirstUnit, share.EndUnit);
                if (Carry.Takes(row)) Cell<S, V>(row, dY, Carry.DH + ((long)b * H), share.FirstUnit, share.EndUnit);
                else PassOver(row, share);
                if (Carry.IsOn) Carry.SetAside<S, V>(b, share.FirstUnit, share.EndUnit);
            }

            if (share.Meets) part.Meet();
            if (Form != GruForm.UpdateOnly)
            {
                var dInner = DInner + ((long)share.FirstRow * H);
                MatMul.Panels<S, V>(dGates + n, (nint)T * G, 1, PackedN, dInner, H, share.Rows, H, H, share.FromPanel, share.ToPanel, false);
                for (var b = 0; b < share.Rows; b++)
                {
                    var row = at + ((long)b * T);
                    Reset<S, V>(Gates + (row * G), Seen + (row * H), dInner + ((long)b * H), dH + ((long)b * H), DGates + (row * G), share.FirstUnit, share.EndUnit);
                }

                if (share.Meets) part.Meet();
            }
            else MatMul.Panels<S, V>(dGates + n, (nint)T * G, 1, PackedN, dH, H, share.Rows, H, H, share.FromPanel, share.ToPanel, true);

            MatMul.Panels<S, V>(dGates, (nint)T * G, 1, PackedGates, dH, H, share.Rows, H, n, share.FromPanel, share.ToPanel, true);
            if (Carry.IsOn) Carry.Join<S, V>(share);
        }
    }

    // dY [H] or null, dH [H] in: what comes from later steps, out: what goes to h_{t-1} past the weights: units from..to-1 of one row of [B, T].
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Cell<S, V>(long row, float* dY, float* dH, int from, int to)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        var G = Form.Gates() * H;
        var (minimal, nAt, zAt) = (Form == GruForm.Minimal, G - H, G - (2 * H));
        float* gates = Gates + (row * G), dGates = DGates + (row * G), before = Before + (row * H);
        var one = S.Broadcast(1);
        for (var j = from; j < to; j += S.Width)
        {
            var left = to - j;
            V z = VectorMath.Load<S, V>(gates + j + zAt, left), n = VectorMath.Load<S, V>(gates + j + nAt, left);
            V dh = S.Add(VectorMath.Load<S, V>(dH + j, left), VectorMath.LoadOrZero<S, V>(dY, j, left)), h = VectorMath.Load<S, V>(before + j, left);
            V rest = S.Subtract(one, z), taken = minimal ? z : rest, kept = minimal ? rest : z;
            var dn = S.Multiply(S.Multiply(dh, taken), S.Subtract(one, S.Multiply(n, n)));

            // Of f this is the gate's gradient by the blend alone; Reset adds the rest.
            var dz = minimal ? S.Multiply(dh, S.Subtract(n, h)) : S.Multiply(S.Multiply(dh, S.Subtract(h, n)), S.Multiply(z, rest));
            VectorMath.Store<S, V>(dz, dGates + j + zAt, left);
            VectorMath.Store<S, V>(dn, dGates + j + nAt, left);
            VectorMath.Store<S, V>(S.Multiply(dh, kept), dH + j, left);
        }
    }

    // gates, dGates [GH], seen, dInner, dH [H]: r or f of units from..to-1 of one row, when it comes before the product.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Reset<S, V>(float* gates, float* seen, float* dInner, float* dH, float* dGates, int from, int to)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        var minimal = Form == GruForm.Minimal;
        for (var j = from; j < to; j += S.Width)
        {
            var left = to - j;
            V r = VectorMath.Load<S, V>(gates + j, left), d = VectorMath.Load<S, V>(dInner + j, left);
            var slope = S.Multiply(r, S.Subtract(S.Broadcast(1), r));
            var dr = S.Multiply(d, VectorMath.Load<S, V>(seen + j, left));
            if (minimal) dr = S.Add(dr, VectorMath.Load<S, V>(dGates + j, left));
            VectorMath.Store<S, V>(S.Multiply(dr, slope), dGates + j, left);
            VectorMath.Store<S, V>(S.Fma(d, r, VectorMath.Load<S, V>(dH + j, left)), dH + j, left);
        }
    }

    // Zeros in the units of a row whose step is passed over.
    private readonly void PassOver(long row, in RecurrentShare share)
    {
        var count = Form.Gates();
        for (var gate = 0; gate < count; gate++) Recurrent.Clear(DGates + (((row * count) + gate) * H), share);
    }
}
