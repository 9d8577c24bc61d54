using ILGPU;

namespace CourseKit.Gpu;

/// <summary>The two ways in which work enters a device; every kernel is one of them with its operands as a structure of views and numbers.</summary>
internal static class Kernels
{
    /// <summary>op.At(i) for every i below n.</summary>
    internal static void Each<T>(T op, int n)
        where T : struct, IEach
    {
        for (var i = Grid.GlobalIndex.X; i < n; i += Grid.DimX * Group.DimX) op.At(i);
    }

    /// <summary>op.Run() in every thread of every group.</summary>
    internal static void Grouped<T>(T op)
        where T : struct, IGrouped => op.Run();
}
