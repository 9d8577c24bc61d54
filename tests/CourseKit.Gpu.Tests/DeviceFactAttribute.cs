namespace CourseKit.Gpu.Tests;

/// <summary>A test of a device, or of its absence, skipped with the reason where it cannot run.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DeviceFactAttribute : FactAttribute
{
    /// <param name="device">"pocl", "cuda" or "gpu".</param>
    /// <param name="absent">Whether the test needs that there is none.</param>
    public DeviceFactAttribute(string device, bool absent = false)
    {
        var missing = DeviceTheoryAttribute.Missing(device);
        Skip = !absent ? missing : missing is null ? $"There is a device that answers to {device}" : null;
    }
}
