using System.Runtime.CompilerServices;

namespace CourseKit.Backends.Cpu;

/// <summary>One rental of a pooled block. A fresh object each time, so that a use after Return is an exception and not another tensor's numbers.</summary>
internal sealed unsafe class CpuStorage : Storage
{
    private CpuBlock? block;

    internal CpuStorage(int length, CpuBlock block)
        : base(length)
    {
        this.block = block;
    }

    /// <summary>The first number, aligned to 64 bytes; valid while this object is reachable.</summary>
    internal float* Pointer => (block ?? throw new InvalidOperationException("CpuBackend: this storage went back to the pool and cannot be used any more.")).Pointer;

    /// <summary>Gives up the block, once.</summary>
    internal CpuBlock Release() =>
        Interlocked.Exchange(ref block, null) ?? throw new InvalidOperationException("CpuBackend: this storage went back to the pool before and cannot be returned twice.");
}

/// <summary>Pinned memory of one size class.</summary>
internal sealed unsafe class CpuBlock
{
    private const int AlignmentBytes = 64;
    private readonly float[] array;

    internal CpuBlock(int sizeClass, int capacity)
    {
        SizeClass = sizeClass;
        array = GC.AllocateUninitializedArray<float>(capacity + (AlignmentBytes / sizeof(float)), pinned: true);
        var address = (nuint)Unsafe.AsPointer(ref array[0]);
        Pointer = (float*)((address + (AlignmentBytes - 1)) & ~(nuint)(AlignmentBytes - 1));
    }

    internal int SizeClass { get; }

    internal float* Pointer { get; }
}
