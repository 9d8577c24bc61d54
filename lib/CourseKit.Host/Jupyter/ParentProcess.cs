using System.Diagnostics;
using System.Globalization;

namespace CourseKit.Host.Jupyter;

/// <summary>The Jupyter that started this kernel, which names itself in JPY_PARENT_PID.</summary>
internal static class ParentProcess
{
    /// <summary>Waits until it is gone: a server that was killed shuts no kernel down. Without a known one, for ever.</summary>
    public static async Task GoneAsync()
    {
        // On Windows the variable holds a handle, and no id.
        var name = OperatingSystem.IsWindows() ? null : Environment.GetEnvironmentVariable("JPY_PARENT_PID");
        if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id) || id <= 1)
            await Task.Delay(Timeout.Infinite);
        try
        {
            using var parent = Process.GetProcessById(id);
            await parent.WaitForExitAsync();
        }
        catch (ArgumentException)
        {
            // It is gone already.
        }
    }
}
