using System.Collections.Concurrent;
using System.Numerics;
using ILGPU;
using ILGPU.Runtime;

namespace CourseKit.Gpu;

/// <summary>Blocks of device memory that wait for their next use, by size class: four classes for each power of two, so at most a quarter is wasted.</summary>
internal sealed class GpuPool(Func<long, MemoryBuffer1D<float, Stride1D.Dense>> allocate)
{
    private const int SmallestLog = 6;
    private readonly Lock guard = new();
    private readonly Dictionary<int, Stack<GpuBlock>> free = [];

    // All blocks, so that none is finalized while the storage that lost it hands it back.
    private readonly HashSet<GpuBlock> all = [];

    // Blocks of storage that was collected. An operation may still be about to use one: they are free when the next storage is made, not when scratch is rented inside an operation.
    private readonly ConcurrentQueue<GpuBlock> collected = [];

    /// <summary>Bytes of device memory that blocks hold, lent or not.</summary>
    internal long Bytes { get; private set; }

    internal GpuBlock Rent(int length)
    {
        var capacity = CapacityOf(length);
        lock (guard)
        {
            if (free.TryGetValue(capacity, out var blocks) && blocks.TryPop(out var block)) return block;
            var fresh = new GpuBlock(allocate(capacity), capacity);
            all.Add(fresh);
            Bytes += sizeof(float) * (long)capacity;
            return fresh;
        }
    }

    internal void Return(GpuBlock block)
    {
        lock (guard)
        {
            if (!free.TryGetValue(block.Capacity, out var blocks)) free[block.Capacity] = blocks = [];
            blocks.Push(block);
        }
    }

    /// <summary>Takes the block of a storage that nobody returned.</summary>
    internal void Collect(GpuBlock block) => collected.Enqueue(block);

    /// <summary>Makes the blocks of collected storage free.</summary>
    internal void Sweep()
    {
        while (collected.TryDequeue(out var block)) Return(block);
    }

    /// <summary>Gives the device all memory that nobody holds.</summary>
    internal void Trim()
    {
        lock (guard)
        {
            foreach (var block in free.Values.SelectMany(blocks => blocks))
            {
                all.Remove(block);
                Bytes -= sizeof(float) * (long)block.Capacity;
                block.Memory.Dispose();
            }

            free.Clear();
        }
    }

    /// <summary>The numbers that the class of a length holds.</summary>
    private static int CapacityOf(int length)
    {
        if (length <= 1 << SmallestLog) return 1 << SmallestLog;
        var log = BitOperations.Log2((uint)(length - 1));
        var quarter = 1 << (log - 2);
        var quarters = (length - (1 << log) + quarter - 1) / quarter;
        return (int)Math.Min(Array.MaxLength, (1L << log) + ((long)quarters * quarter));
    }
}
