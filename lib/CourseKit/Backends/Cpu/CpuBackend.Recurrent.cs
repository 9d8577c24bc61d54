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

    // The same for units with all their gates side by side.
    private CpuBlock? RentUnits(int gates, int rows, int I, int H) =>
        Recurrent.Packs(rows) ? device.Pool.Rent(UnitWeights.Length(gates, I, H, device.Width) + UnitWeights.Length(gates, H, H, device.Width)) : null;

    private static UnitWeights Units(Storage weight, CpuBlock? packed, long at, int gates, int vectors, int K, int H, int turn = 0) =>
        new() { Weight = Memory(weight), Packed = packed is null ? null : packed.Pointer + at, K = K, H = H, Gates = gates, Vectors = vectors, Turn = turn };

    // dWeightHh [G, H] += Σ over all rows of dᵀ·h_{t-1}.
    private void HiddenWeightGradient(Storage y, Storage? h0, float* d, int dStride, float* dWeightHh, int B, int T, int G, int H, bool reverse)
    {
        if (dWeightHh is null) return;
        var previous = Scratch(B * T, H);
        Recurrent.PreviousStates(device, Memory(y), Memory(h0), previous.Pointer, B, T, H, reverse);
        Recurrent.WeightGradient(device, d, dStride, previous.Pointer, dWeightHh, B * T, G, H);
        GiveBack(previous);
    }

    // A carry that is off.
    private static RecurrentCarry Carry(in RecurrentSequence s) => new()
    {
        Mask = Memory(s.Mask),
        Dropout = Memory(s.HiddenDropout),
        Zoneout = Memory(s.HiddenZoneout),
        T = s.T,
        H = LstmOperands.StateSize(s),
        Reverse = s.Reverse,
    };

    // kept: the carry's part of the reserve, where it has one.
    private static RecurrentCarry Carry(in RecurrentSequence s, float* kept)
    {
        var (carry, buffers) = (Carry(s), RecurrentCarry.Buffers(s));
        carry.Before = buffers == 0 ? null : kept;
        carry.Seen = buffers == 0 ? null : kept + ((buffers - 1L) * s.B * s.T * s.H);
        return carry;
    }

    // What the way back reads too; past is scratch, or null for a carry that is off.
    private static void Back(ref RecurrentCarry carry, in RecurrentGradients d, CpuBlock dH, CpuBlock? past)
    {
        carry.DY = Memory(d.DY);
        carry.DStates = Memory(d.DStates);
        carry.DH = dH.Pointer;
        carry.Past = past is null ? null : past.Pointer;
    }

    // dWeightIh [G, I] += Σ over the steps taken of dᵀ·x_t.
    private void InputWeightGradient(in RecurrentSequence s, float* d, int G, Storage? dWeightIh)
    {
        if (dWeightIh is null) return;
        var taken = s.Mask is null ? null : Scratch(s.B * s.T, s.I);
        if (taken is not null) Recurrent.TakenRows(Memory(s.X), Memory(s.Mask), taken.Pointer, s.B * s.T, s.I);
        Recurrent.WeightGradient(device, d, G, taken is null ? Memory(s.X) : taken.Pointer, Memory(dWeightIh), s.B * s.T, G, s.I);
        GiveBack(taken);
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
