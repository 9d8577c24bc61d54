using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using CourseKit.Host.Execution;

namespace CourseKit.Host.Commands;

/// <summary>test [FILTER]</summary>
internal sealed partial class TestVerb : Verb
{
    // The contract of the backend as this processor runs it, and the functions below it.
    private const string Kernels = "Category!=Long&(FullyQualifiedName~CpuBackendAvx512Contract|FullyQualifiedName~CpuDeviceTests|FullyQualifiedName~VectorMathTests)";

    public override string Name => "test";

    public override string Summary => "runs all tests, or those whose full name contains FILTER";

    public override string FileWord => "FILTER";

    public override int MostFiles => 1;

    public override IReadOnlyList<Option> Options { get; } =
    [
        Option.Switch("--long", "also the tests that take minutes"),
    ];

    public override async Task<int> RunAsync(Arguments arguments, Terminal terminal)
    {
        int passed = 0, failed = 0, skipped = 0;
        var code = 0;
        foreach (var run in Runs(arguments, BuiltSolution(terminal.Root)))
        {
            if (run.Title is not null)
                terminal.Out.WriteLine(run.Title);
            var start = new ProcessStartInfo(DotnetCommand.Path, ["test", run.Project, "-c", "Release", "--no-build", "--nologo", "-m:1", "-nodeReuse:false", .. run.Filter.Length > 0 ? ["--filter", run.Filter] : Array.Empty<string>()])
            {
                WorkingDirectory = terminal.Root,
            };
            start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
            if (run.Switch is not null)
                start.Environment[run.Switch] = "0";
            var result = await ChildProcess.RunAsync(start, line =>
            {
                if (SummaryLine().Match(line) is { Success: true } match)
                {
                    passed += Count(match, "passed");
                    failed += Count(match, "failed");
                    skipped += Count(match, "skipped");
                }
                if (!Noise().IsMatch(line))
                    terminal.Out.WriteLine(line);
            }, terminal.Cancellation);
            code = code == 0 ? result : code;
        }
        if (passed + failed == 0)
            terminal.Error.WriteLine(arguments.Files.Count > 0 ? $"test: no test's name contains \"{arguments.Files[0]}\"." : "test: no test ran. Build the project first.");
        else if (code != 0 && failed == 0)
            terminal.Error.WriteLine("test: a run of tests ended early; see the lines above.");
        terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{passed} passed, {failed} failed, {skipped} skipped"));
        return code == 0 && failed == 0 && passed > 0 ? 0 : 1;
    }

    /// <summary>What is run: all tests; then, where all were asked for, those of the kernels under each of the runtime's switches that take vector instructions away.</summary>
    internal static IEnumerable<TestRun> Runs(Arguments arguments, string solution)
    {
        yield return new(null, solution, string.Join('&', Conditions(arguments)), null);
        if (arguments.Files.Count > 0)
            yield break;
        foreach (var (name, without) in new[] { ("DOTNET_EnableAVX512", "AVX-512"), ("DOTNET_EnableAVX2", "AVX2"), ("DOTNET_EnableHWIntrinsic", "vector instructions") })
            yield return new($"Kernels without {without}, {name}=0:", "tests/CourseKit.Tests", Kernels, name);
    }

    /// <summary>One call of `dotnet test`.</summary>
    internal sealed record TestRun(string? Title, string Project, string Filter, string? Switch);

    /// <summary>What coursekit.cs noted that it built: the whole solution or its core.</summary>
    private static string BuiltSolution(string root)
    {
        var note = Path.Combine(root, "artifacts", "built.txt");
        return File.Exists(note) && File.ReadLines(note).FirstOrDefault() is { Length: > 0 } name && File.Exists(Path.Combine(root, name)) ? name : "CourseKit.sln";
    }

    private static IEnumerable<string> Conditions(Arguments arguments)
    {
        if (!arguments.Has("--long"))
            yield return "Category!=Long";
        if (arguments.Files.Count > 0)
            yield return "FullyQualifiedName~" + FilterSyntax().Replace(arguments.Files[0], @"\$0");
    }

    private static int Count(Match match, string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\s*(?:Passed|Failed|Skipped)!\s+-\s+Failed:\s+(?<failed>\d+), Passed:\s+(?<passed>\d+), Skipped:\s+(?<skipped>\d+), Total:")]
    private static partial Regex SummaryLine();

    [GeneratedRegex(@"^(Test run for |VSTest version |Starting test execution|A total of \d+ test files? matched|No test matches the given|\s*$)")]
    private static partial Regex Noise();

    [GeneratedRegex(@"[()&|=!~\\]")]
    private static partial Regex FilterSyntax();
}
