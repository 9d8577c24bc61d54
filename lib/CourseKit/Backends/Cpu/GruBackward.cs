using System.Runtime.CompilerServices;

namespace CourseKit.Backends.Cpu;

// weightHh [3H, H], packed scratch for its r and z rows, then its n rows; dY [B, T, H] or null, previous, inner [B, T, H], gates [B, T, 3H],
// dGates [B, T, 3H] out: what the input product gets; dInner: after [B, T, H] out: what W_hn·h gets, before [B, H] scratch; dH [B, H] in and out:
// dn = dh·(1 − z)·(1 − n²); dz = dh·(h − n)·z(1 − z); after: dInner = dn·r, dr = dn·inner·r(1 − r);
// before: dInner = dn·W_hn, dr = dInner·h·r(1 − r), dh += dInner·r; dh_{t-1} = dh·z + [dr, dz]·W_h(r,z) (+ dInner·W_hn).
internal unsafe struct GruBackward : IKernel
{
    public float* WeightHh, PackedRz, PackedN, DY, Previous, Gates, Inner, DGates, DInner, DH;
    public int B, T, H;
    public bool ResetAfter, Reverse;

    public readonly void Run<S, V>(Part part)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        var G = 3 * H;
        var panels = part.Of(MatMulPack.Panels(H, S.Width));
        MatMulPack.Run(WeightHh, H, false, PackedRz, 2 * H, H, S.Width, panels.From, panels.To);
        MatMulPack.Run(WeightHh + (2L * H * H), H, false, PackedN, H, H, S.Width, panels.From, panels.To);
        part.Meet();

        var share = new RecurrentShare(part, B, H, S.Width);
        var dH = DH + ((long)share.FirstRow * H);
        for (var s = T - 1; s >= 0; s--)
        {
            var at = ((long)share.FirstRow * T) + Recurrent.At(s, T, Reverse);
            var dGates = DGates + (at * G);
            for (var b = 0; b < share.Rows; b++)
            {
                var row = at + ((long)b * T);
                Cell<S, V>(Gates + (row * G), Inner + (row * H), Previous + (row * H), DY is null ? null : DY + (row * H), dH + ((long)b * H), DGates + (row * G), ResetAfter ? DInner + (row * H) : null, share.FirstUnit, share.EndUnit);
            }

            if (share.Meets) part.Meet();
            if (ResetAfter)
            {
                MatMul.Panels<S, V>(DInner + (at * H), (nint)T * H, 1, PackedN, dH, H, share.Rows, H, H, share.FromPanel, share.ToPanel, true);
            }
            else
            {
                var dInner = DInner + ((long)share.FirstRow * H);
                MatMul.Panels<S, V>(dGates + (2 * H), (nint)T * G, 1, PackedN, dInner, H, share.Rows, H, H, share.FromPanel, share.ToPanel, false);
                for (var b = 0; b < share.Rows; b++)
                {
                    var row = at + ((long)b * T);
                    Reset<S, V>(Gates + (row * G), Previous + (row * H), dInner + ((long)b * H), dH + ((long)b * H), DGates + (row * G), share.FirstUnit, share.EndUnit);
                }

                if (share.Meets) part.Meet();
            }

            MatMul.Panels<S, V>(dGates, (nint)T * G, 1, PackedRz, dH, H, share.Rows, H, 2 * H, share.FromPanel, share.ToPanel, true);
        }
    }

    // gates, dGates [3H], inner, before, dY, dH, dInner [H], dY may be null, dInner is null when reset comes before: units from..to-1 of one row.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Cell<S, V>(float* gates, float* inner, float* before, float* dY, float* dH, float* dGates, float* dInner, int from, int to)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        var one = S.Broadcast(1);
        for (var j = from; j < to; j += S.Width)
        {
            var left = to - j;
            V z = VectorMath.Load<S, V>(gates + j + H, left), n = VectorMath.Load<S, V>(gates + j + (2 * H), left);
            var dh = S.Add(VectorMath.Load<S, V>(dH + j, left), VectorMath.LoadOrZero<S, V>(dY, j, left));
            var dn = S.Multiply(S.Multiply(dh, S.Subtract(one, z)), S.Subtract(one, S.Multiply(n, n)));
            var dz = S.Multiply(S.Multiply(dh, S.Subtract(VectorMath.Load<S, V>(before + j, left), n)), S.Multiply(z, S.Subtract(one, z)));
            VectorMath.Store<S, V>(dz, dGates + j + H, left);
            VectorMath.Store<S, V>(dn, dGates + j + (2 * H), left);
            VectorMath.Store<S, V>(S.Multiply(dh, z), dH + j, left);
            if (dInner is null) continue;
            var r = VectorMath.Load<S, V>(gates + j, left);
            VectorMath.Store<S, V>(S.Multiply(dn, r), dInner + j, left);
            VectorMath.Store<S, V>(S.Multiply(S.Multiply(dn, VectorMath.Load<S, V>(inner + j, left)), S.Multiply(r, S.Subtract(one, r))), dGates + j, left);
        }
    }

    // gates, dGates [3H], before, dInner, dH [H]: r of units from..to-1 of one row, when reset comes before.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Reset<S, V>(float* gates, float* before, float* dInner, float* dH, float* dGates, int from, int to)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        for (var j = from; j < to; j += S.Width)
        {
            var left = to - j;
            V r = VectorMath.Load<S, V>(gates + j, left), d = VectorMath.Load<S, V>(dInner + j, left);
            var slope = S.Multiply(r, S.Subtract(S.Broadcast(1), r));
            VectorMath.Store<S, V>(S.Multiply(S.Multiply(d, VectorMath.Load<S, V>(before + j, left)), slope), dGates + j, left);
            VectorMath.Store<S, V>(S.Fma(d, r, VectorMath.Load<S, V>(dH + j, left)), dH + j, left);
        }
    }
}
