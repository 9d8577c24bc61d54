using System.Globalization;
using System.Text.Json;
using CourseKit.Backends;
using CourseKit.Backends.Cpu;
using CourseKit.Tensors;

namespace CourseKit.Benchmarks;

/// <summary>
/// The kit on one case, in a process of its own. Answers each request on standard input with one line of JSON, and ends with its input:
/// step SECONDS, forward SECONDS, recurrent SECONDS (median ms), generate SECONDS (characters a second), peak SECONDS (GFLOP/s), allocated (bytes of managed memory a step), memory (peak MB).
/// </summary>
internal static class KitRunner
{
    /// <summary>Serves until standard input ends.</summary>
    /// <param name="name">The case.</param>
    /// <param name="threads">How many threads of the processor.</param>
    /// <param name="on">What the model runs on, a name of <see cref="Backend.Names"/>.</param>
    /// <returns>The exit code: 1 when there is no such device, or it fails.</returns>
    public static int Serve(string name, string threads, string on)
    {
        var cpu = CpuBackend.Default = new CpuBackend(int.Parse(threads, CultureInfo.InvariantCulture));
        Backend.GpuLibrary = Path.Combine(Project.Root, "artifacts", "kit", "CourseKit.Gpu.dll");
        try
        {
            var backend = Backend.Open(on);
            return Tensor.MakeOn(backend, () => Serve(BenchCase.Find(name), cpu, backend));
        }
        catch (BackendException e)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }

    private static int Serve(BenchCase one, CpuBackend cpu, IBackend backend)
    {
        var (calls, warm) = (new Dictionary<string, Action>(), new HashSet<string>());
        if (one.Generates)
        {
            calls["generate"] = KitModel.Writer(one);
        }
        else
        {
            // A device is asked and goes on by itself: what reads a number waits for it.
            var (model, last) = (new KitModel(one), Tensor.Zeros(1));
            (calls["step"], calls["forward"], calls["recurrent"]) = (Finished(model.Step), Finished(model.Forward), Finished(model.Recurrent));
            Action Finished(Action call) => () =>
            {
                call();
                last.Item();
            };
        }

        Write(new { name = $"{Project.Version}, {backend.Name}" });
        while (Console.In.ReadLine() is { } line)
        {
            var (what, seconds) = line.Split(' ') is [var word, var budget] ? (word, double.Parse(budget, CultureInfo.InvariantCulture)) : (line, 0);
            Write(new { value = what switch { "memory" => PeakMemory(), "allocated" => Allocated(calls["step"]), "peak" => CpuBackend.MeasurePeak(CpuDevice.Best, TimeSpan.FromSeconds(seconds), cpu.Threads), _ => Measure(what, seconds) } });
        }

        return 0;

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
