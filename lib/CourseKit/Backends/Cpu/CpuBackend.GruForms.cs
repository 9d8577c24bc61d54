namespace CourseKit.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    private void GruFormsForward(GruForm form, in RecurrentSequence s, Storage y, Storage hN, Storage? reserve)
    {
        var (B, T, I, H, count) = (s.B, s.T, s.I, s.H, form.Gates());
        var scratch = reserve is null ? device.Pool.Rent(GruReserve(form, s)) : null;
        var gates = scratch is null ? Memory(reserve) : scratch.Pointer;
        var packed = RentPacked(count, B * T, I, H);
        var kernel = new GruForms.Forward
        {
            Input = Gates(s.WeightIh, packed, 0, I, H),
            Hidden = Gates(s.WeightHh, packed, count * Recurrent.PackedGate(I, H, device.Width), H, H),
            Carry = Carry(s, Carried(form, s, gates)),
            X = Memory(s.X),
            H0 = Memory(s.H0),
            BiasIh = Memory(s.BiasIh),
            BiasHh = Memory(s.BiasHh),
            Y = Memory(y),
            HN = Memory(hN),
            Gates = gates,
            Inner = gates + ((long)count * B * T * H),
            B = B,
            T = T,
            H = H,
            Form = form,
            Reverse = s.Reverse,
        };
        device.Run(ref kernel, Recurrent.Parts(B, T, (long)count * B * H * (I + H), packed is not null), 1);
        GiveBack(packed);
        GiveBack(scratch);
        Keep(s);
        Keep(y, hN, reserve);
    }

    private void GruFormsBackward(GruForm form, in RecurrentSequence s, Storage y, Storage reserve, in RecurrentGradients d)
    {
        var (B, T, I, H) = (s.B, s.T, s.I, s.H);
        var (rows, G) = (B * T, form.Gates() * H);
        var forGates = MatMulPack.Length(G - H, H, device.Width);
        CpuBlock dH = Scratch(B, H), dInner = Scratch(B, H), packed = device.Pool.Rent(forGates + MatMulPack.Length(H, H, device.Width));
        var scratch = d.DGates is null ? Scratch(rows, G) : null;
        float* dGates = scratch is null ? Memory(d.DGates) : scratch.Pointer, gates = Memory(reserve), inner = gates + ((long)rows * G);
        Recurrent.Start(Memory(d.DHN), dH.Pointer, B * H);

        var past = RecurrentCarry.Buffers(s) == 0 ? null : Scratch(B, H);
        var carry = Carry(s, Carried(form, s, gates));
        Back(ref carry, d, dH, past);
        var previous = carry.IsOn ? null : Scratch(rows, H);
        if (previous is not null) Recurrent.PreviousStates(device, Memory(y), Memory(s.H0), previous.Pointer, B, T, H, s.Reverse);
        float* before = previous is null ? carry.Before : previous.Pointer, seen = previous is null ? carry.Seen : previous.Pointer;
        var kernel = new GruFormsBackward
        {
            Carry = carry,
            WeightHh = Memory(s.WeightHh),
            PackedGates = packed.Pointer,
            PackedN = packed.Pointer + forGates,
            Before = before,
            Seen = seen,
            Gates = gates,
            DGates = dGates,
            DInner = dInner.Pointer,
            B = B,
            T = T,
            H = H,
            Form = form,
        };
        device.Run(ref kernel, Recurrent.Parts(B, T, (long)B * G * H, packs: true), 1);
        GiveBack(packed);
        GiveBack(past);

        InputWeightGradient(s, dGates, G, d.DWeightIh);
        Recurrent.InputGradient(device, dGates, Memory(s.WeightIh), Memory(d.DX), rows, G, I);

        // What W_hn multiplied is h, or inner when a gate comes before.
        var n = G - H;
        Recurrent.WeightGradient(device, dGates, G, seen, Memory(d.DWeightHh), rows, n, H);
        Recurrent.WeightGradient(device, dGates + n, G, form == GruForm.UpdateOnly ? seen : inner, After(d.DWeightHh, (long)n * H), rows, H, H);
        Rows.Sum(device, dGates, G, Memory(d.DBiasIh), Memory(d.DBiasHh), rows, G);
        AddAndReturn(dH, d.DH0);
        GiveBack(scratch);
        GiveBack(dInner);
        GiveBack(previous);
        Keep(s);
        Keep(d);
        Keep(y, reserve);
    }
}
