using System.Collections.Concurrent;
using System.Numerics;

namespace CourseKit.Backends.Cpu;

/// <summary>Blocks that wait for their next use, by size class: four classes for each power of two, so at most a quarter is wasted.</summary>
internal sealed class CpuPool
{
    private const int SmallestLog = 6;
    private const int Classes = (31 - SmallestLog) * 4;
    private readonly ConcurrentStack<CpuBlock>[] free = CreateStacks();

    internal CpuStorage Rent(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        var sizeClass = ClassOf(length, out var capacity);
        return new CpuStorage(length, free[sizeClass].TryPop(out var block) ? block : new CpuBlock(sizeClass, capacity));
    }

    internal void Return(CpuStorage storage)
    {
        var block = storage.Release();
        free[block.SizeClass].Push(block);
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
        capacity = (int)Math.Min(Array.MaxLength - 16L, (1L << log) + ((long)quarters * quarter));
        return ((log - SmallestLog) * 4) + quarters;
    }

    private static ConcurrentStack<CpuBlock>[] CreateStacks()
    {
        var stacks = new ConcurrentStack<CpuBlock>[Classes + 1];
        for (var i = 0; i < stacks.Length; i++) stacks[i] = new ConcurrentStack<CpuBlock>();
        return stacks;
    }
}
