using System.Runtime.CompilerServices;

namespace CourseKit.Backends.Cpu;

// weightHh [3H, H], packed scratch; before [B, T, H]: h_{t-1} of each step, gates [B, T, 3H], inner [B, T, H]; dGates [B, T, 3H] out: what the input product gets; dInner [B, T, H] out:
// what W_hn·h gets; d scratch [2, B], rows DStride apart: dr, dz, dInner of one step, near to the product; the carry's dY and dH:
// dn = dh·(1 − z)·(1 − n²), dz = dh·(h − n)·z(1 − z), dInner = dn·r, dr = dn·inner·r(1 − r); dh_{t-1} = dh·z + [dr, dz, dInner]·W_h; between the carry's Arrive and Join.
internal unsafe struct GruBackward : IKernel
{
    public RecurrentCarry Carry;
    public float* WeightHh, Packed, Before, Gates, Inner, DGates, DInner, D;
    public int B, T, H, DStride;

    [SkipLocalsInit]
    public readonly void Run<S, V>(Part part)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        var G = Gru.Gates * H;
        var panels = part.Of(MatMulPack.Panels(H, S.Width));
        MatMulPack.Run(WeightHh, H, false, Packed, G, H, S.Width, panels.From, panels.To);
        part.Meet();

        var share = RecurrentShare.OfUnits(part, B, H, MatMulPack.PanelColumns(S.Width), G);
        float* room = stackalloc float[((Gru.Gates + 2) * S.Width) + Recurrent.Line];
        var aside = Recurrent.Align(room);
        for (var s = T - 1; s >= 0; s--)
        {
            var d = D + (s % 2 * (long)B * DStride);
            for (var b = share.FirstRow; b < share.EndRow; b++)
            {
                var row = Carry.Row(b, s);
                var dY = Carry.Arrive<S, V>(b, row, share.FirstUnit, share.EndUnit);
                if (Carry.Takes(row)) Units<S, V>(row, dY, Carry.DH + ((long)b * H), d + ((long)b * DStride), share.FirstUnit, share.EndUnit, aside);
                else PassOver(row, d + ((long)b * DStride), share);
                if (Carry.IsOn) Carry.SetAside<S, V>(b, share.FirstUnit, share.EndUnit);
            }

            if (share.Meets) part.Meet();
            MatMul.Panels<S, V>(d + ((long)share.FirstRow * DStride), DStride, 1, Packed, Carry.DH + ((long)share.FirstRow * H), H, share.Rows, H, G, share.FromPanel, share.ToPanel, true);
            if (Carry.IsOn) Carry.Join<S, V>(share);
        }
    }

    // dY [H] or null, dH [H] in: what comes from later steps, out: what goes to h_{t-1} past the weights; d [3H]; units from..to-1 of one row of [B, T].
    // A vector that would not end with the row is written aside and copied.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private readonly void Units<S, V>(long row, float* dY, float* dH, float* d, int from, int to, float* aside)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        float* gates = Gates + (row * Gru.Gates * H), dGates = DGates + (row * Gru.Gates * H);
        float* before = Before + (row * H), inner = Inner + (row * H), dInner = DInner + (row * H);
        var (one, zero, width) = (S.Broadcast(1), S.Broadcast(0), S.Width);
        for (var j = from; j < to; j += width)
        {
            var whole = to - j >= width;
            V r = S.Load(gates + j), z = S.Load(gates + j + H), n = S.Load(gates + j + (2 * H)), h = S.Load(before + j);
            var dh = S.Add(S.Load(dH + j), dY is null ? zero : S.Load(dY + j));
            var rest = S.Subtract(one, z);
            var dn = S.Multiply(S.Multiply(dh, rest), S.Subtract(one, S.Multiply(n, n)));
            var dz = S.Multiply(S.Multiply(dh, S.Subtract(h, n)), S.Multiply(z, rest));
            var di = S.Multiply(dn, r);
            var dr = S.Multiply(S.Multiply(dn, S.Load(inner + j)), S.Multiply(r, S.Subtract(one, r)));
            var (gate, near, far) = whole ? ((nint)H, (nint)(d + j), (nint)(dGates + j)) : (width, (nint)aside, (nint)aside);
            S.Store(dr, (float*)near);
            S.Store(dz, (float*)near + gate);
            S.Store(dr, (float*)far);
            S.Store(dz, (float*)far + gate);
            S.Store(dn, (float*)far + (2 * gate));
            S.Store(di, whole ? d + j + (2 * H) : aside + (3 * width));
            S.Store(di, whole ? dInner + j : aside + (3 * width));
            S.Store(S.Multiply(dh, z), whole ? dH + j : aside + (4 * width));
            if (whole) continue;

            var left = to - j;
            for (var k = 0; k < Gru.Gates; k++)
            {
                Recurrent.Start(aside + (k * width), dGates + j + (k * H), left);
                Recurrent.Start(aside + ((k == 2 ? 3 : k) * width), d + j + (k * H), left);
            }

            Recurrent.Start(aside + (3 * width), dInner + j, left);
            Recurrent.Start(aside + (4 * width), dH + j, left);
        }
    }

    // Zeros in the units of a row whose step is passed over.
    private readonly void PassOver(long row, float* d, in RecurrentShare share)
    {
        for (var k = 0; k < Gru.Gates; k++)
        {
            Recurrent.Clear(DGates + (((row * Gru.Gates) + k) * H), share);
            Recurrent.Clear(d + (k * H), share);
        }

        Recurrent.Clear(DInner + (row * H), share);
    }
}
