using System.Reflection;
using System.Runtime.Loader;
using CourseKit.Backends.Cpu;

namespace CourseKit.Backends;

/// <summary>Finds what operations can run on: this processor always, and a GPU where CourseKit.Gpu.dll lies beside this library and a driver is installed.</summary>
public static class Backend
{
    private const string Gpu = "CourseKit.Gpu";

    /// <summary>The names that <see cref="Open"/> knows: "cpu", "gpu" (CUDA, or else an OpenCL GPU), "cuda", "opencl", and "best" (the GPU, or else the CPU).</summary>
    public static IReadOnlyList<string> Names { get; } = ["cpu", "gpu", "cuda", "opencl", "best"];

    /// <summary>Where CourseKit.Gpu.dll lies, with ILGPU's DLLs beside it. Default: beside this library.</summary>
    public static string GpuLibrary { get; set; } = Path.Combine(Path.GetDirectoryName(typeof(Backend).Assembly.Location) ?? "", Gpu + ".dll");

    /// <summary>Gives the backend of a name. Only "best" falls back to another one than was asked for.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="ArgumentException">There is no such name.</exception>
    /// <exception cref="BackendException">There is no such device here, or its driver fails; the message says which and what helps.</exception>
    /// <remarks>Known elsewhere as torch.device("cuda"). What it opened says <see cref="IBackend.Name"/>.</remarks>
    public static IBackend Open(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!Names.Contains(name))
            throw new ArgumentException($"Backend.Open: the name must be one of {string.Join(", ", Names)}, but is \"{name}\".", nameof(name));
        return name switch { "cpu" => CpuBackend.Default, "best" => Best(), _ => OpenGpu(name) };
    }

    /// <summary>The fastest that there is: CUDA, else an OpenCL GPU, else the CPU.</summary>
    /// <param name="says">Hears what was picked, and why not a GPU; one line.</param>
    public static IBackend Best(Action<string>? says = null)
    {
        try
        {
            var gpu = OpenGpu("gpu");
            says?.Invoke($"Backend: {gpu.Name}.");
            return gpu;
        }
        catch (BackendException e)
        {
            says?.Invoke($"Backend: {CpuBackend.Default.Name}; {e.Message.Split(". ")[0]}.");
            return CpuBackend.Default;
        }
    }

    // The GPU's library is not referenced, so that this one works without its packages: it is loaded when a GPU is asked for, from its file or because the program references it.
    private static IBackend OpenGpu(string name)
    {
        try
        {
            var library = File.Exists(GpuLibrary) ? Load(Path.GetFullPath(GpuLibrary)) : Assembly.Load(Gpu);
            return library.GetType(Gpu + ".GpuDevices")!.GetMethod("Open", BindingFlags.Static | BindingFlags.Public)!.CreateDelegate<Func<string, IBackend>>()(name);
        }
        catch (Exception e) when (e is IOException or BadImageFormatException)
        {
            // The GPU's library, or what it needs: an assembly's full name, or a file.
            var file = (e as FileNotFoundException)?.FileName ?? (e as FileLoadException)?.FileName ?? (e as BadImageFormatException)?.FileName ?? Gpu;
            throw new BackendException($"{name}: {Path.GetFileName(file.Split(',')[0]).Replace(".dll", "", StringComparison.Ordinal)}.dll is not here. Build CourseKit.sln where the packages ILGPU and ILGPU.Algorithms can be restored, or take the backend cpu.", e);
        }
    }

    // Into where this library was loaded: a notebook's host loads into a context of its own, and elsewhere the interface would be another type.
    private static Assembly Load(string path)
    {
        var context = AssemblyLoadContext.GetLoadContext(typeof(Backend).Assembly)!;
        context.Resolving -= BesideTheGpuLibrary;
        context.Resolving += BesideTheGpuLibrary;
        return context.LoadFromAssemblyPath(path);
    }

    private static Assembly? BesideTheGpuLibrary(AssemblyLoadContext context, AssemblyName needed)
    {
        var path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(GpuLibrary))!, needed.Name + ".dll");
        return needed.Name!.StartsWith("ILGPU", StringComparison.Ordinal) && File.Exists(path) ? context.LoadFromAssemblyPath(path) : null;
    }
}
