using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using CourseKit.Backends.Cpu;
using CourseKit.Host.Execution;

namespace CourseKit.Host.Commands;

/// <summary>doctor</summary>
internal sealed class DoctorVerb : Verb
{
    private static readonly string[] Browsers = ["chromium", "chromium-browser", "google-chrome", "firefox", "msedge", "xdg-open", "open"];

    public override string Name => "doctor";

    public override string Summary => "looks at this machine and says what is missing";

    public override async Task<int> RunAsync(Arguments arguments, Terminal terminal)
    {
        var (sdk, sdkMend) = await SdkAsync(terminal);
        var kit = Path.Combine(terminal.Root, "artifacts", "kit", "CourseKit.Notebooks.dll");
        var notebooks = Path.Combine(terminal.Root, "notebooks");
        var count = Directory.Exists(notebooks) ? Directory.GetFiles(notebooks, "*.ipynb").Length : 0;
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1L << 30);
        var browser = Browsers.FirstOrDefault(OnPath);
        List<(string What, string Found, string? Mend)> lines =
        [
            (".NET SDK", sdk, sdkMend),
            ("runtime", RuntimeInformation.FrameworkDescription, null),
            ("system", $"{RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.ProcessArchitecture}", null),
            ("vectors", Vectors(), Vector256.IsHardwareAccelerated ? null : "training will be slow: this processor has no AVX2, or DOTNET_EnableAVX2=0 is set"),
            ("cores", Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture), null),
            ("speed", string.Create(CultureInfo.InvariantCulture, $"{CpuBackend.MeasureGflops(1):0} GFLOP/s on one core, {CpuBackend.MeasureGflops():0} on all (float32 product, 1024 x 1024 x 1024)"), null),
            ("memory", string.Create(CultureInfo.InvariantCulture, $"{memory:0.0} GiB"), memory < 2 ? "the notebooks need about 2 GiB: close other programs, or raise the limit" : null),
            ("artifacts", Path.Combine(terminal.Root, "artifacts"), CannotWrite(terminal.Root)),
            ("kit", kit, File.Exists(kit) ? null : "missing: delete artifacts/built.txt and call again, which builds it"),
            ("notebooks", string.Create(CultureInfo.InvariantCulture, $"{count} in {notebooks}"), count > 0 ? null : "none: take a fresh copy of the project"),
            ("browser", browser ?? "none found here", browser is null ? "copy the site's folder to a machine with a browser; it works from files" : null),
        ];
        foreach (var (what, found, mend) in lines)
            terminal.Out.WriteLine($"{(mend is null ? "ok  " : "MEND")} {what,-10} {found}{(mend is null ? "" : $": {mend}")}");
        return lines.Exists(line => line.Mend is not null && line.What is not ("browser" or "vectors")) ? 1 : 0;
    }

    private static async Task<(string Found, string? Mend)> SdkAsync(Terminal terminal)
    {
        var version = "";
        try
        {
            var start = new ProcessStartInfo(DotnetCommand.Path, ["--version"]) { WorkingDirectory = terminal.Root };
            var code = await ChildProcess.RunAsync(start, line => version = version.Length == 0 ? line : version, terminal.Cancellation);
            return code == 0 ? (version, null) : (version, "install the .NET 10 SDK: https://dotnet.microsoft.com/download");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return ("none", "install the .NET 10 SDK: https://dotnet.microsoft.com/download");
        }
    }

    private static string Vectors() => Vector512.IsHardwareAccelerated ? "512 bits (AVX-512)"
        : Vector256.IsHardwareAccelerated ? "256 bits (AVX2)" : Vector128.IsHardwareAccelerated ? "128 bits" : "none";

    private static string? CannotWrite(string root)
    {
        try
        {
            AtomicFile.CheckWritable(Path.Combine(root, "artifacts", "doctor.txt"));
            return null;
        }
        catch (IOException e)
        {
            return $"{e.Message}. Copy the project to a folder that you may write to";
        }
    }

    private static bool OnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => folder.Length > 0 && (File.Exists(Path.Combine(folder, program)) || File.Exists(Path.Combine(folder, program + ".exe"))));
}
