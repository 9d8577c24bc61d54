using System.Diagnostics;

namespace CourseKit.Host.Tests;

/// <summary>A test that mounts a small disk where only it can see it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PrivateMountFactAttribute : FactAttribute
{
    private static readonly bool Possible = Try();

    public PrivateMountFactAttribute()
    {
        if (!Possible)
            Skip = "This machine lets nobody mount a small disk (unshare -rm and mount -t tmpfs).";
    }

    private static bool Try()
    {
        if (!OperatingSystem.IsLinux())
            return false;
        try
        {
            using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "unshare -rm mount -t tmpfs -o size=64k tmpfs /mnt"])
            {
                RedirectStandardError = true,
            })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
