namespace CourseKit.Tests.Data;

/// <summary>A test on what Linux has under /dev.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DeviceTheoryAttribute : TheoryAttribute
{
    public DeviceTheoryAttribute()
    {
        if (!OperatingSystem.IsLinux())
            Skip = "Only Linux has these devices.";
    }
}
