namespace CourseKit.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public int GruReserve(GruForm form, in RecurrentSequence s) => checked(4 * s.B * s.T * s.H);

    /// <inheritdoc/>
    public void GruForward(GruForm form, in RecurrentSequence s, Storage y, Storage hN, Storage? reserve)
    {
        var (B, T, I, H) = (s.B, s.T, s.I, s.H);
        var scratch = reserve is null ? Scratch(B * T, 4 * H) : null;
        var kept = scratch is null ? Memory(reserve) : scratch.Pointer;
        var packed = RentPacked(3, B * T, I, H);
        var kernel = new Gru.Forward
        {
            Input = Gates(s.WeightIh, packed, 0, I, H),
            Hidden = Gates(s.WeightHh, packed, 3 * Recurrent.PackedGate(I, H, device.Width), H, H),
            X = Memory(s.X),
            H0 = Memory(s.H0),
            BiasIh = Memory(s.BiasIh),
            BiasHh = Memory(s.BiasHh),
            Y = Memory(y),
            HN = Memory(hN),
            Gates = kept,
            Inner = kept + (3L * B * T * H),
            B = B,
            T = T,
            H = H,
            ResetAfter = form == GruForm.ResetAfter,
            Reverse = s.Reverse,
        };
        device.Run(ref kernel, Recurrent.Parts(B, T, 3L * B * H * (I + H), packed is not null), 1);
        GiveBack(packed);
        GiveBack(scratch);
        Keep(s);
        Keep(y, hN, reserve);
    }

    /// <inheritdoc/>
    public void GruBackward(GruForm form, in RecurrentSequence s, Storage y, Storage reserve, in RecurrentGradients d)
    {
        var (B, T, I, H) = (s.B, s.T, s.I, s.H);
        var (rows, G) = (B * T, 3 * H);
        var forRz = MatMulPack.Length(2 * H, H, device.Width);
        CpuBlock dGates = Scratch(rows, G), dInner = Scratch(form == GruForm.ResetAfter ? rows : B, H), dH = Scratch(B, H), previous = Scratch(rows, H);
        var packed = device.Pool.Rent(forRz + MatMulPack.Length(H, H, device.Width));
        float* gates = Memory(reserve), inner = gates + ((long)rows * G), dN = dGates.Pointer + (2 * H);
        Recurrent.Start(Memory(d.DHN), dH.Pointer, B * H);
        Recurrent.PreviousStates(device, Memory(y), Memory(s.H0), previous.Pointer, B, T, H, s.Reverse);
        var kernel = new GruBackward
        {
            WeightHh = Memory(s.WeightHh),
            PackedRz = packed.Pointer,
            PackedN = packed.Pointer + forRz,
            DY = Memory(d.DY),
            Previous = previous.Pointer,
            Gates = gates,
            Inner = inner,
            DGates = dGates.Pointer,
            DInner = dInner.Pointer,
            DH = dH.Pointer,
            B = B,
            T = T,
            H = H,
            ResetAfter = form == GruForm.ResetAfter,
            Reverse = s.Reverse,
        };
        device.Run(ref kernel, Recurrent.Parts(B, T, (long)B * G * H, packs: true), 1);
        GiveBack(packed);

        Recurrent.WeightGradient(device, dGates.Pointer, G, Memory(s.X), Memory(d.DWeightIh), rows, G, I);
        Recurrent.InputGradient(device, dGates.Pointer, Memory(s.WeightIh), Memory(d.DX), rows, G, I);

        // The hidden side of r and z gets what their input side gets; n's multiplies h when reset comes after, and r·h when before.
        var dWeightN = d.DWeightHh is null ? null : Memory(d.DWeightHh) + (2L * H * H);
        Recurrent.WeightGradient(device, dGates.Pointer, G, previous.Pointer, Memory(d.DWeightHh), rows, 2 * H, H);
        if (form == GruForm.ResetAfter)
        {
            Recurrent.WeightGradient(device, dInner.Pointer, H, previous.Pointer, dWeightN, rows, H, H);
            Rows.Sum(device, dGates.Pointer, G, Memory(d.DBiasIh), null, rows, G);
            Rows.Sum(device, dGates.Pointer, G, Memory(d.DBiasHh), null, rows, 2 * H);
            Rows.Sum(device, dInner.Pointer, H, d.DBiasHh is null ? null : Memory(d.DBiasHh) + (2 * H), null, rows, H);
        }
        else
        {
            Recurrent.WeightGradient(device, dN, G, inner, dWeightN, rows, H, H);
            Rows.Sum(device, dGates.Pointer, G, Memory(d.DBiasIh), Memory(d.DBiasHh), rows, G);
        }

        AddAndReturn(dH, d.DH0);
        GiveBack(dGates);
        GiveBack(dInner);
        GiveBack(previous);
        Keep(s);
        Keep(d);
        Keep(y, reserve);
    }
}
