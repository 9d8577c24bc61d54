using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace CourseKit.Interactive;

/// <summary>
/// Lets Plotly.NET use the FSharp.Core that the kernel already has. Plotly.NET 6 asks for a newer one than .NET Interactive brings, and its dependency Giraffe.ViewEngine for an
/// older one: each would get its own, and lists and functions that they pass each other would be of different types.
/// </summary>
internal static class KernelFSharpCore
{
    private const string Name = "FSharp.Core";

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "It must stand before the runtime compiles any method here that names a type of FSharp.Core.")]
    internal static void Use() => AssemblyLoadContext.Default.Resolving += (_, wanted) => wanted is { Name: Name, Version: not null } ? OfTheProgram() : null;

    // Asked for without a version, the runtime gives the program's own, whichever it is.
    private static Assembly? OfTheProgram()
    {
        try
        {
            return AssemblyLoadContext.Default.LoadFromAssemblyName(new AssemblyName(Name));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
