using System.Reflection;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CourseKit.Notebooks;

/// <summary>What a notebook runs on. Made by <see cref="Kit.Start"/>.</summary>
[TypeFormatterSource(typeof(DisplayFormatterSource))]
public sealed class KitInfo
{
    internal KitInfo()
    {
    }

    /// <summary>The kit's version, such as 0.1.0.</summary>
    public string Version { get; } = VersionOf(typeof(KitInfo).Assembly);

    /// <summary>The .NET version, such as 10.0.1.</summary>
    public string DotNetVersion { get; } = Environment.Version.ToString();

    /// <summary>Width of the vectors that this processor and this .NET compute with, in bits: 512, 256, 128, or 0 for none.</summary>
    public int VectorBits { get; } =
        Avx512F.IsSupported ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0;

    /// <summary>Logical processors that this process may use.</summary>
    public int Cores { get; } = Environment.ProcessorCount;

    /// <summary>All of it in one line.</summary>
    /// <returns>Such as "CourseKit 0.1.0, .NET 10.0.1, 512-bit vectors, 2 cores".</returns>
    public override string ToString() =>
        $"CourseKit {Version}, .NET {DotNetVersion}, {(VectorBits == 0 ? "no vectors" : $"{Num.Whole(VectorBits)}-bit vectors")}, " +
        $"{Num.Whole(Cores)} core{(Cores == 1 ? "" : "s")}";

    private static string VersionOf(Assembly assembly)
    {
        var version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
        // What follows a plus sign names the build.
        var plus = version.IndexOf('+', StringComparison.Ordinal);
        return plus < 0 ? version : version[..plus];
    }
}
