namespace CourseKit.Backends.Cpu;

/// <summary>One rental of a pooled block. A fresh object each time, so that a use after Return is an exception and not another tensor's numbers.</summary>
internal sealed unsafe class CpuStorage(int length, CpuBlock block) : Storage(length)
{
    private CpuBlock? block = block;

    private volatile bool empty;

    /// <summary>The first number; valid while this object is reachable.</summary>
    internal float* Pointer
    {
        get
        {
            var pointer = Block.Pointer;
            if (empty)
            {
                new Span<float>(pointer, Length).Clear();
                empty = false;
            }

            return pointer;
        }
    }

    /// <summary>Whether all numbers are 0 without having been written.</summary>
    internal bool IsEmpty
    {
        get
        {
            _ = Block;
            return empty;
        }
    }

    private CpuBlock Block => block ?? throw new InvalidOperationException("CpuBackend: this storage went back to the pool and cannot be used any more.");

    /// <summary>Makes all numbers 0 without writing them before somebody looks: mostly a product comes first and overwrites them.</summary>
    internal void Empty()
    {
        _ = Block;
        empty = true;
    }

    /// <summary>Where to add to the numbers, for one who writes them all.</summary>
    internal Accumulator Accumulate()
    {
        var adds = !empty;
        empty = false;
        return new Accumulator(Block.Pointer, adds);
    }

    /// <summary>Gives up the block, once.</summary>
    internal CpuBlock Release() =>
        Interlocked.Exchange(ref block, null) ?? throw new InvalidOperationException("CpuBackend: this storage went back to the pool before and cannot be returned twice.");
}
