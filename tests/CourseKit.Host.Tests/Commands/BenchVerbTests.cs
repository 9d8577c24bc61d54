using System.Diagnostics;
using System.Text.Json;
using CourseKit.Host.Commands;
using CourseKit.Host.Execution;

namespace CourseKit.Host.Tests.Commands;

public sealed class BenchVerbTests : IDisposable
{
    private static readonly string[] s_brief = ["--seconds", "0.02", "--rounds", "1", "--threads", "1"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Bench_ForPeople_PrintsOneLineACase()
    {
        var (code, output, error) = await Call("min_char_rnn", "sample_rnn");
        Assert.Equal("", error);
        Assert.Equal(0, code);
        var lines = output.Split('\n');
        Assert.Matches(@"^CourseKit \d+\.\d+\.\d+: CPU, .*, 1 thread; \.NET 10\.", lines[1]);
        Assert.Matches(@"^min_char_rnn +[\d.]+ +[\d.]+ +- +- +[\d.]+ +\d+ %", lines[Array.FindIndex(lines, line => line.StartsWith("training step", StringComparison.Ordinal)) + 1]);
        Assert.Matches(@"^sample_rnn +[\d,]+ +- +- ", lines[Array.FindIndex(lines, line => line.StartsWith("characters a second", StringComparison.Ordinal)) + 1]);
    }

    [Fact]
    public async Task Bench_Json_CountsTheOperationsOfAStep()
    {
        // Worked out by hand, a multiply-add as two; a backward pass costs two forward passes.
        var flops = new Dictionary<string, double>
        {
            // 25 rows: inputs and states of 100 into 100, 25·2·100·(100 + 100) = 1,000,000; decoder 25·2·100·65 = 325,000.
            ["min_char_rnn"] = 3 * 1_325_000,

            // 32·500 rows: 16,000·2·32·(32 + 32) = 65,536,000; decoder of the last step 32·2·32 = 2,048.
            ["imdb_rnn"] = 3 * 65_538_048,

            // 32·100 rows, 4 gates, 2 directions: 2·3200·2·512·(128 + 128) = 1,677,721,600; two layers on both directions' 256, each 2·3200·2·512·(256 + 128) = 2,516,582,400;
            // decoder 3200·2·256·65 = 106,496,000.
            ["bi_deep_lstm"] = 3 * 6_817_382_400d,
        };
        var (code, output, error) = await Call([.. flops.Keys, "sample_rnn", "--json"]);
        Assert.Equal("", error);
        Assert.Equal(0, code);
        var lines = Lines(output);
        Assert.Equal(["min_char_rnn", "imdb_rnn", "bi_deep_lstm", "sample_rnn"], lines.Select(line => line.GetProperty("case").GetString()));
        foreach (var line in lines)
        {
            Assert.StartsWith("CourseKit ", line.GetProperty("kit").GetString(), StringComparison.Ordinal);
            Assert.Equal(1, line.GetProperty("threads").GetInt32());
            Assert.Equal(File.Exists("/proc/self/status"), line.TryGetProperty("memory_mb", out _));
            if (!flops.TryGetValue(line.GetProperty("case").GetString()!, out var expected))
            {
                Assert.InRange(Number(line, "characters_per_second"), 100, 1e7);
                continue;
            }

            Assert.Equal(expected, Number(line, "gflops") * Number(line, "step_ms") * 1e6, expected * 1e-9);
            Assert.InRange(Number(line, "peak_gflops"), 0.1, 1e5);
            Assert.InRange(Number(line, "allocated_bytes"), 0, 12_000);
            Assert.InRange(Number(line, "recurrent_ms"), 1e-4, 1e5);
            Assert.InRange(Number(line, "forward_ms"), 1e-4, 1e5);
        }
    }

    [ProgramFact("/usr/bin/python3", "-c", "import torch")]
    public async Task Bench_Peer_ComparesWithPyTorchAndSaysWhatIsMissing()
    {
        var variables = new Dictionary<string, string>(Of(default).Variables) { ["COURSEKIT_NODE_MODULES"] = _folder.Path };
        var (code, output, error) = await Call(Of(default) with { Variables = variables }, ["min_char_rnn", "--peer"]);
        Assert.Equal(0, code);
        Assert.Equal($"bench: there is no ONNX Runtime in {_folder.Path}; it is left out. With Node.js: npm install --prefix artifacts/node onnxruntime-node\n", error);
        Assert.Contains("\nPyTorch ", output, StringComparison.Ordinal);
        Assert.Matches(@"\nmin_char_rnn +[\d.]+ +[\d.]+ +[\d.,]+ +[\d.]+ +[\d.]+ +\d+ % .* 1\+1\n", output);
    }

    [ProgramFact("node", "--version")]
    public async Task Bench_PeerThatEnds_IsLeftOutWithItsLastWords()
    {
        var package = Directory.CreateDirectory(_folder["onnxruntime-node"]).FullName;
        File.WriteAllText(Path.Combine(package, "package.json"), """{"version": "0.0", "main": "index.js"}""");
        File.WriteAllText(Path.Combine(package, "index.js"), "exports.Tensor = class {}; exports.InferenceSession = { create() { throw new Error('no such operator'); } };");
        var variables = new Dictionary<string, string>(Of(default).Variables) { ["COURSEKIT_NODE_MODULES"] = _folder.Path };
        var (code, output, error) = await Call(Of(default) with { Variables = variables }, ["min_char_rnn", "--peer", "--json"]);
        Assert.Equal(0, code);
        Assert.Contains("bench: min_char_rnn: ONNX Runtime 0.0 ended with exit code 1: no such operator; it is left out\n", error, StringComparison.Ordinal);
        Assert.Contains("step_ms", Lines(output)[0].EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task Sizes_DrawACurveForEach()
    {
        var file = _folder["new/cost.svg"];
        var (code, output, error) = await HostProcess.Call(ProjectRoot.Find(), "bench", "--sizes", file, "--seconds", "0.001", "--rounds", "1");
        Assert.Equal("", error);
        Assert.Equal(0, code);
        Assert.EndsWith($"drawn into {file}\n", output, StringComparison.Ordinal);
        var svg = System.Xml.Linq.XDocument.Load(file);
        Assert.Equal(3, svg.Descendants().Count(element => element.Attribute("class")?.Value.StartsWith("ck-line", StringComparison.Ordinal) == true));
    }

    [Theory]
    [InlineData("bench min_char_rn", "bench: no case \"min_char_rn\". Did you mean min_char_rnn? Cases: min_char_rnn, char_rnn_small, ")]
    [InlineData("bench --threads 0", "bench: --threads must be a whole number from 1 to 1024, but got \"0\".")]
    [InlineData("bench --threads many", "bench: --threads must be a whole number from 1 to 1024, but got \"many\".")]
    [InlineData("bench gru_large --sizes a.svg", "bench: --sizes measures the kit alone, on the processor, on sizes of its own. ")]
    [InlineData("bench --sizes a.svg --backend gpu", "bench: --sizes measures the kit alone, on the processor, on sizes of its own. Leave out the cases, --peer, --json and --backend.")]
    public async Task Words_Wrong_AreNamedWithTheMend(string line, string message)
    {
        var (code, output, error) = await HostProcess.Call(ProjectRoot.Find(), line.Split(' '));
        Assert.StartsWith(message, error, StringComparison.Ordinal);
        Assert.Equal("", output);
        Assert.Equal(2, code);
    }

    [Fact]
    public async Task CtrlC_EndsTheRunners()
    {
        using var stop = new CancellationTokenSource();
        var before = Dotnets();
        var running = CommandLine.RunAsync(["bench", "sample_lstm", "--seconds", "600", "--threads", "1"], Of(stop.Token));
        await Task.Delay(2000);
        await stop.CancelAsync();
        Assert.Equal(130, await running.WaitAsync(TimeSpan.FromSeconds(10)));
        if (!Directory.Exists("/proc"))
            return;
        for (var waited = 0; waited < 50 && Dotnets().Except(before).Any(); waited++)
            await Task.Delay(100);
        Assert.Empty(Dotnets().Except(before));

        static List<string> Dotnets() => [.. Process.GetProcesses().Select(CommandLineOf).Where(words => words.Contains("runner\0sample_lstm", StringComparison.Ordinal))];
    }

    [Fact]
    public async Task Runner_InputEnds_Ends()
    {
        var start = new ProcessStartInfo(DotnetCommand.Path, [BenchVerb.ProgramIn(ProjectRoot.Find()), "runner", "min_char_rnn", "1"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using var runner = Process.Start(start)!;
        Assert.StartsWith("{\"name\":\"CourseKit ", await runner.StandardOutput.ReadLineAsync(), StringComparison.Ordinal);
        runner.StandardInput.Close();
        await runner.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(0, runner.ExitCode);
    }

    private static Terminal Of(CancellationToken cancellation) => new(new StringWriter(), new StringWriter(), ProjectRoot.Find(), cancellation);

    private static Task<(int Code, string Out, string Error)> Call(params string[] words) => Call(Of(default), words);

    private static async Task<(int Code, string Out, string Error)> Call(Terminal terminal, string[] words)
    {
        var code = await CommandLine.RunAsync(["bench", .. words, .. s_brief], terminal);
        return (code, terminal.Out.ToString()!.ReplaceLineEndings("\n"), terminal.Error.ToString()!.ReplaceLineEndings("\n"));
    }

    private static List<JsonElement> Lines(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];

    private static double Number(JsonElement line, string name) => line.GetProperty(name).GetDouble();

    private static string CommandLineOf(Process process)
    {
        try
        {
            return $"{process.Id} {File.ReadAllText($"/proc/{process.Id}/cmdline")}";
        }
        catch (IOException)
        {
            return "";
        }
    }
}
