using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace CourseKit.Benchmarks;

/// <summary>PyTorch on the processor, through the system's Python.</summary>
internal sealed class PyTorchPeer
{
    private readonly string _python;

    private PyTorchPeer(string python, string version) => (_python, Name) = (python, $"PyTorch {version}");

    /// <summary>Such as "PyTorch 1.13.0".</summary>
    public string Name { get; }

    /// <summary>The first Python that knows PyTorch; that of a package manager may, when another on the path does not. Null when none does.</summary>
    public static PyTorchPeer? Find()
    {
        foreach (var python in OperatingSystem.IsWindows() ? new[] { "python" } : ["/usr/bin/python3", "python3"])
        {
            if (Output(python, "-c", "import torch; print(torch.__version__)") is { Length: > 0 } version)
                return new(python, version);
        }

        Console.Error.WriteLine("bench: PyTorch is not installed, and is left out. On Debian: apt-get install python3-torch libopenblas0-pthread; elsewhere: pip install torch");
        return null;
    }

    /// <summary>
    /// Starts a case in every setting of threads that may be its best. What PyTorch runs on has threads of two kinds: its own, and those of the BLAS library below it, which
    /// PyTorch does not command when it is OpenBLAS; both together may wait for each other.
    /// </summary>
    /// <param name="one">The case.</param>
    /// <param name="threads">The most threads to use.</param>
    public IEnumerable<Func<Runner>> Start(BenchCase one, int threads)
    {
        foreach (var (own, blas) in new[] { (1, 1), (1, threads), (threads, threads) }.Distinct())
        {
            yield return () =>
            {
                var script = Path.Combine(Project.Root, "benchmarks", "Peers", "pytorch.py");
                var start = new ProcessStartInfo(_python, ["-B", script, BenchCase.File, one.Name, own.ToString(CultureInfo.InvariantCulture)]);
                start.Environment["OPENBLAS_NUM_THREADS"] = blas.ToString(CultureInfo.InvariantCulture);
                return new(Name, own, start, FormattableString.Invariant($"OPENBLAS_NUM_THREADS={blas}"));
            };
        }
    }

    /// <summary>What a program that answers at once prints; null when it does not start or fails.</summary>
    internal static string? Output(string program, params IEnumerable<string> arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            var output = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            return process.ExitCode == 0 ? output : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
