namespace CourseKit.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    // Reserve: gates, [B, T, G·H], but for UpdateOnly inner, [B, T, H], then what the carry keeps.

    /// <inheritdoc/>
    public int GruReserve(GruForm form, in RecurrentSequence s) =>
        checked((form.Gates() + (form == GruForm.UpdateOnly ? 0 : 1) + RecurrentCarry.Buffers(s)) * s.B * s.T * s.H);

    /// <inheritdoc/>
    public void GruForward(GruForm form, in RecurrentSequence s, Storage y, Storage hN, Storage? reserve)
    {
        if (form != GruForm.ResetAfter)
        {
            GruFormsForward(form, s, y, hN, reserve);
            return;
        }

        var (B, T, I, H) = (s.B, s.T, s.I, s.H);
        var scratch = reserve is null && RecurrentCarry.Buffers(s) > 0 ? device.Pool.Rent(GruReserve(form, s)) : null;
        var kept = scratch is null ? Memory(reserve) : scratch.Pointer;
        var stride = Recurrent.Stride(H);
        var ahead = RentAhead(s, Gru.Gates, Gru.Gates + 1);
        var near = Scratch(Gru.Gates + 1 + (2 * B), stride);
        var packed = RentUnits(Gru.Gates, B * T, I, H);
        var kernel = new Gru.Forward
        {
            Input = Units(s.WeightIh, packed, 0, Gru.Gates, 1, I, H, turn: 1),
            Hidden = Units(s.WeightHh, packed, UnitWeights.Length(Gru.Gates, I, H, device.Width), Gru.Gates, 1, H, H),
            Carry = Carry(s, Carried(form, s, kept)),
            X = Memory(s.X),
            H0 = Memory(s.H0),
            BiasIh = Memory(s.BiasIh),
            BiasHh = Memory(s.BiasHh),
            Y = Memory(y),
            HN = Memory(hN),
            Kept = kept,
            Inner = kept + ((long)Gru.Gates * B * T * H),
            Bias = near.Pointer,
            States = near.Pointer + ((Gru.Gates + 1) * stride),
            Ahead = ahead is null ? null : ahead.Pointer,
            B = B,
            T = T,
            H = H,
            Stride = stride,
            Reverse = s.Reverse,
        };
        device.Run(ref kernel, Recurrent.Parts(B, T, (long)Gru.Gates * B * H * (I + H), packed is not null), 1);
        GiveBack(packed);
        GiveBack(ahead);
        GiveBack(near);
        GiveBack(scratch);
        Keep(s);
        Keep(y, hN, reserve);
    }

    /// <inheritdoc/>
    public void GruBackward(GruForm form, in RecurrentSequence s, Storage y, Storage reserve, in RecurrentGradients d)
    {
        if (form != GruForm.ResetAfter)
        {
            GruFormsBackward(form, s, y, reserve, d);
            return;
        }

        var (B, T, I, H) = (s.B, s.T, s.I, s.H);
        var (rows, G) = (B * T, Gru.Gates * H);
        CpuBlock dH = Scratch(B, H), dInner = Scratch(rows, H), packed = device.Pool.Rent(MatMulPack.Length(G, H, device.Width)), near = Scratch(2 * B, Recurrent.Stride(G));
        var scratch = d.DGates is null ? Scratch(rows, G) : null;
        float* dGates = scratch is null ? Memory(d.DGates) : scratch.Pointer, gates = Memory(reserve);
        Recurrent.Start(Memory(d.DHN), dH.Pointer, B * H);

        var past = RecurrentCarry.Buffers(s) == 0 ? null : Scratch(B, H);
        var carry = Carry(s, Carried(form, s, gates));
        Back(ref carry, d, dH, past);
        var kernel = new GruBackward
        {
            Carry = carry,
            WeightHh = Memory(s.WeightHh),
            Packed = packed.Pointer,
            Y = Memory(y),
            H0 = Memory(s.H0),
            Gates = gates,
            Inner = gates + ((long)rows * G),
            DGates = dGates,
            DInner = dInner.Pointer,
            D = near.Pointer,
            B = B,
            T = T,
            H = H,
            DStride = Recurrent.Stride(G),
        };
        device.Run(ref kernel, Recurrent.Parts(B, T, (long)B * G * H, packs: true), 1);
        GiveBack(packed);
        GiveBack(near);
        GiveBack(past);

        WeightGradients(s, y, carry, dGates, G, dInner.Pointer, d);
        Recurrent.InputGradient(device, dGates, Memory(s.WeightIh), Accumulate(d.DX), rows, G, I);

        // The hidden side of r and z gets what their input side gets; that of n gets dInner.
        var n = G - H;
        Rows.Sum(device, dGates, G, Memory(d.DBiasIh), Memory(d.DBiasHh), rows, n);
        Rows.Sum(device, dGates + n, G, After(d.DBiasIh, n), null, rows, H);
        Rows.Sum(device, dInner.Pointer, H, After(d.DBiasHh, n), null, rows, H);
        AddAndReturn(dH, d.DH0);
        GiveBack(scratch);
        GiveBack(dInner);
        Keep(s);
        Keep(d);
        Keep(y, reserve);
    }

    private static float* Carried(GruForm form, in RecurrentSequence s, float* gates) =>
        gates + ((form.Gates() + (form == GruForm.UpdateOnly ? 0L : 1)) * s.B * s.T * s.H);

    private static float* After(Storage? storage, long skipped) => storage is null ? null : Memory(storage) + skipped;
}
