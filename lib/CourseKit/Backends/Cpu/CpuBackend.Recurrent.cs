namespace CourseKit.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public int SimpleRnnReserve(int B, int T, int I, int H) => 0;

    /// <inheritdoc/>
    public void SimpleRnnForward(Activation function, Storage x, Storage? h0, Storage weightIh, Storage weightHh, Storage? biasIh, Storage? biasHh,
        Storage y, Storage hN, Storage? reserve, int B, int T, int I, int H, bool reverse)
    {
        var packed = RentPacked(1, B * T, I, H);
        var kernel = new SimpleRnn.Forward
        {
            Input = Gates(weightIh, packed, 0, I, H),
            Hidden = Gates(weightHh, packed, Recurrent.PackedGate(I, H, device.Width), H, H),
            X = Memory(x),
            H0 = Memory(h0),
            BiasIh = Memory(biasIh),
            BiasHh = Memory(biasHh),
            Y = Memory(y),
            HN = Memory(hN),
            B = B,
            T = T,
            H = H,
            Relu = function == Activation.Relu,
            Reverse = reverse,
        };
        device.Run(ref kernel, Recurrent.Parts(B, T, (long)B * H * (I + H), packed is not null), 1);
        GiveBack(packed);
        Keep(x, h0, weightIh, weightHh, biasIh, biasHh, y, hN);
    }

    /// <inheritdoc/>
    public void SimpleRnnBackward(Activation function, Storage x, Storage? h0, Storage weightIh, Storage weightHh, Storage y, Storage reserve,
        Storage? dY, Storage? dHN, Storage? dX, Storage? dH0, Storage? dWeightIh, Storage? dWeightHh, Storage? dBiasIh, Storage? dBiasHh,
        int B, int T, int I, int H, bool reverse)
    {
        var rows = B * T;
        CpuBlock dSums = Scratch(rows, H), dH = Scratch(B, H), packed = device.Pool.Rent(MatMulPack.Length(H, H, device.Width));
        Recurrent.Start(Memory(dHN), dH.Pointer, B * H);
        var kernel = new SimpleRnn.Backward
        {
            WeightHh = Memory(weightHh),
            Packed = packed.Pointer,
            Y = Memory(y),
            DY = Memory(dY),
            DSums = dSums.Pointer,
            DH = dH.Pointer,
            B = B,
            T = T,
            H = H,
            Relu = function == Activation.Relu,
            Reverse = reverse,
        };
        device.Run(ref kernel, Recurrent.Parts(B, T, (long)B * H * H, packs: true), 1);
        GiveBack(packed);

        Recurrent.WeightGradient(device, dSums.Pointer, H, Memory(x), Memory(dWeightIh), rows, H, I);
        HiddenWeightGradient(y, h0, dSums.Pointer, H, Memory(dWeightHh), B, T, H, H, reverse);
        Rows.Sum(device, dSums.Pointer, H, Memory(dBiasIh), Memory(dBiasHh), rows, H);
        Recurrent.InputGradient(device, dSums.Pointer, Memory(weightIh), Memory(dX), rows, H, I);
        AddAndReturn(dH, dH0);
        GiveBack(dSums);
        Keep(x, h0, weightIh, weightHh, y, dY, dHN, dX);
        Keep(dH0, dWeightIh, dWeightHh, dBiasIh, dBiasHh);
    }

    /// <inheritdoc/>
    public int LstmReserve(int B, int T, int I, int H) => checked(5 * B * T * H);

    /// <inheritdoc/>
    public void LstmForward(Storage x, Storage? h0, Storage? c0, Storage weightIh, Storage weightHh, Storage? biasIh, Storage? biasHh,
        Storage y, Storage hN, Storage cN, Storage? reserve, int B, int T, int I, int H, bool reverse)
    {
        var scratch = reserve is null ? Scratch(B * T, 5 * H) : null;
        var kept = scratch is null ? Memory(reserve) : scratch.Pointer;
        var packed = RentPacked(4, B * T, I, H);
        var kernel = new Lstm.Forward
        {
            Input = Gates(weightIh, packed, 0, I, H),
            Hidden = Gates(weightHh, packed, 4 * Recurrent.PackedGate(I, H, device.Width), H, H),
            X = Memory(x),
            H0 = Memory(h0),
            C0 = Memory(c0),
            BiasIh = Memory(biasIh),
            BiasHh = Memory(biasHh),
            Y = Memory(y),
            HN = Memory(hN),
            CN = Memory(cN),
            Gates = kept,
            Cells = kept + (4L * B * T * H),
            B = B,
            T = T,
            H = H,
            Reverse = reverse,
        };
        device.Run(ref kernel, Recurrent.Parts(B, T, 4L * B * H * (I + H), packed is not null), 1);
        GiveBack(packed);
        GiveBack(scratch);
        Keep(x, h0, c0, weightIh, weightHh, biasIh, biasHh, y);
        Keep(hN, cN, reserve);
    }

    /// <inheritdoc/>
    public void LstmBackward(Storage x, Storage? h0, Storage? c0, Storage weightIh, Storage weightHh, Storage y, Storage reserve,
        Storage? dY, Storage? dHN, Storage? dCN, Storage? dX, Storage? dH0, Storage? dC0,
        Storage? dWeightIh, Storage? dWeightHh, Storage? dBiasIh, Storage? dBiasHh, int B, int T, int I, int H, bool reverse)
    {
        var (rows, G) = (B * T, 4 * H);
        CpuBlock dGates = Scratch(rows, G), dH = Scratch(B, H), dC = Scratch(B, H), packed = device.Pool.Rent(MatMulPack.Length(G, H, device.Width));
        Recurrent.Start(Memory(dHN), dH.Pointer, B * H);
        Recurrent.Start(Memory(dCN), dC.Pointer, B * H);
        var kernel = new Lstm.Backward
        {
            WeightHh = Memory(weightHh),
            Packed = packed.Pointer,
            C0 = Memory(c0),
            DY = Memory(dY),
            Gates = Memory(reserve),
            Cells = Memory(reserve) + ((long)rows * G),
            DGates = dGates.Pointer,
            DH = dH.Pointer,
            DC = dC.Pointer,
            B = B,
            T = T,
            H = H,
            Reverse = reverse,
        };
        device.Run(ref kernel, Recurrent.Parts(B, T, (long)B * G * H, packs: true), 1);
        GiveBack(packed);

        Recurrent.WeightGradient(device, dGates.Pointer, G, Memory(x), Memory(dWeightIh), rows, G, I);
        HiddenWeightGradient(y, h0, dGates.Pointer, G, Memory(dWeightHh), B, T, G, H, reverse);
        Rows.Sum(device, dGates.Pointer, G, Memory(dBiasIh), Memory(dBiasHh), rows, G);
        Recurrent.InputGradient(device, dGates.Pointer, Memory(weightIh), Memory(dX), rows, G, I);
        AddAndReturn(dH, dH0);
        AddAndReturn(dC, dC0);
        GiveBack(dGates);
        Keep(x, h0, c0, weightIh, weightHh, y, reserve, dY);
        Keep(dHN, dCN, dX, dH0, dC0, dWeightIh, dWeightHh, dBiasIh);
        Keep(dBiasHh);
    }

    /// <inheritdoc/>
    public int GruReserve(int B, int T, int I, int H) => checked(4 * B * T * H);

    /// <inheritdoc/>
    public void GruForward(bool resetAfter, Storage x, Storage? h0, Storage weightIh, Storage weightHh, Storage? biasIh, Storage? biasHh,
        Storage y, Storage hN, Storage? reserve, int B, int T, int I, int H, bool reverse)
    {
        var scratch = reserve is null ? Scratch(B * T, 4 * H) : null;
        var kept = scratch is null ? Memory(reserve) : scratch.Pointer;
        var packed = RentPacked(3, B * T, I, H);
        var kernel = new Gru.Forward
        {
            Input = Gates(weightIh, packed, 0, I, H),
            Hidden = Gates(weightHh, packed, 3 * Recurrent.PackedGate(I, H, device.Width), H, H),
            X = Memory(x),
            H0 = Memory(h0),
            BiasIh = Memory(biasIh),
            BiasHh = Memory(biasHh),
            Y = Memory(y),
            HN = Memory(hN),
            Gates = kept,
            Inner = kept + (3L * B * T * H),
            B = B,
            T = T,
            H = H,
            ResetAfter = resetAfter,
            Reverse = reverse,
        };
        device.Run(ref kernel, Recurrent.Parts(B, T, 3L * B * H * (I + H), packed is not null), 1);
        GiveBack(packed);
        GiveBack(scratch);
        Keep(x, h0, weightIh, weightHh, biasIh, biasHh, y, hN);
        Keep(reserve);
    }

    /// <inheritdoc/>
    public void GruBackward(bool resetAfter, Storage x, Storage? h0, Storage weightIh, Storage weightHh, Storage? biasHh, Storage y, Storage reserve,
        Storage? dY, Storage? dHN, Storage? dX, Storage? dH0, Storage? dWeightIh, Storage? dWeightHh, Storage? dBiasIh, Storage? dBiasHh,
        int B, int T, int I, int H, bool reverse)
    {
        var (rows, G) = (B * T, 3 * H);
        var forRz = MatMulPack.Length(2 * H, H, device.Width);
        CpuBlock dGates = Scratch(rows, G), dInner = Scratch(resetAfter ? rows : B, H), dH = Scratch(B, H), previous = Scratch(rows, H);
        var packed = device.Pool.Rent(forRz + MatMulPack.Length(H, H, device.Width));
        float* gates = Memory(reserve), inner = gates + ((long)rows * G), dN = dGates.Pointer + (2 * H);
        Recurrent.Start(Memory(dHN), dH.Pointer, B * H);
        Recurrent.PreviousStates(device, Memory(y), Memory(h0), previous.Pointer, B, T, H, reverse);
        var kernel = new GruBackward
        {
            WeightHh = Memory(weightHh),
            PackedRz = packed.Pointer,
            PackedN = packed.Pointer + forRz,
            DY = Memory(dY),
            Previous = previous.Pointer,
            Gates = gates,
            Inner = inner,
            DGates = dGates.Pointer,
            DInner = dInner.Pointer,
            DH = dH.Pointer,
            B = B,
            T = T,
            H = H,
            ResetAfter = resetAfter,
            Reverse = reverse,
        };
        device.Run(ref kernel, Recurrent.Parts(B, T, (long)B * G * H, packs: true), 1);
        GiveBack(packed);

        Recurrent.WeightGradient(device, dGates.Pointer, G, Memory(x), Memory(dWeightIh), rows, G, I);
        Recurrent.InputGradient(device, dGates.Pointer, Memory(weightIh), Memory(dX), rows, G, I);

        // The hidden side of r and z gets what their input side gets; n's multiplies h when reset comes after, and r·h when before.
        var dWeightN = dWeightHh is null ? null : Memory(dWeightHh) + (2L * H * H);
        Recurrent.WeightGradient(device, dGates.Pointer, G, previous.Pointer, Memory(dWeightHh), rows, 2 * H, H);
        if (resetAfter)
        {
            Recurrent.WeightGradient(device, dInner.Pointer, H, previous.Pointer, dWeightN, rows, H, H);
            Rows.Sum(device, dGates.Pointer, G, Memory(dBiasIh), null, rows, G);
            Rows.Sum(device, dGates.Pointer, G, Memory(dBiasHh), null, rows, 2 * H);
            Rows.Sum(device, dInner.Pointer, H, dBiasHh is null ? null : Memory(dBiasHh) + (2 * H), null, rows, H);
        }
        else
        {
            Recurrent.WeightGradient(device, dN, G, inner, dWeightN, rows, H, H);
            Rows.Sum(device, dGates.Pointer, G, Memory(dBiasIh), Memory(dBiasHh), rows, G);
        }

        AddAndReturn(dH, dH0);
        GiveBack(dGates);
        GiveBack(dInner);
        GiveBack(previous);
        Keep(x, h0, weightIh, weightHh, biasHh, y, reserve, dY);
        Keep(dHN, dX, dH0, dWeightIh, dWeightHh, dBiasIh, dBiasHh);
    }

    private CpuBlock Scratch(int rows, int columns) => device.Pool.Rent((long)rows * columns);

    private void GiveBack(CpuBlock? block)
    {
        if (block is not null) device.Pool.Return(block);
    }

    // Room for both weight matrices packed, or null when there are so few rows that they are read where they lie.
    private CpuBlock? RentPacked(int gates, int rows, int I, int H) =>
        Recurrent.Packs(rows) ? device.Pool.Rent(gates * (Recurrent.PackedGate(I, H, device.Width) + Recurrent.PackedGate(H, H, device.Width))) : null;

    private static GateWeights Gates(Storage weight, CpuBlock? packed, long at, int K, int H) =>
        new() { Weight = Memory(weight), Packed = packed is null ? null : packed.Pointer + at, K = K, H = H };

    // dWeightHh [G, H] += Σ over all rows of dᵀ·h_{t-1}.
    private void HiddenWeightGradient(Storage y, Storage? h0, float* d, int dStride, float* dWeightHh, int B, int T, int G, int H, bool reverse)
    {
        if (dWeightHh is null) return;
        var previous = Scratch(B * T, H);
        Recurrent.PreviousStates(device, Memory(y), Memory(h0), previous.Pointer, B, T, H, reverse);
        Recurrent.WeightGradient(device, d, dStride, previous.Pointer, dWeightHh, B * T, G, H);
        GiveBack(previous);
    }

    private void AddAndReturn(CpuBlock from, Storage? to)
    {
        if (to is not null) Elementwise.Run(device, new Elementwise.Plus(), Memory(to), from.Pointer, Memory(to), to.Length);
        GiveBack(from);
    }
}
