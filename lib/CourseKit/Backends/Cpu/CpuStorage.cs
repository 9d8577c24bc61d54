namespace CourseKit.Backends.Cpu;

/// <summary>One rental of a pooled block. A fresh object each time, so that a use after Return is an exception and not another tensor's numbers.</summary>
internal sealed unsafe class CpuStorage(int length, CpuBlock block) : Storage(length)
{
    private CpuBlock? block = block;

    /// <summary>The first number; valid while this object is reachable.</summary>
    internal float* Pointer => (block ?? throw new InvalidOperationException("CpuBackend: this storage went back to the pool and cannot be used any more.")).Pointer;

    /// <summary>Gives up the block, once.</summary>
    internal CpuBlock Release() =>
        Interlocked.Exchange(ref block, null) ?? throw new InvalidOperationException("CpuBackend: this storage went back to the pool before and cannot be returned twice.");
}
