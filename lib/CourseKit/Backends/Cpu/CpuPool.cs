using System.Numerics;
using System.Runtime.CompilerServices;

namespace CourseKit.Backends.Cpu;

/// <summary>Blocks that wait for their next use, by size class: four classes for each power of two, so at most a quarter is wasted.</summary>
internal sealed class CpuPool
{
    private const int SmallestLog = 6;
    private const int Classes = ((31 - SmallestLog) * 4) + 1;
    private readonly Lock guard = new();
    private readonly Stack<CpuBlock>[] free = [.. Enumerable.Range(0, Classes).Select(_ => new Stack<CpuBlock>())];

    internal CpuBlock Rent(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Array.MaxLength - 32);
        var sizeClass = ClassOf((int)length, out var capacity);
        lock (guard)
        {
            if (free[sizeClass].TryPop(out var block)) return block;
        }

        return new CpuBlock(sizeClass, capacity);
    }

    internal void Return(CpuBlock block)
    {
        lock (guard) free[block.SizeClass].Push(block);
    }

    /// <summary>The smallest class that holds length numbers.</summary>
    internal static int ClassOf(int length, out int capacity)
    {
        if (length <= 1 << SmallestLog)
        {
            capacity = 1 << SmallestLog;
            return 0;
        }

        var log = BitOperations.Log2((uint)(length - 1));
        var quarter = 1 << (log - 2);
        var quarters = (length - (1 << log) + quarter - 1) / quarter;
        capacity = (int)Math.Min(Array.MaxLength - 32L, (1L << log) + ((long)quarters * quarter));
        return ((log - SmallestLog) * 4) + quarters;
    }
}

/// <summary>Pinned memory of one size class, aligned to 64 bytes. A kernel may read a vector that begins inside it to its end.</summary>
internal sealed unsafe class CpuBlock
{
    private const int AlignmentBytes = 64;
    private readonly float[] array;

    internal CpuBlock(int sizeClass, int capacity)
    {
        SizeClass = sizeClass;
        array = GC.AllocateUninitializedArray<float>(capacity + (2 * AlignmentBytes / sizeof(float)), pinned: true);
        var address = (nuint)Unsafe.AsPointer(ref array[0]);
        Pointer = (float*)((address + (AlignmentBytes - 1)) & ~(nuint)(AlignmentBytes - 1));
    }

    internal int SizeClass { get; }

    internal float* Pointer { get; }
}
