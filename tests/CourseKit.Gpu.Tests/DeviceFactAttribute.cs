namespace CourseKit.Gpu.Tests;

/// <summary>A test of a device, skipped with the reason where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DeviceFactAttribute : FactAttribute
{
    /// <param name="device">"pocl" or "cuda".</param>
    public DeviceFactAttribute(string device) => Skip = DeviceTheoryAttribute.Missing(device);
}
