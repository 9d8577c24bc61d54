using System.Runtime.CompilerServices;

namespace CourseKit.Backends.Cpu;

// weightHh [4H, H], packed scratch; c0 [B, H] or null, dY [B, T, H] or null, gates [B, T, 4H], cells [B, T, H], dGates [B, T, 4H] out, dStates, dCells [B, T, H] out or null, dH, dC [B, H] in and out;
// d scratch [2, B], rows DStride apart: the gradients of one step's gates, near to the product:
// do = dh·tanh(c); dc += dh·o·(1 − tanh²(c)); di = dc·g, df = dc·c_{t-1}, dg = dc·i; dc_{t-1} = dc·f; dh_{t-1} = dGates·W_hh.
internal unsafe struct LstmBackward : IKernel
{
    public float* WeightHh, Packed, C0, DY, Gates, Cells, DGates, DStates, DCells, DH, DC, D;
    public int B, T, H, DStride;
    public bool Reverse;

    [SkipLocalsInit]
    public readonly void Run<S, V>(Part part)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        var G = Lstm.Gates * H;
        var panels = part.Of(MatMulPack.Panels(H, S.Width));
        MatMulPack.Run(WeightHh, H, false, Packed, G, H, S.Width, panels.From, panels.To);
        part.Meet();

        var share = RecurrentShare.OfUnits(part, B, H, MatMulPack.PanelColumns(S.Width), G);
        float* room = stackalloc float[((Lstm.Gates + 3) * S.Width) + Recurrent.Line];
        var aside = Recurrent.Align(room);
        for (var s = T - 1; s >= 0; s--)
        {
            var d = D + (s % 2 * (long)B * DStride);
            for (var b = share.FirstRow; b < share.EndRow; b++) Units<S, V>(s, b, d + ((long)b * DStride), share.FirstUnit, share.EndUnit, aside);
            if (share.Meets) part.Meet();
            MatMul.Panels<S, V>(d + ((long)share.FirstRow * DStride), DStride, 1, Packed, DH + ((long)share.FirstRow * H), H, share.Rows, H, G, share.FromPanel, share.ToPanel, false);
        }
    }

    // d [4H]; units from..to-1 of row b. A vector that would not end with the row is written aside and copied.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private readonly void Units<S, V>(int s, int b, float* d, int from, int to, float* aside)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        var row = ((long)b * T) + Recurrent.At(s, T, Reverse);
        float* gates = Gates + (row * Lstm.Gates * H), cell = Cells + (row * H), dY = DY is null ? null : DY + (row * H), dH = DH + ((long)b * H), dC = DC + ((long)b * H);
        var before = s > 0 ? Cells + ((((long)b * T) + Recurrent.At(s - 1, T, Reverse)) * H) : C0 is null ? null : C0 + ((long)b * H);
        float* dGates = DGates + (row * Lstm.Gates * H), dState = DStates is null ? null : DStates + (row * H), dCell = DCells is null ? null : DCells + (row * H);
        var (one, zero, width) = (S.Broadcast(1), S.Broadcast(0), S.Width);
        for (var j = from; j < to; j += width)
        {
            var whole = to - j >= width;
            V i = S.Load(gates + j), f = S.Load(gates + j + H), g = S.Load(gates + j + (2 * H)), o = S.Load(gates + j + (3 * H));
            var squashed = VectorMath.Tanh<S, V>(S.Load(cell + j));
            var dh = S.Add(S.Load(dH + j), dY is null ? zero : S.Load(dY + j));
            var dc = S.Fma(S.Multiply(dh, o), S.Subtract(one, S.Multiply(squashed, squashed)), S.Load(dC + j));
            var di = S.Multiply(S.Multiply(dc, g), S.Multiply(i, S.Subtract(one, i)));
            var df = S.Multiply(S.Multiply(dc, before is null ? zero : S.Load(before + j)), S.Multiply(f, S.Subtract(one, f)));
            var dg = S.Multiply(S.Multiply(dc, i), S.Subtract(one, S.Multiply(g, g)));
            var output = S.Multiply(S.Multiply(dh, squashed), S.Multiply(o, S.Subtract(one, o)));
            var (near, gate) = whole ? ((nint)(d + j), (nint)H) : ((nint)aside, width);
            var far = whole ? dGates + j : aside;
            S.Store(di, (float*)near);
            S.Store(df, (float*)near + gate);
            S.Store(dg, (float*)near + (2 * gate));
            S.Store(output, (float*)near + (3 * gate));
            S.Store(di, far);
            S.Store(df, far + gate);
            S.Store(dg, far + (2 * gate));
            S.Store(output, far + (3 * gate));
            S.Store(S.Multiply(dc, f), whole ? dC + j : aside + (4 * width));
            S.Store(dh, whole && dState is not null ? dState + j : aside + (5 * width));
            S.Store(dc, whole && dCell is not null ? dCell + j : aside + (6 * width));
            if (whole) continue;

            var left = to - j;
            for (var k = 0; k < Lstm.Gates; k++)
            {
                Recurrent.Start(aside + (k * width), d + j + (k * H), left);
                Recurrent.Start(aside + (k * width), dGates + j + (k * H), left);
            }

            Recurrent.Start(aside + (4 * width), dC + j, left);
            if (dState is not null) Recurrent.Start(aside + (5 * width), dState + j, left);
            if (dCell is not null) Recurrent.Start(aside + (6 * width), dCell + j, left);
        }
    }
}
