using System.Runtime.InteropServices;
using CourseKit.Backends;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace CourseKit.Gpu;

/// <summary>The GPUs of this machine. Each is opened once, however often it is asked for.</summary>
public static class GpuDevices
{
    private static readonly Lock Guard = new();
    private static readonly Dictionary<Device, GpuBackend> Opened = [];
    private static Context? s_context;

    /// <summary>What ILGPU found here, each as "NVIDIA H100 (CUDA)"; empty where there is no device or no driver.</summary>
    public static IReadOnlyList<string> List()
    {
        lock (Guard) return [.. TheContext().Devices.Where(device => device.AcceleratorType != AcceleratorType.CPU).Select(device => $"{device.Name.Trim()} ({device.AcceleratorType})")];
    }

    /// <summary>Opens a device.</summary>
    /// <param name="name">"cuda"; "opencl", of whose devices the one with the most compute units is taken, GPUs first; or "gpu": CUDA, or else an OpenCL GPU.</param>
    /// <exception cref="ArgumentException">The name is another one.</exception>
    /// <exception cref="BackendException">There is no such device, or it cannot be used.</exception>
    public static IBackend Open(string name)
    {
        lock (Guard)
        {
            var context = TheContext();
            Device? device = name switch
            {
                "cuda" => Cuda(context),
                "opencl" => OpenCl(context).FirstOrDefault(),
                "gpu" => (Device?)Cuda(context) ?? OpenCl(context).FirstOrDefault(d => d.DeviceType == CLDeviceType.CL_DEVICE_TYPE_GPU),
                _ => throw new ArgumentException($"GpuDevices.Open: the name must be cuda, opencl or gpu, but is \"{name}\".", nameof(name)),
            };
            try
            {
                if (device is null) throw Missing(name);
                return Opened.TryGetValue(device, out var opened) ? opened : Opened[device] = new GpuBackend(GpuDevice.Open(context, device));
            }
            catch (BackendException e)
            {
                // Like all that goes wrong when a backend is opened, by the name that was asked for.
                throw new BackendException($"{name}: {e.Message}", e.InnerException);
            }
        }
    }

    private static CudaDevice? Cuda(Context context) => context.Devices.OfType<CudaDevice>().MaxBy(device => device.NumMultiprocessors);

    private static IEnumerable<CLDevice> OpenCl(Context context) =>
        context.Devices.OfType<CLDevice>().OrderByDescending(device => device.DeviceType == CLDeviceType.CL_DEVICE_TYPE_GPU).ThenByDescending(device => device.NumMultiprocessors);

    private static BackendException Missing(string name)
    {
        string[] libraries = OperatingSystem.IsWindows() ? ["nvcuda.dll", "OpenCL.dll"] : OperatingSystem.IsMacOS() ? ["libcuda.dylib", "/System/Library/Frameworks/OpenCL.framework/OpenCL"] : ["libcuda.so.1", "libOpenCL.so.1"];
        var (cuda, openCl) = (State(libraries[0]), State(libraries[1]));
        var (what, why, mend) = name switch
        {
            "cuda" => ("no NVIDIA GPU", cuda, "Install NVIDIA's driver"),
            "opencl" => ("no OpenCL device that ILGPU can use (it needs OpenCL 2.0 with a generic address space)", openCl, "Install the OpenCL driver of the device's maker"),
            _ => ("no GPU", $"{cuda}, {openCl}", "Install NVIDIA's driver, or the OpenCL driver of the GPU's maker"),
        };
        return new BackendException($"{what} was found here: {why}. {mend}, or take another backend: cpu always works, and best takes a GPU only where there is one.");
    }

    private static string State(string library)
    {
        if (!NativeLibrary.TryLoad(library, out var handle)) return $"{library} is not installed";
        NativeLibrary.Free(handle);
        return $"{library} is installed, but names no usable device";
    }

    private static Context TheContext()
    {
        if (s_context is not null) return s_context;
        ResolveOpenCl();
        return s_context = Context.Create(builder => builder.Cuda().OpenCL());
    }

    /// <summary>Linux's drivers install libOpenCL.so.1; the name without a number comes with a package for developers only.</summary>
    internal static void ResolveOpenCl()
    {
        try
        {
            NativeLibrary.SetDllImportResolver(typeof(Context).Assembly, (library, _, _) =>
                library == "OpenCL" && OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libOpenCL.so.1", out var handle) ? handle : 0);
        }
        catch (InvalidOperationException)
        {
            // The program has set one, and knows better.
        }
    }
}
