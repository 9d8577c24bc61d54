using System.Globalization;
using System.Runtime.InteropServices;
using CourseKit.Backends.Cpu;

namespace CourseKit.Benchmarks;

/// <summary>Tables for people. Training is printed case by case; what else was measured follows at the end.</summary>
internal sealed class TextReport : IBenchReport
{
    private static readonly TextTable s_training = new("training step", "kit ms", "forward", "PyTorch", "ratio", "GFLOP/s", "of peak", "managed B", "kit MB", "PyTorch", "ratio", "PyTorch's threads+BLAS");
    private static readonly TextTable s_recurrent = new("recurrent layers", "kit ms", "ONNX", "ratio", "threads", "difference");
    private static readonly TextTable s_generation = new("characters a second", "kit", "PyTorch", "ratio", "kit MB", "PyTorch", "ratio", "PyTorch's threads+BLAS");

    private readonly List<string> _recurrent = [], _generation = [];
    private bool _begun;

    /// <summary>Prints what is measured on what.</summary>
    public TextReport(BenchOptions options, string? pyTorch, string? onnxRuntime)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Processor()}, {Environment.ProcessorCount} cores"));
        Console.WriteLine($"{Project.Version}: {(options.Backend == "cpu" ? new CpuBackend(options.Threads).Name : $"backend {options.Backend}")}; .NET {Environment.Version}");
        foreach (var peer in new[] { pyTorch, onnxRuntime }.OfType<string>())
            Console.WriteLine($"{peer}: the best of its settings with at most as many threads");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Medians of {options.Rounds} rounds of {options.Seconds} s{(options.Peer ? ", in turn. Ratios say how many times better the kit is" : "")}. Memory is the most that the process held; managed B is what a step allocates"));
    }

    /// <inheritdoc/>
    public void Add(BenchCase one, BenchResults results)
    {
        var (kit, torch, onnx) = results;
        if (one.Generates)
        {
            _generation.Add(s_generation.Row(one.Name, Number(kit.CharactersPerSecond), Number(torch?.CharactersPerSecond), Ratio(kit.CharactersPerSecond, torch?.CharactersPerSecond),
                Number(kit.MemoryMb), Number(torch?.MemoryMb), Ratio(torch?.MemoryMb, kit.MemoryMb), Threads(torch)));
            return;
        }

        if (!_begun)
            Console.WriteLine($"\n{s_training.Header}");
        _begun = true;
        Console.WriteLine(s_training.Row(one.Name, Number(kit.StepMs), Number(kit.ForwardMs), Number(torch?.StepMs), Ratio(torch?.StepMs, kit.StepMs), Number(kit.Gflops), Share(kit),
            Number(kit.AllocatedBytes), Number(kit.MemoryMb), Number(torch?.MemoryMb), Ratio(torch?.MemoryMb, kit.MemoryMb), Threads(torch)));
        _recurrent.Add(s_recurrent.Row(one.Name, Number(kit.RecurrentMs), Number(onnx?.RecurrentMs), Ratio(onnx?.RecurrentMs, kit.RecurrentMs),
            onnx is null ? null : $"{onnx.Threads}", onnx?.Difference?.ToString("0.0e+00", CultureInfo.InvariantCulture)));
    }

    /// <inheritdoc/>
    public void End()
    {
        foreach (var (table, rows) in new[] { (s_recurrent, _recurrent), (s_generation, _generation) }.Where(pair => pair.Item2.Count > 0))
        {
            Console.WriteLine($"\n{table.Header}");
            rows.ForEach(Console.WriteLine);
        }
    }

    private static string Processor()
    {
        const string Linux = "/proc/cpuinfo";
        var name = File.Exists(Linux) ? File.ReadLines(Linux).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() : null;
        return name ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? $"{RuntimeInformation.ProcessArchitecture}";
    }

    // Three digits at least.
    private static string? Number(double? value) => value is { } number
        ? number.ToString(number < 1 ? "0.000" : number < 10 ? "0.00" : number < 100 ? "0.0" : "#,0", CultureInfo.InvariantCulture)
        : null;

    private static string? Ratio(double? more, double? less) => more / less is { } ratio ? ratio.ToString("0.00", CultureInfo.InvariantCulture) : null;

    private static string? Share(BenchResult kit) => kit.Gflops / kit.PeakGflops is { } share ? share.ToString("0 %", CultureInfo.InvariantCulture) : null;

    // "1+2": one of PyTorch's own, two of BLAS.
    private static string? Threads(BenchResult? torch) => torch is null ? null : $"{torch.Threads}+{torch.Settings?.Split('=')[^1]}";
}
