using CourseKit.Backends;

namespace CourseKit.Gpu.Tests;

/// <summary>A test of a device, skipped with the reason where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DeviceTheoryAttribute : TheoryAttribute
{
    /// <param name="device">"pocl" or "cuda".</param>
    public DeviceTheoryAttribute(string device) => Skip = Missing(device);

    internal static string? Missing(string device)
    {
        if (device == "pocl") return Pocl.Missing;
        try
        {
            GpuDevices.Open(device);
            return null;
        }
        catch (BackendException e)
        {
            return e.Message;
        }
    }
}
