namespace CourseKit.Gpu;

/// <summary>What a backend has asked of its device since it was made. Subtract two to see what lies between.</summary>
/// <param name="Launches">Kernels started, cuBLAS's products among them.</param>
/// <param name="Synchronizations">How often the program waited for the device.</param>
/// <param name="BytesToDevice">Copied to the device.</param>
/// <param name="BytesFromDevice">Copied back.</param>
/// <param name="BytesOnDevice">Read and written by the kernels, each operand counted once a launch: the least that crosses the device's memory when nothing stays in its caches.</param>
/// <param name="Flops">Multiplications and additions of the products.</param>
public readonly record struct GpuTraffic(long Launches, long Synchronizations, long BytesToDevice, long BytesFromDevice, long BytesOnDevice, long Flops)
{
    /// <summary>What lies between two counts.</summary>
    public static GpuTraffic operator -(GpuTraffic after, GpuTraffic before) => new(
        after.Launches - before.Launches, after.Synchronizations - before.Synchronizations, after.BytesToDevice - before.BytesToDevice,
        after.BytesFromDevice - before.BytesFromDevice, after.BytesOnDevice - before.BytesOnDevice, after.Flops - before.Flops);
}
