using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace CourseKit.Benchmarks;

/// <summary>ONNX Runtime on the processor, through Node.js: the recurrent layers alone, as the kit exports them.</summary>
internal sealed class OnnxRuntimePeer
{
    /// <summary>How far a number of its output may be from the kit's.</summary>
    private const double Agreement = 1e-4;

    private readonly string _modules;

    private OnnxRuntimePeer(string modules, string version) => (_modules, Name) = (modules, $"ONNX Runtime {version}");

    /// <summary>Such as "ONNX Runtime 1.30.0".</summary>
    public string Name { get; }

    /// <summary>onnxruntime-node in COURSEKIT_NODE_MODULES or artifacts/node/node_modules; null when it or Node.js is missing.</summary>
    public static OnnxRuntimePeer? Find()
    {
        var modules = Environment.GetEnvironmentVariable("COURSEKIT_NODE_MODULES") is { Length: > 0 } folder ? folder : Path.Combine(Project.Root, "artifacts", "node", "node_modules");
        var package = Path.Combine(modules, "onnxruntime-node", "package.json");
        if (File.Exists(package) && PyTorchPeer.Output("node", "--version") is not null)
        {
            using var json = JsonDocument.Parse(File.ReadAllText(package));
            return new(modules, json.RootElement.GetProperty("version").GetString()!);
        }

        Console.Error.WriteLine($"bench: there is no ONNX Runtime in {modules}; it is left out. With Node.js: npm install --prefix artifacts/node onnxruntime-node");
        return null;
    }

    /// <summary>Starts a case with one thread and with all, ready and compared with the kit: the sample "difference" is the greatest between their outputs.</summary>
    /// <param name="one">The case.</param>
    /// <param name="threads">The most threads to use.</param>
    /// <exception cref="RunnerException">It does not start, does not take the file, or gives something else.</exception>
    public IEnumerable<Func<Runner>> Start(BenchCase one, int threads) => new[] { 1, threads }.Distinct().Select(count => (Func<Runner>)(() =>
    {
        // Once the runner has read its files they are not needed any more.
        var folder = Directory.CreateTempSubdirectory("coursekit-bench-").FullName;
        try
        {
            var (model, kit) = (Path.Combine(folder, "recurrent.onnx"), new KitModel(one));
            var (x, y) = (Path.Combine(folder, "x"), Path.Combine(folder, "y"));
            kit.Export(model);
            File.WriteAllBytes(x, MemoryMarshal.AsBytes(kit.Input.ToArray().AsSpan()));
            File.WriteAllBytes(y, MemoryMarshal.AsBytes(kit.Output().AsSpan()));
            var script = Path.Combine(Project.Root, "benchmarks", "Peers", "onnxruntime.cjs");
            var runner = new Runner(Name, count, new ProcessStartInfo("node",
                [script, _modules, model, x, y, string.Join(',', [.. kit.Input.Shape.Sizes]), count.ToString(CultureInfo.InvariantCulture)]));
            runner.Measure("difference");
            if (runner.Median("difference") is <= Agreement)
                return runner;
            runner.Dispose();
            throw new RunnerException(FormattableString.Invariant($"the output of {Name} differs from the kit's by {runner.Median("difference")}, and times of different results say nothing"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }));
}
