namespace CourseKit.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    private void LstmFormedForward(in RecurrentSequence s, Storage y, Storage hN, Storage cN, Storage? reserve)
    {
        var scratch = reserve is null ? device.Pool.Rent(LstmOperands.Length(s)) : null;
        var o = Operands(s, scratch is null ? Memory(reserve) : scratch.Pointer);
        var (B, T, I, H, P, gates) = (s.B, s.T, s.I, s.H, o.P, o.Weighed);
        var (fromInput, fromHidden, projection) = (Recurrent.PackedGate(I, H, device.Width), Recurrent.PackedGate(P, H, device.Width), o.Shown is null ? 0 : Recurrent.PackedGate(H, P, device.Width));
        var packed = Recurrent.Packs(B * T) ? device.Pool.Rent((gates * (fromInput + fromHidden)) + projection + (o.Depth is null ? 0 : fromInput)) : null;
        var kernel = new LstmFormed.Forward
        {
            O = o,
            Input = Gates(s.WeightIh, packed, 0, I, H),
            Hidden = Gates(s.WeightHh, packed, gates * fromInput, P, H),
            Project = o.Shown is null ? default : Gates(s.LstmForm.Projection!, packed, gates * (fromInput + fromHidden), H, P),
            Depth = o.Depth is null ? default : Gates(s.LstmForm.DepthWeightIh!, packed, (gates * (fromInput + fromHidden)) + projection, I, H),
            Y = Memory(y),
            HN = Memory(hN),
            CN = Memory(cN),
        };
        device.Run(ref kernel, Recurrent.Parts(B, T, (long)gates * B * H * (I + P), packed is not null), 1);
        if (s.LstmForm.Cells is { } cells) Recurrent.Start(o.Cells, Memory(cells), cells.Length);
        GiveBack(packed);
        GiveBack(scratch);
        Keep(s);
        Keep(y, hN, cN, reserve);
    }

    private void LstmFormedBackward(in RecurrentSequence s, Storage y, Storage reserve, in RecurrentGradients d)
    {
        var o = Operands(s, Memory(reserve));
        var (form, dForm) = (s.LstmForm, d.LstmForm);
        var (B, T, I, H, P, rows, G) = (s.B, s.T, s.I, s.H, o.P, s.B * s.T, o.Weighed * s.H);
        var projects = form.Projection is not null;
        CpuBlock dH = Scratch(B, P), dC = Scratch(B, H), past = Scratch(B, P), packed = device.Pool.Rent(MatMulPack.Length(G, P, device.Width));
        CpuBlock? dFresh = projects ? Scratch(rows, P) : null, dDepth = o.Depth is null ? null : Scratch(rows, H), gates = d.DGates is null ? Scratch(rows, G) : null;
        CpuBlock? dShown = projects ? Scratch(B, H) : null, packedProjection = projects ? device.Pool.Rent(MatMulPack.Length(P, H, device.Width)) : null;
        CpuBlock? dNormal = o.GainIh is null ? null : Scratch(rows, H), dThrough = o.GainIh is null ? null : Scratch(B, H), dRaw = o.GainIh is null ? null : Scratch(rows, G);
        var dGates = gates is null ? Memory(d.DGates) : gates.Pointer;
        Recurrent.Start(Memory(d.DHN), dH.Pointer, B * P);
        Recurrent.Start(Memory(d.DCN), dC.Pointer, B * H);
        Back(ref o.Carry, d, dH, past);
        var kernel = new LstmFormed.Backward
        {
            O = o,
            WeightHh = Memory(s.WeightHh),
            Packed = packed.Pointer,
            Projection = Memory(form.Projection),
            PackedProjection = Pointer(packedProjection),
            DCellsOut = Memory(dForm.DCellsOut),
            DGates = dGates,
            DDepth = Pointer(dDepth),
            DFresh = Pointer(dFresh),
            DShown = (dShown ?? dH).Pointer,
            DCells = Memory(d.DCells),
            DCellBelow = Memory(dForm.DCellBelow),
            DNormal = Pointer(dNormal),
            DThrough = Pointer(dThrough),
            DRawH = Pointer(dRaw),
            DC = dC.Pointer,
        };
        device.Run(ref kernel, Recurrent.Parts(B, T, (long)B * G * P, packs: true), 1);
        GiveBack(packed);
        GiveBack(packedProjection);
        GiveBack(past);
        GiveBack(dShown);
        GiveBack(dThrough);

        // What stands in x where the mask passes over meets gradients of 0; it must not be infinite or NaN.
        var taken = s.Mask is null || (d.DWeightIh ?? dForm.DDepthWeightIh) is null ? null : Scratch(rows, I);
        if (taken is not null) Recurrent.TakenRows(o.X, o.Carry.Mask, taken.Pointer, rows, I);
        var x = taken is null ? o.X : taken.Pointer;
        Recurrent.WeightGradient(device, dRaw is null ? dGates : dRaw.Pointer, G, o.Carry.Seen, Memory(d.DWeightHh), rows, G, P);
        if (dRaw is not null) NormGradients(o, dForm, dGates, dNormal!.Pointer, dRaw.Pointer);
        var dRawX = dRaw is null ? dGates : dRaw.Pointer;
        Recurrent.WeightGradient(device, dRawX, G, x, Memory(d.DWeightIh), rows, G, I);
        Recurrent.InputGradient(device, dRawX, Memory(s.WeightIh), Accumulate(d.DX), rows, G, I);
        Rows.Sum(device, dGates, G, Memory(d.DBiasIh), Memory(d.DBiasHh), rows, G);
        if (dFresh is not null) Recurrent.WeightGradient(device, dFresh.Pointer, P, o.Shown, Memory(dForm.DProjection), rows, P, H);
        if (Memory(dForm.DPeephole) is var dPeephole && dPeephole is not null)
        {
            LstmFormed.AddProducts(device, o, dGates, G, null, dPeephole);
            if (!form.Coupled) LstmFormed.AddProducts(device, o, dGates + H, G, null, dPeephole + H);
            LstmFormed.AddProducts(device, o, dGates + (G - H), G, o.Fresh, dPeephole + (form.Coupled ? H : 2 * H));
        }

        if (dDepth is not null)
        {
            Recurrent.WeightGradient(device, dDepth.Pointer, H, x, Memory(dForm.DDepthWeightIh), rows, H, I);
            Recurrent.InputGradient(device, dDepth.Pointer, Memory(form.DepthWeightIh), Accumulate(d.DX), rows, H, I);
            Rows.Sum(device, dDepth.Pointer, H, Memory(dForm.DDepthBias), null, rows, H);
            LstmFormed.AddProducts(device, o, dDepth.Pointer, H, null, Memory(dForm.DDepthFromCell));
            LstmFormed.AddProducts(device, o, dDepth.Pointer, H, o.CellBelow, Memory(dForm.DDepthFromBelow));
        }

        GiveBack(taken);
        GiveBack(dNormal);
        GiveBack(dRaw);
        GiveBack(gates);
        GiveBack(dDepth);
        GiveBack(dFresh);
        AddAndReturn(dH, d.DH0);
        AddAndReturn(dC, d.DC0);
        Keep(s);
        Keep(d);
        Keep(y, reserve);
    }

    // The gains' gradients, and from dGates [B, T, G] the gradient of the input's raw sums into dRawX [B, T, G].
    private void NormGradients(in LstmOperands o, in LstmFormGradients d, float* dGates, float* dNormal, float* dRawX)
    {
        var (rows, G) = (o.B * o.T, o.Weighed * o.H);
        Cpu.LayerNorm.Backward(device, o.Fresh, o.GainCell, o.StatisticsC, dNormal, null, Memory(d.DNormGainCell), Memory(d.DNormBiasCell), rows, o.H);
        Cpu.LayerNorm.Backward(device, o.RawH, o.GainHh, o.StatisticsH, dGates, null, Memory(d.DNormGainHh), null, rows, G);
        Recurrent.Start(null, dRawX, rows * G);
        Cpu.LayerNorm.Backward(device, o.RawX, o.GainIh, o.StatisticsX, dGates, dRawX, Memory(d.DNormGainIh), null, rows, G);
    }

    private static LstmOperands Operands(in RecurrentSequence s, float* reserve)
    {
        var form = s.LstmForm;
        var peephole = Memory(form.Peephole);
        var o = new LstmOperands
        {
            Carry = Carry(s),
            X = Memory(s.X),
            H0 = Memory(s.H0),
            C0 = Memory(s.C0),
            BiasIh = Memory(s.BiasIh),
            BiasHh = Memory(s.BiasHh),
            CellZoneout = Memory(s.CellZoneout),
            PeepholeI = peephole,
            PeepholeF = peephole is null || form.Coupled ? null : peephole + s.H,
            PeepholeO = peephole is null ? null : peephole + (form.Coupled ? s.H : 2 * s.H),
            CellBelow = Memory(form.CellBelow),
            DepthBias = Memory(form.DepthBias),
            DepthFromCell = Memory(form.DepthFromCell),
            DepthFromBelow = Memory(form.DepthFromBelow),
            GainIh = Memory(form.NormGainIh),
            GainHh = Memory(form.NormGainHh),
            GainCell = Memory(form.NormGainCell),
            BiasCell = Memory(form.NormBiasCell),
            B = s.B,
            T = s.T,
            I = s.I,
            H = s.H,
            P = LstmOperands.StateSize(s),
            Weighed = form.Coupled ? 3 : 4,
            Coupled = form.Coupled,
        };
        o.Place(reserve, form.Projection is not null, LstmOperands.Buffers(s));
        return o;
    }

    private static float* Pointer(CpuBlock? block) => block is null ? null : block.Pointer;
}
