using System.Runtime.CompilerServices;

namespace CourseKit.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
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

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Keep(in RecurrentSequence s)
    {
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Keep(in RecurrentGradients d)
    {
    }
}
