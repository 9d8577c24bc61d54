using ILGPU;
using ILGPU.Runtime;

namespace CourseKit.Gpu;

/// <summary>Device memory of one size class.</summary>
internal sealed class GpuBlock(MemoryBuffer1D<float, Stride1D.Dense> memory, int capacity)
{
    internal MemoryBuffer1D<float, Stride1D.Dense> Memory { get; } = memory;

    internal int Capacity { get; } = capacity;

    /// <summary>The first numbers.</summary>
    internal ArrayView<float> View(int length) => Memory.View.BaseView.SubView(0, length);
}
