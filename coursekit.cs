#!/usr/bin/env -S dotnet run
#:property PublishAot=false

// The one entry point: dotnet run coursekit.cs VERB. Builds what this machine can restore, then hands over to CourseKit.Host.

using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

var root = (string)AppContext.GetData("EntryPointFileDirectoryPath")!;
var built = Path.Combine(root, "artifacts", "built.txt");
var host = Path.Combine(root, "lib", "CourseKit.Host", "bin", "Release", "net10.0", "CourseKit.Host.dll");
var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
var stopped = false;
Process? child = null;

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

try
{
    if (Build() is var code and not 0)
        return stopped ? 130 : code;
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"coursekit: cannot build: {e.Message.TrimEnd('.')}. The project's folder must be writable, with some space left.");
    return 1;
}
child = Process.Start(new ProcessStartInfo(dotnet, [host, .. args]) { UseShellExecute = false })!;
child.WaitForExit();
return child.ExitCode;

// Builds unless nothing has changed since the last build; only one process at a time.
int Build()
{
    Directory.CreateDirectory(Path.Combine(root, "artifacts"));
    using var alone = Lock();
    var fingerprint = Fingerprint();
    if (File.Exists(host) && File.Exists(built) && File.ReadAllLines(built) is [_, var last] && last == fingerprint)
        return 0;
    File.Delete(built);
    Console.Error.Write("coursekit: building ... ");
    var watch = Stopwatch.StartNew();
    var solution = "CourseKit.sln";
    var (code, lines) = Dotnet(solution);
    // NU1101 to NU1103: the source answers, but does not hold the package or its version.
    var missing = lines.Select(line => Regex.Match(line, @"error NU110[123]: Unable to find (?:a stable )?package (?<id>[\w.-]*\w)").Groups["id"].Value)
        .Where(id => id.Length > 0).Distinct().ToList();
    if (code != 0 && !stopped && missing.Count > 0 && LeftOut() is { Count: > 0 } leftOut)
    {
        Console.Error.WriteLine($"not on your NuGet source: {string.Join(", ", missing)}; left out: {string.Join(", ", leftOut)}");
        Console.Error.Write("coursekit: building the rest ... ");
        solution = "CourseKit.Core.slnf";
        (code, lines) = Dotnet(solution);
    }
    Console.Error.WriteLine(stopped ? "stopped." : code == 0 ? $"done, {watch.Elapsed.TotalSeconds:0} s" : "failed:");
    if (code == 0)
        File.WriteAllLines(built, [solution, fingerprint]);
    else if (!stopped)
        Complain(lines, missing);
    return code;
}

static void Complain(List<string> lines, List<string> missing)
{
    var errors = lines.Where(line => line.Contains("error", StringComparison.Ordinal)).Select(line => line.Trim()).Distinct().ToList();
    foreach (var line in errors.Count > 0 ? errors : lines)
        Console.Error.WriteLine(line);
    if (errors.Any(line => line.Contains("NU1301", StringComparison.Ordinal)))
        Console.Error.WriteLine("coursekit: no NuGet source answers. Connect to the network once, or name your mirror in NuGet.config (dotnet nuget add source URL).");
    else if (missing.Count > 0)
        Console.Error.WriteLine($"coursekit: your NuGet source lacks {string.Join(", ", missing)}. Add a source that has it: dotnet nuget add source URL.");
}

(int Code, List<string> Lines) Dotnet(string solution)
{
    var lines = new List<string>();
    var start = new ProcessStartInfo(dotnet, ["build", solution, "-c", "Release", "-v", "quiet", "-nologo", "-clp:NoSummary", "-nodeReuse:false"])
    {
        WorkingDirectory = root,
        UseShellExecute = false,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };
    start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
    child = Process.Start(start)!;
    child.OutputDataReceived += Take;
    child.ErrorDataReceived += Take;
    child.BeginOutputReadLine();
    child.BeginErrorReadLine();
    // With a limit, because the compiler server outlives the build and may keep the pipe open: no wait for its end.
    while (!child.WaitForExit(200))
    {
        if (stopped)
            child.Kill(entireProcessTree: true);
    }
    Thread.Sleep(100);
    lock (lines)
        return (child.ExitCode, [.. lines]);

    void Take(object sender, DataReceivedEventArgs data)
    {
        lock (lines)
        {
            if (!string.IsNullOrWhiteSpace(data.Data))
                lines.Add(data.Data);
        }
    }
}

// Names, sizes and times of everything that a build reads.
string Fingerprint()
{
    var text = new StringBuilder();
    IEnumerable<string> files =
    [
        .. Directory.EnumerateFiles(root).Where(file => Path.GetFileName(file) == "global.json"
            || Path.GetExtension(file) is ".cs" or ".sln" or ".slnf" or ".props" or ".targets" or ".config" or ".editorconfig"),
        .. Sources(Path.Combine(root, "lib")), .. Sources(Path.Combine(root, "tests")), .. Sources(Path.Combine(root, "benchmarks")),
    ];
    foreach (var file in files.Order(StringComparer.Ordinal))
    {
        var info = new FileInfo(file);
        text.Append(file).Append('|').Append(info.Length).Append('|').Append(info.LastWriteTimeUtc.Ticks).Append('\n');
    }
    return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
}

static IEnumerable<string> Sources(string folder) => !Directory.Exists(folder) ? [] : Directory.EnumerateFiles(folder)
    .Concat(Directory.EnumerateDirectories(folder).Where(inner => Path.GetFileName(inner) is not ("bin" or "obj")).SelectMany(Sources));

// Projects of the solution that its core lacks.
List<string> LeftOut()
{
    var core = File.ReadAllText(Path.Combine(root, "CourseKit.Core.slnf"));
    return [.. Regex.Matches(File.ReadAllText(Path.Combine(root, "CourseKit.sln")), @"""(?<path>[^""]+)/?\.csproj""")
        .Select(match => Path.GetFileName(match.Groups["path"].Value.Replace('\\', '/')))
        .Where(name => !core.Contains($"\\\\{name}.csproj", StringComparison.Ordinal))];
}

FileStream Lock()
{
    var path = Path.Combine(root, "artifacts", "build.lock");
    for (var waited = 0; ; waited++)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (waited < 6000 && !stopped && File.Exists(path))
        {
            Thread.Sleep(100);
        }
    }
}

// A terminal signals the whole group, other senders only this process: pass it on, the child takes it twice.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stopped = true;
    if (child is { HasExited: false } running && !OperatingSystem.IsWindows())
        _ = Signals.Kill(running.Id, signal.Signal == PosixSignal.SIGTERM ? 15 : 2);
}

internal static class Signals
{
    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int Kill(int process, int signal);
}
