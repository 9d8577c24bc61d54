using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using CourseKit.Backends;
using CourseKit.Backends.Cpu;
using CourseKit.Host.Commands;
using CourseKit.Host.Execution;

namespace CourseKit.Host.Diagnosis;

/// <summary>What the machine and its .NET are, and how fast.</summary>
internal static class Machine
{
    private const double Gibibyte = 1L << 30;

    private const string GetSdk = "install the .NET 10 SDK: https://dotnet.microsoft.com/download";

    /// <summary>The SDK that builds the project.</summary>
    /// <param name="terminal">The project's root, and Ctrl-C.</param>
    public static async Task<Finding> SdkAsync(Terminal terminal)
    {
        var version = "";
        try
        {
            var start = new ProcessStartInfo(DotnetCommand.Path, ["--version"]) { WorkingDirectory = terminal.Root };
            var code = await ChildProcess.RunAsync(start, line => version = version.Length == 0 ? line : version, terminal.Cancellation);
            return Finding.Needed(".NET SDK", version, code == 0 ? null : GetSdk);
        }
        catch (Win32Exception)
        {
            return Finding.Needed(".NET SDK", "none", GetSdk);
        }
    }

    /// <summary>Runtime, system, processor, memory, GPU and clock. Measures for two seconds, on all cores.</summary>
    public static IEnumerable<Finding> Look()
    {
        yield return Finding.Ok("runtime", RuntimeInformation.FrameworkDescription);
        yield return Finding.Ok("system", $"{RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.ProcessArchitecture}");
        var bits = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0;
        yield return Finding.Wished("vectors", bits switch { 512 => "512 bits (AVX-512)", 256 => "256 bits (AVX2)", 128 => "128 bits", _ => "none" },
            bits >= 256 || RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? null : "training is slow: this processor has no AVX2, or DOTNET_EnableAVX2=0 is set", ("vectorBits", bits));
        yield return Finding.Ok("cores", Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture), ("cores", Environment.ProcessorCount));
        double one = CpuBackend.MeasureGflops(1), all = CpuBackend.MeasureGflops();
        yield return Finding.Ok("speed", string.Create(CultureInfo.InvariantCulture, $"{one:0} GFLOP/s on one core, {all:0} on all (float32 product, 1024 x 1024 x 1024)"),
            ("gflopsOneCore", Math.Round(one, 1)), ("gflopsAllCores", Math.Round(all, 1)));
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        yield return Finding.Needed("memory", string.Create(CultureInfo.InvariantCulture, $"{memory / Gibibyte:0.0} GiB"),
            memory < 2 * Gibibyte ? "the notebooks need about 2 GiB: close other programs, or raise the limit" : null, ("memoryBytes", memory));
        yield return Gpu();
        yield return Clock(DateTime.UtcNow, File.GetLastWriteTimeUtc(typeof(Machine).Assembly.Location));
        var tick = 1e9 / Stopwatch.Frequency;
        yield return Finding.Wished("timer", string.Create(CultureInfo.InvariantCulture, $"{tick:0.#} ns"), tick <= 1000 ? null : "measured times are coarse on this machine",
            ("timerNanoseconds", tick));
    }

    /// <summary>Whether the clock can be right.</summary>
    /// <param name="now">What it shows, UTC.</param>
    /// <param name="built">When this program was built, by the same clock.</param>
    internal static Finding Clock(DateTime now, DateTime built) => Finding.Needed("clock", now.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture),
        now >= built ? null : string.Create(CultureInfo.InvariantCulture, $"set it: CourseKit was built later, on {built:yyyy-MM-dd HH:mm}"));

    private static Finding Gpu()
    {
        try
        {
            return Finding.Ok("GPU", Backend.Open("gpu").Name);
        }
        catch (BackendException e)
        {
            return Finding.Wished("GPU", e.Message["gpu: ".Length..].Split(". ")[0], "nothing is missing, the CPU does everything");
        }
    }
}
