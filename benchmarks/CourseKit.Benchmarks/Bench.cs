using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace CourseKit.Benchmarks;

/// <summary>
/// The verb `bench`: runs cases on the kit and on its peers, each in a process of its own, in turn: kit, peer, kit, peer, for several rounds, so that what disturbs the machine
/// disturbs both. A peer counts in its best setting of threads.
/// </summary>
internal sealed class Bench(BenchOptions options, PyTorchPeer? pyTorch, OnnxRuntimePeer? onnxRuntime)
{
    private static volatile bool s_stopped;

    /// <summary>Whether Ctrl-C has ended the runners.</summary>
    public static bool IsStopped => s_stopped;

    /// <summary>Runs all cases and prints what was measured.</summary>
    /// <returns>The exit code: 1 when the kit itself failed, 130 when stopped.</returns>
    public static int Run(BenchOptions options)
    {
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            var (pyTorch, onnxRuntime) = options.Peer ? (PyTorchPeer.Find(), OnnxRuntimePeer.Find()) : (null, null);
            IBenchReport report = options.Json ? new JsonReport() : new TextReport(options, pyTorch?.Name, onnxRuntime?.Name);
            var bench = new Bench(options, pyTorch, onnxRuntime);
            foreach (var one in options.Cases)
                report.Add(one, one.Generates ? bench.Generate(one) : bench.Train(one));

            report.End();
            return 0;
        }
        catch (RunnerException e)
        {
            if (!IsStopped)
                Console.Error.WriteLine($"bench: {e.Message}");
            return IsStopped ? 130 : 1;
        }
    }

    private BenchResults Train(BenchCase one)
    {
        using var kit = Kit(one);
        using var torch = new PeerRunners(one, "step", pyTorch?.Start(one, options.Threads), options.Seconds);
        using var onnx = new PeerRunners(one, "recurrent", onnxRuntime?.Start(one, options.Threads), options.Seconds / 2);
        for (var round = 0; round < options.Rounds; round++)
        {
            kit.Measure("step", options.Seconds);
            torch.Measure("step", options.Seconds);
            if (options.Backend == "cpu")
                kit.Measure("peak", options.Seconds / 4);
            kit.Measure("forward", options.Seconds / 2);
            torch.Measure("forward", options.Seconds / 2);
            kit.Measure("recurrent", options.Seconds / 2);
            onnx.Measure("recurrent", options.Seconds / 2);
        }

        kit.Measure("allocated");
        kit.Measure("memory");
        torch.Measure("memory");
        return BenchResults.Of(one, kit, torch.Best, onnx.Best);
    }

    private BenchResults Generate(BenchCase one)
    {
        using var kit = Kit(one);
        using var torch = new PeerRunners(one, "generate", pyTorch?.Start(one, options.Threads), options.Seconds);
        for (var round = 0; round < options.Rounds; round++)
        {
            kit.Measure("generate", options.Seconds);
            torch.Measure("generate", options.Seconds);
        }

        kit.Measure("memory");
        torch.Measure("memory");
        return BenchResults.Of(one, kit, torch.Best, null);
    }

    private Runner Kit(BenchCase one) => new(options.Backend == "cpu" ? Project.Version : $"{Project.Version}, {options.Backend}", options.Threads, new ProcessStartInfo(Environment.ProcessPath!,
        [typeof(Bench).Assembly.Location, "runner", one.Name, options.Threads.ToString(CultureInfo.InvariantCulture), options.Backend]));

    private static void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        s_stopped = true;
        Runner.EndAll();
    }
}
