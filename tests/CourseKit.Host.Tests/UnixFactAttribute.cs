namespace CourseKit.Host.Tests;

/// <summary>A test that starts shell scripts, or sends signals.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute()
    {
        if (OperatingSystem.IsWindows())
            Skip = "Windows has no shell scripts and no signals.";
    }
}
