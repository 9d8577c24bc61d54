namespace CourseKit.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public int SimpleRnnReserve(int B, int T, int I, int H) => 0;

    /// <inheritdoc/>
    public void SimpleRnnForward(Activation function, Storage x, Storage? h0, Storage weightIh, Storage weightHh, Storage? biasIh, Storage? biasHh,
        Storage y, Storage hN, Storage? reserve, int B, int T, int I, int H, bool reverse)
    {
        var previous = pool.Rent(B * H);
        SimpleRnn.Forward(function, Memory(x), Memory(h0), Memory(weightIh), Memory(weightHh), Memory(biasIh), Memory(biasHh), Memory(y), Memory(hN),
            previous.Pointer, B, T, I, H, reverse);
        pool.Return(previous);
        Keep(x, h0, weightIh, weightHh, biasIh, biasHh, y, hN);
    }

    /// <inheritdoc/>
    public void SimpleRnnBackward(Activation function, Storage x, Storage? h0, Storage weightIh, Storage weightHh, Storage y, Storage reserve,
        Storage? dY, Storage? dHN, Storage? dX, Storage? dH0, Storage? dWeightIh, Storage? dWeightHh, Storage? dBiasIh, Storage? dBiasHh,
        int B, int T, int I, int H, bool reverse)
    {
        var (gates, dH, previous) = (pool.Rent(B * T * H), pool.Rent(B * H), pool.Rent(B * T * H));
        Recurrent.Start(Memory(dHN), dH.Pointer, B * H);
        SimpleRnn.Backward(function, Memory(weightHh), Memory(y), Memory(dY), gates.Pointer, dH.Pointer, B, T, H, reverse);
        Recurrent.PreviousStates(Memory(y), Memory(h0), previous.Pointer, B, T, H, reverse);
        Recurrent.WeightGradients(gates.Pointer, Memory(x), Memory(dWeightIh), Memory(dBiasIh), B * T, H, I);
        Recurrent.WeightGradients(gates.Pointer, previous.Pointer, Memory(dWeightHh), Memory(dBiasHh), B * T, H, H);
        Recurrent.InputGradient(gates.Pointer, Memory(weightIh), Memory(dX), B * T, H, I);
        if (dH0 is not null) AddTo(dH, dH0);
        pool.Return(gates);
        pool.Return(dH);
        pool.Return(previous);
        Keep(x, h0, weightIh, weightHh, y, dY, dHN, dX);
        Keep(dH0, dWeightIh, dWeightHh, dBiasIh, dBiasHh);
    }

    /// <inheritdoc/>
    public int LstmReserve(int B, int T, int I, int H) => checked(5 * B * T * H);

    /// <inheritdoc/>
    public void LstmForward(Storage x, Storage? h0, Storage? c0, Storage weightIh, Storage weightHh, Storage? biasIh, Storage? biasHh,
        Storage y, Storage hN, Storage cN, Storage? reserve, int B, int T, int I, int H, bool reverse)
    {
        var kept = reserve is null ? pool.Rent(LstmReserve(B, T, I, H)) : Own(reserve);
        Lstm.Forward(Memory(x), Memory(h0), Memory(c0), Memory(weightIh), Memory(weightHh), Memory(biasIh), Memory(biasHh), Memory(y), Memory(hN), Memory(cN),
            kept.Pointer, kept.Pointer + (4L * B * T * H), B, T, I, H, reverse);
        if (reserve is null) pool.Return(kept);
        Keep(x, h0, c0, weightIh, weightHh, biasIh, biasHh, y);
        Keep(hN, cN, reserve);
    }

    /// <inheritdoc/>
    public void LstmBackward(Storage x, Storage? h0, Storage? c0, Storage weightIh, Storage weightHh, Storage y, Storage reserve,
        Storage? dY, Storage? dHN, Storage? dCN, Storage? dX, Storage? dH0, Storage? dC0,
        Storage? dWeightIh, Storage? dWeightHh, Storage? dBiasIh, Storage? dBiasHh, int B, int T, int I, int H, bool reverse)
    {
        var (gates, previous, dH, dC) = (pool.Rent(4 * B * T * H), pool.Rent(B * T * H), pool.Rent(B * H), pool.Rent(B * H));
        Recurrent.Start(Memory(dHN), dH.Pointer, B * H);
        Recurrent.Start(Memory(dCN), dC.Pointer, B * H);
        Lstm.Backward(Memory(c0), Memory(weightHh), Memory(dY), Memory(reserve), Memory(reserve) + (4L * B * T * H), gates.Pointer, dH.Pointer, dC.Pointer, B, T, H, reverse);
        Recurrent.PreviousStates(Memory(y), Memory(h0), previous.Pointer, B, T, H, reverse);
        Recurrent.WeightGradients(gates.Pointer, Memory(x), Memory(dWeightIh), Memory(dBiasIh), B * T, 4 * H, I);
        Recurrent.WeightGradients(gates.Pointer, previous.Pointer, Memory(dWeightHh), Memory(dBiasHh), B * T, 4 * H, H);
        Recurrent.InputGradient(gates.Pointer, Memory(weightIh), Memory(dX), B * T, 4 * H, I);
        if (dH0 is not null) AddTo(dH, dH0);
        if (dC0 is not null) AddTo(dC, dC0);
        pool.Return(gates);
        pool.Return(previous);
        pool.Return(dH);
        pool.Return(dC);
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
        var kept = reserve is null ? pool.Rent(GruReserve(B, T, I, H)) : Own(reserve);
        Gru.Forward(resetAfter, Memory(x), Memory(h0), Memory(weightIh), Memory(weightHh), Memory(biasIh), Memory(biasHh), Memory(y), Memory(hN),
            kept.Pointer, kept.Pointer + (3L * B * T * H), B, T, I, H, reverse);
        if (reserve is null) pool.Return(kept);
        Keep(x, h0, weightIh, weightHh, biasIh, biasHh, y, hN);
        Keep(reserve);
    }

    /// <inheritdoc/>
    public void GruBackward(bool resetAfter, Storage x, Storage? h0, Storage weightIh, Storage weightHh, Storage? biasHh, Storage y, Storage reserve,
        Storage? dY, Storage? dHN, Storage? dX, Storage? dH0, Storage? dWeightIh, Storage? dWeightHh, Storage? dBiasIh, Storage? dBiasHh,
        int B, int T, int I, int H, bool reverse)
    {
        var rows = B * T;
        var (dInput, dHidden, previous, dH, dInner) = (pool.Rent(3 * rows * H), resetAfter ? pool.Rent(3 * rows * H) : null, pool.Rent(rows * H), pool.Rent(B * H), pool.Rent(B * H));
        float* gates = Memory(reserve), inner = gates + (3L * rows * H), d = dInput.Pointer, hidden = resetAfter ? Memory(dHidden) : d;
        Recurrent.Start(Memory(dHN), dH.Pointer, B * H);
        Recurrent.PreviousStates(Memory(y), Memory(h0), previous.Pointer, B, T, H, reverse);
        Gru.Backward(resetAfter, Memory(weightHh), Memory(dY), previous.Pointer, gates, inner, d, hidden, dH.Pointer, dInner.Pointer, B, T, H, reverse);
        Recurrent.WeightGradients(d, Memory(x), Memory(dWeightIh), Memory(dBiasIh), rows, 3 * H, I);
        if (dBiasHh is not null) Rows.Sum(hidden, Memory(dBiasHh), rows, 3 * H);
        if (dWeightHh is not null)
        {
            var dW = Memory(dWeightHh);
            var after = resetAfter ? 3 * H : 2 * H;
            Cpu.MatMul.Run(hidden, 3 * H, true, previous.Pointer, H, false, dW, H, after, H, rows, true);
            if (!resetAfter) Cpu.MatMul.Run(hidden + (2 * H), 3 * H, true, inner, H, false, dW + (2L * H * H), H, H, H, rows, true);
        }

        Recurrent.InputGradient(d, Memory(weightIh), Memory(dX), rows, 3 * H, I);
        if (dH0 is not null) AddTo(dH, dH0);
        pool.Return(dInput);
        if (dHidden is not null) pool.Return(dHidden);
        pool.Return(previous);
        pool.Return(dH);
        pool.Return(dInner);
        Keep(x, h0, weightIh, weightHh, biasHh, y, reserve, dY);
        Keep(dHN, dX, dH0, dWeightIh, dWeightHh, dBiasIh, dBiasHh);
    }
}
