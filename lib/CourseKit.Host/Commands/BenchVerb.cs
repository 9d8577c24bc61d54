using System.Text.Json;
using CourseKit.Backends;
using CourseKit.Host.Execution;

namespace CourseKit.Host.Commands;

/// <summary>bench [CASE ...]</summary>
internal sealed class BenchVerb : Verb
{
    private static readonly string[] s_handedOn = ["--peer", "--json", "--threads", "--backend", "--seconds", "--rounds"];

    public override string Name => "bench";

    public override string Summary => "measures training steps and generation, beside PyTorch and ONNX Runtime; CASE: of benchmarks/cases.json, default all";

    public override string FileWord => "CASE ...";

    public override int MostFiles => int.MaxValue;

    public override IReadOnlyList<Option> Options { get; } =
    [
        Option.Switch("--peer", "the peers too, in turn with the kit; what is not installed is left out"),
        Option.Integer("--threads", "threads of the kit, and the most that a peer may use; default all cores", 1, 1 << 10),
        Option.Choice("--backend", [.. Backend.Names], "what the kit runs on; default cpu"),
        Option.Switch("--json", "one line of JSON a case and program, nothing else"),
        Option.Number("--seconds", "S", "length of one measurement; default 1"),
        Option.Integer("--rounds", "how often each is measured, the median counts; default 5", 1, 1000),
        Option.Text("--sizes", "FILE.svg", "instead of cases: a step's time against hidden size, batch and time steps, also drawn into FILE.svg"),
    ];

    public override async Task<int> RunAsync(Arguments arguments, Terminal terminal)
    {
        var known = Cases(Path.Combine(terminal.Root, "benchmarks", "cases.json"));
        if (arguments.Files.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
            throw new UsageException($"bench: no case \"{unknown}\".{Nearest.Suggest(unknown, known)} Cases: {string.Join(", ", known)}.");
        if (arguments.Has("--sizes") && (arguments.Files.Count > 0 || arguments.Has("--peer") || arguments.Has("--json") || arguments.Has("--backend")))
            throw new UsageException("bench: --sizes measures the kit alone, on the processor, on sizes of its own. Leave out the cases, --peer, --json and --backend.");

        if (arguments.Text("--sizes") is { } file)
            AtomicFile.CheckWritable(file);

        var program = ProgramIn(terminal.Root);
        if (!File.Exists(program))
            throw new UsageException($"bench: {program} is not built. Write: dotnet run coursekit.cs bench");
        return await ChildProcess.RunAsync(terminal.Program(DotnetCommand.Path, [program, .. Words(arguments)]), terminal.Out.WriteLine, terminal.Error.WriteLine, terminal.Cancellation);
    }

    /// <summary>The program that measures, built with this one and in the same configuration.</summary>
    internal static string ProgramIn(string root)
    {
        var built = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar).Split(Path.DirectorySeparatorChar);
        return Path.Combine([root, "benchmarks", "CourseKit.Benchmarks", "bin", .. built[^2..], "CourseKit.Benchmarks.dll"]);
    }

    private static IEnumerable<string> Words(Arguments arguments) =>
    [
        .. arguments.Text("--sizes") is { } file ? ["sizes", Path.GetFullPath(file)] : new[] { "bench" }, .. arguments.Files, .. s_handedOn.Where(arguments.Has)
            .SelectMany(name => arguments.Text(name) is { Length: > 0 } value ? new[] { name, value } : [name]),
    ];

    private static string[] Cases(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(file));
        return [.. Group("train"), .. Group("generate")];

        IEnumerable<string> Group(string name) => json.RootElement.GetProperty(name).EnumerateArray().Select(one => one.GetProperty("name").GetString()!).ToList();
    }
}
