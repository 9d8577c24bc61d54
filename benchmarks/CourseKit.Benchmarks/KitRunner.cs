using System.Globalization;
using System.Text.Json;
using CourseKit.Backends.Cpu;

namespace CourseKit.Benchmarks;

/// <summary>
/// The kit on one case, in a process of its own. Answers each request on standard input with one line of JSON, and ends with its input:
/// step SECONDS, forward SECONDS, recurrent SECONDS (median ms), generate SECONDS (characters a second), peak SECONDS (GFLOP/s), allocated (bytes of managed memory a step), memory (peak MB).
/// </summary>
internal static class KitRunner
{
    /// <summary>Serves until standard input ends.</summary>
    /// <param name="name">The case.</param>
    /// <param name="threads">How many threads.</param>
    public static void Serve(string name, string threads)
    {
        var (one, warm) = (BenchCase.Find(name), new HashSet<string>());
        var backend = CpuBackend.Default = new CpuBackend(int.Parse(threads, CultureInfo.InvariantCulture));
        var calls = new Dictionary<string, Action>();
        if (one.Generates)
        {
            calls["generate"] = KitModel.Writer(one);
        }
        else
        {
            var model = new KitModel(one);
            (calls["step"], calls["forward"], calls["recurrent"]) = (model.Step, model.Forward, model.Recurrent);
        }

        Write(new { name = Project.Version });
        while (Console.In.ReadLine() is { } line)
        {
            var (what, seconds) = line.Split(' ') is [var word, var budget] ? (word, double.Parse(budget, CultureInfo.InvariantCulture)) : (line, 0);
            Write(new { value = what switch { "memory" => PeakMemory(), "allocated" => Allocated(calls["step"]), "peak" => CpuBackend.MeasurePeak(CpuDevice.Best, TimeSpan.FromSeconds(seconds), backend.Threads), _ => Measure(what, seconds) } });
        }

        double? Measure(string what, double seconds)
        {
            if (warm.Add(what))
                Timing.WarmUp(calls[what], seconds);
            var ms = Timing.MedianMs(calls[what], seconds);
            return what == "generate" ? 1e3 * one.Characters / ms : ms;
        }
    }

    // Bytes of managed memory that a warm call allocates.
    private static double Allocated(Action call)
    {
        const int Calls = 5;
        call();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Calls; i++)
            call();
        return (double)(GC.GetAllocatedBytesForCurrentThread() - before) / Calls;
    }

    // The most memory that this process has held, in MB; null where the system does not tell.
    private static double? PeakMemory()
    {
        const string Status = "/proc/self/status";
        return File.Exists(Status) && File.ReadLines(Status).FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)) is { } line
            ? double.Parse(line.AsSpan()["VmHWM:".Length..^"kB".Length], CultureInfo.InvariantCulture) / 1024
            : null;
    }

    private static void Write<T>(T answer)
    {
        Console.Out.WriteLine(JsonSerializer.Serialize(answer));
        Console.Out.Flush();
    }
}
