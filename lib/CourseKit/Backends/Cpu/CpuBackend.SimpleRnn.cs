namespace CourseKit.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public int SimpleRnnReserve(in RecurrentSequence s) => 0;

    /// <inheritdoc/>
    public void SimpleRnnForward(Activation function, in RecurrentSequence s, Storage y, Storage hN, Storage? reserve)
    {
        var (B, T, I, H) = (s.B, s.T, s.I, s.H);
        var packed = RentPacked(1, B * T, I, H);
        var kernel = new SimpleRnn.Forward
        {
            Input = Gates(s.WeightIh, packed, 0, I, H),
            Hidden = Gates(s.WeightHh, packed, Recurrent.PackedGate(I, H, device.Width), H, H),
            X = Memory(s.X),
            H0 = Memory(s.H0),
            BiasIh = Memory(s.BiasIh),
            BiasHh = Memory(s.BiasHh),
            Y = Memory(y),
            HN = Memory(hN),
            B = B,
            T = T,
            H = H,
            Relu = function == Activation.Relu,
            Reverse = s.Reverse,
        };
        device.Run(ref kernel, Recurrent.Parts(B, T, (long)B * H * (I + H), packed is not null), 1);
        GiveBack(packed);
        Keep(s);
        Keep(y, hN);
    }

    /// <inheritdoc/>
    public void SimpleRnnBackward(Activation function, in RecurrentSequence s, Storage y, Storage reserve, in RecurrentGradients d)
    {
        var (B, T, I, H) = (s.B, s.T, s.I, s.H);
        var rows = B * T;
        CpuBlock dSums = Scratch(rows, H), dH = Scratch(B, H), packed = device.Pool.Rent(MatMulPack.Length(H, H, device.Width));
        Recurrent.Start(Memory(d.DHN), dH.Pointer, B * H);
        var kernel = new SimpleRnn.Backward
        {
            WeightHh = Memory(s.WeightHh),
            Packed = packed.Pointer,
            Y = Memory(y),
            DY = Memory(d.DY),
            DSums = dSums.Pointer,
            DH = dH.Pointer,
            B = B,
            T = T,
            H = H,
            Relu = function == Activation.Relu,
            Reverse = s.Reverse,
        };
        device.Run(ref kernel, Recurrent.Parts(B, T, (long)B * H * H, packs: true), 1);
        GiveBack(packed);

        Recurrent.WeightGradient(device, dSums.Pointer, H, Memory(s.X), Memory(d.DWeightIh), rows, H, I);
        HiddenWeightGradient(y, s.H0, dSums.Pointer, H, Memory(d.DWeightHh), B, T, H, H, s.Reverse);
        Rows.Sum(device, dSums.Pointer, H, Memory(d.DBiasIh), Memory(d.DBiasHh), rows, H);
        Recurrent.InputGradient(device, dSums.Pointer, Memory(s.WeightIh), Memory(d.DX), rows, H, I);
        AddAndReturn(dH, d.DH0);
        GiveBack(dSums);
        Keep(s);
        Keep(d);
        Keep(y, reserve);
    }
}
