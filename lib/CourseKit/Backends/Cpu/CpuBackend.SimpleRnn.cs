namespace CourseKit.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    // Reserve: what the carry keeps, then with zoneout the states before it, [B, T, H]. Nothing when plain: y is all that backward reads.

    /// <inheritdoc/>
    public int SimpleRnnReserve(in RecurrentSequence s) => checked((RecurrentCarry.Buffers(s) + (s.HiddenZoneout is null ? 0 : 1)) * s.B * s.T * s.H);

    /// <inheritdoc/>
    public void SimpleRnnForward(Activation function, in RecurrentSequence s, Storage y, Storage hN, Storage? reserve)
    {
        var (B, T, I, H) = (s.B, s.T, s.I, s.H);
        var scratch = reserve is null ? device.Pool.Rent(SimpleRnnReserve(s)) : null;
        var kept = scratch is null ? Memory(reserve) : scratch.Pointer;
        var stride = Recurrent.Stride(H);
        var ahead = RentAhead(s, 1, 1);
        var near = Scratch(1 + (2 * B), stride);
        var (packed, vectors) = (RentUnits(1, B * T, I, H), MatMulPack.PanelColumns(device.Width) / device.Width);
        var kernel = new SimpleRnn.Forward
        {
            Input = Units(s.WeightIh, packed, 0, 1, vectors, I, H),
            Hidden = Units(s.WeightHh, packed, UnitWeights.Length(1, I, H, device.Width), 1, vectors, H, H),
            Carry = Carry(s, kept),
            X = Memory(s.X),
            H0 = Memory(s.H0),
            BiasIh = Memory(s.BiasIh),
            BiasHh = Memory(s.BiasHh),
            Fresh = Fresh(s, kept, y),
            Y = Memory(y),
            HN = Memory(hN),
            Bias = near.Pointer,
            States = near.Pointer + stride,
            Ahead = ahead is null ? null : ahead.Pointer,
            B = B,
            T = T,
            H = H,
            Stride = stride,
            Relu = function == Activation.Relu,
            Reverse = s.Reverse,
        };
        device.Run(ref kernel, Recurrent.Parts(B, T, (long)B * H * (I + H), packed is not null), 1);
        GiveBack(packed);
        GiveBack(ahead);
        GiveBack(near);
        GiveBack(scratch);
        Keep(s);
        Keep(y, hN, reserve);
    }

    /// <inheritdoc/>
    public void SimpleRnnBackward(Activation function, in RecurrentSequence s, Storage y, Storage reserve, in RecurrentGradients d)
    {
        var (B, T, I, H) = (s.B, s.T, s.I, s.H);
        var rows = B * T;
        var kept = Memory(reserve);
        CpuBlock dH = Scratch(B, H), packed = device.Pool.Rent(MatMulPack.Length(H, H, device.Width));
        var past = RecurrentCarry.Buffers(s) == 0 ? null : Scratch(B, H);
        var scratch = d.DGates is null ? Scratch(rows, H) : null;
        var dSums = scratch is null ? Memory(d.DGates) : scratch.Pointer;
        Recurrent.Start(Memory(d.DHN), dH.Pointer, B * H);
        var near = Scratch(2 * B, Recurrent.Stride(H));
        var carry = Carry(s, kept);
        Back(ref carry, d, dH, past);
        var kernel = new SimpleRnn.Backward
        {
            Carry = carry,
            WeightHh = Memory(s.WeightHh),
            Packed = packed.Pointer,
            Fresh = Fresh(s, kept, y),
            DSums = dSums,
            D = near.Pointer,
            B = B,
            T = T,
            H = H,
            DStride = Recurrent.Stride(H),
            Relu = function == Activation.Relu,
        };
        device.Run(ref kernel, Recurrent.Parts(B, T, (long)B * H * H, packs: true), 1);
        GiveBack(packed);
        GiveBack(near);
        GiveBack(past);

        WeightGradients(s, y, carry, dSums, H, null, d);
        Rows.Sum(device, dSums, H, Memory(d.DBiasIh), Memory(d.DBiasHh), rows, H);
        Recurrent.InputGradient(device, dSums, Memory(s.WeightIh), Accumulate(d.DX), rows, H, I);
        AddAndReturn(dH, d.DH0);
        GiveBack(scratch);
        Keep(s);
        Keep(d);
        Keep(y, reserve);
    }

    // Where f(·) lies: before zoneout in the reserve, else in the output.
    private static float* Fresh(in RecurrentSequence s, float* kept, Storage y) =>
        s.HiddenZoneout is null ? Memory(y) : kept + ((long)RecurrentCarry.Buffers(s) * s.B * s.T * s.H);
}
