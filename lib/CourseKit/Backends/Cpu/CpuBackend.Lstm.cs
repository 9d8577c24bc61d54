namespace CourseKit.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public int LstmReserve(in RecurrentSequence s) => checked((int)LstmOperands.Length(s));

    /// <inheritdoc/>
    public void LstmForward(in RecurrentSequence s, Storage y, Storage hN, Storage cN, Storage? reserve)
    {
        if (LstmOperands.Needs(s))
        {
            LstmFormedForward(s, y, hN, cN, reserve);
            return;
        }

        var (B, T, I, H) = (s.B, s.T, s.I, s.H);
        var kept = Memory(reserve);
        var stride = Recurrent.Stride(H);
        var ahead = RentAhead(s, Lstm.Gates, Lstm.Gates);
        var near = Scratch(Lstm.Gates + (3 * B), stride);
        var packed = RentUnits(Lstm.Gates, B * T, I, H);
        var kernel = new Lstm.Forward
        {
            Input = Units(s.WeightIh, packed, 0, Lstm.Gates, 1, I, H),
            Hidden = Units(s.WeightHh, packed, UnitWeights.Length(Lstm.Gates, I, H, device.Width), Lstm.Gates, 1, H, H),
            X = Memory(s.X),
            H0 = Memory(s.H0),
            C0 = Memory(s.C0),
            BiasIh = Memory(s.BiasIh),
            BiasHh = Memory(s.BiasHh),
            Y = Memory(y),
            HN = Memory(hN),
            CN = Memory(cN),
            Kept = kept,
            Cells = kept + (4L * B * T * H),
            Bias = near.Pointer,
            States = near.Pointer + (Lstm.Gates * stride),
            Ahead = ahead is null ? null : ahead.Pointer,
            Cell = near.Pointer + ((Lstm.Gates + (2L * B)) * stride),
            B = B,
            T = T,
            H = H,
            Stride = stride,
            Reverse = s.Reverse,
        };
        device.Run(ref kernel, Recurrent.Parts(B, T, 4L * B * H * (I + H), packed is not null), 1);
        GiveBack(packed);
        GiveBack(ahead);
        GiveBack(near);
        Keep(s);
        Keep(y, hN, cN, reserve);
    }

    /// <inheritdoc/>
    public void LstmBackward(in RecurrentSequence s, Storage y, Storage reserve, in RecurrentGradients d)
    {
        if (LstmOperands.Needs(s))
        {
            LstmFormedBackward(s, y, reserve, d);
            return;
        }

        var (B, T, I, H) = (s.B, s.T, s.I, s.H);
        var (rows, G) = (B * T, 4 * H);
        CpuBlock dH = Scratch(B, H), dC = Scratch(B, H), packed = device.Pool.Rent(MatMulPack.Length(G, H, device.Width));
        var scratch = d.DGates is null ? Scratch(rows, G) : null;
        var dGates = scratch is null ? Memory(d.DGates) : scratch.Pointer;
        Recurrent.Start(Memory(d.DHN), dH.Pointer, B * H);
        Recurrent.Start(Memory(d.DCN), dC.Pointer, B * H);
        var near = Scratch(2 * B, Recurrent.Stride(G));
        var kernel = new LstmBackward
        {
            WeightHh = Memory(s.WeightHh),
            Packed = packed.Pointer,
            C0 = Memory(s.C0),
            DY = Memory(d.DY),
            Gates = Memory(reserve),
            Cells = Memory(reserve) + ((long)rows * G),
            DGates = dGates,
            DStates = Memory(d.DStates),
            DCells = Memory(d.DCells),
            DH = dH.Pointer,
            DC = dC.Pointer,
            D = near.Pointer,
            B = B,
            T = T,
            H = H,
            DStride = Recurrent.Stride(G),
            Reverse = s.Reverse,
        };
        device.Run(ref kernel, Recurrent.Parts(B, T, (long)B * G * H, packs: true), 1);
        GiveBack(packed);
        GiveBack(near);

        WeightGradients(s, y, default, dGates, G, null, d);
        Rows.Sum(device, dGates, G, Memory(d.DBiasIh), Memory(d.DBiasHh), rows, G);
        Recurrent.InputGradient(device, dGates, Memory(s.WeightIh), Accumulate(d.DX), rows, G, I);
        AddAndReturn(dH, d.DH0);
        AddAndReturn(dC, d.DC0);
        GiveBack(scratch);
        Keep(s);
        Keep(d);
        Keep(y, reserve);
    }
}
