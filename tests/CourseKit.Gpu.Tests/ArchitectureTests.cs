using System.Reflection;
using CourseKit.Backends;
using CourseKit.Tests.Architecture;

namespace CourseKit.Gpu.Tests;

/// <summary>The GPU's library against docs/architecture.md.</summary>
public class ArchitectureTests
{
    private static readonly Assembly Library = typeof(GpuBackend).Assembly;

    [Fact]
    public void Code_UsesOfTheLibraryBackendsOnly()
    {
        var used = Library.GetTypes().SelectMany(UsedTypes.Of).Where(type => type.Assembly == typeof(IBackend).Assembly).Select(type => type.Namespace).Distinct().Order();

        // Of the CPU's backend it uses what anybody may.
        Assert.Equal(["CourseKit.Backends", "CourseKit.Backends.Cpu"], used);
    }

    /// <summary>Another version of ILGPU must not break who uses the library.</summary>
    [Fact]
    public void PublicTypes_NameNoTypeOfIlgpu()
    {
        var members = Library.GetExportedTypes().SelectMany(type => type.GetMembers(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .OfType<MethodBase>().Where(method => method.IsPublic || method.IsFamily);
        var named = members.SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType).Append(method is MethodInfo { ReturnType: var result } ? result : typeof(void)));
        Assert.DoesNotContain(named, type => type.Namespace?.StartsWith("ILGPU", StringComparison.Ordinal) == true);
        Assert.Equal(["GpuBackend", "GpuDevices", "GpuTraffic"], Library.GetExportedTypes().Select(type => type.Name).Order());
    }
}
