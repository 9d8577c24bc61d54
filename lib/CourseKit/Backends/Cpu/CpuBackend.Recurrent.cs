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

    // Room for the input products of all steps, so many columns a unit, where a step would read far weights for few rows; else null.
    private CpuBlock? RentAhead(in RecurrentSequence s, int gates, int columns) =>
        Recurrent.Packs(s.B * s.T) && s.T > 1 && RecurrentShare.ReadsFar(device.Threads, s.B, s.H, gates * (s.I + s.H))
            ? device.Pool.Rent((long)s.B * s.T * columns * ((s.H + device.Width - 1) / device.Width * device.Width))
            : null;

    private static UnitWeights Units(Storage weight, CpuBlock? packed, long at, int gates, int vectors, int K, int H, int turn = 0) =>
        new() { Weight = Memory(weight), Packed = packed is null ? null : packed.Pointer + at, K = K, H = H, Gates = gates, Vectors = vectors, Turn = turn };

    // d [B, T, G]: dWeightIh and dWeightHh of a layer whose carry may be on; dLast [B, T, H] or null stands for the last H of d on the hidden side.
    private void WeightGradients(in RecurrentSequence s, Storage y, in RecurrentCarry carry, float* d, int G, float* dLast, in RecurrentGradients gradients)
    {
        if (gradients.DWeightIh is null && gradients.DWeightHh is null) return;
        var (rows, I, H) = (s.B * s.T, s.I, s.H);
        CpuBlock packedX = device.Pool.Rent(MatMulPack.Length(rows, I, device.Width)), packedH = device.Pool.Rent(MatMulPack.Length(rows, H, device.Width));
        var tiles = G >= Cpu.MatMul.FarApart ? device.Pool.Rent(device.Threads * Cpu.MatMul.TilesLength(device.Width)) : null;
        var kernel = new RecurrentWeightGradients
        {
            X = Memory(s.X),
            Mask = Memory(s.Mask),
            Seen = carry.IsOn ? carry.Seen : null,
            Y = Memory(y),
            H0 = Memory(s.H0),
            D = d,
            DLast = dLast,
            PackedX = packedX.Pointer,
            PackedH = packedH.Pointer,
            Tiles = tiles is null ? null : tiles.Pointer,
            Ih = Accumulate(gradients.DWeightIh),
            Hh = Accumulate(gradients.DWeightHh),
            B = s.B,
            T = s.T,
            I = I,
            H = H,
            G = G,
            Reverse = s.Reverse,
        };
        device.Run(ref kernel, (long)rows * G * (I + H), Cpu.MatMul.Worthwhile);
        GiveBack(packedX);
        GiveBack(packedH);
        GiveBack(tiles);
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
