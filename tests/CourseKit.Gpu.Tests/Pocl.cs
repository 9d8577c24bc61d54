using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime.OpenCL;

namespace CourseKit.Gpu.Tests;

/// <summary>
/// OpenCL on the processor by PoCL, Debian's pocl-opencl-icd: it compiles and runs what ILGPU makes for OpenCL. PoCL 3.1 has no generic address space, which ILGPU asks for; on a processor
/// the global one is as good.
/// </summary>
internal static class Pocl
{
    private static readonly Lazy<(GpuDevice? Device, string Why)> TheDevice = new(Open);

    /// <summary>Why there is none, or null.</summary>
    internal static string? Missing => TheDevice.Value.Device is null ? TheDevice.Value.Why : null;

    internal static GpuBackend NewBackend() => new(TheDevice.Value.Device ?? throw new InvalidOperationException(TheDevice.Value.Why));

    /// <summary>A context in which PoCL's device passes for one that has all that ILGPU asks for.</summary>
    internal static Context NewContext()
    {
        // PoCL reads the native environment, which .NET's own variables do not reach.
        _ = setenv("POCL_EXTRA_BUILD_FLAGS", "-D__generic=global", 1);
        _ = setenv("POCL_CACHE_DIR", Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "coursekit-pocl")).FullName, 0);
        GpuDevices.ResolveOpenCl();
        return Context.Create(builder => builder.OpenCL(device =>
        {
            device.Capabilities.GetType().GetProperty("GenericAddressSpace")!.SetValue(device.Capabilities, true);
            return device.Name.StartsWith("pthread", StringComparison.Ordinal) || device.Name.StartsWith("cpu", StringComparison.Ordinal);
        }));
    }

    private static (GpuDevice?, string) Open()
    {
        if (!OperatingSystem.IsLinux()) return (null, "PoCL is used on Linux only");
        if (!NativeLibrary.TryLoad("libOpenCL.so.1", out _)) return (null, "there is no OpenCL here (Debian: apt-get install pocl-opencl-icd)");
        var context = NewContext();
        var device = context.Devices.OfType<CLDevice>().FirstOrDefault();
        return device is null ? (null, "there is no PoCL here (Debian: apt-get install pocl-opencl-icd)") : (GpuDevice.Open(context, device), "");
    }

    [DllImport("libc", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int setenv(string name, string value, int overwrite);
}
