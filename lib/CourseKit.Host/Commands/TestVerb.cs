using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using CourseKit.Host.Execution;

namespace CourseKit.Host.Commands;

/// <summary>test [FILTER]</summary>
internal sealed partial class TestVerb : Verb
{
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
        var filter = string.Join('&', Conditions(arguments));
        var start = new ProcessStartInfo(DotnetCommand.Path,
            ["test", BuiltSolution(terminal.Root), "-c", "Release", "--no-build", "--nologo", "-m:1", "-nodeReuse:false", .. filter.Length > 0 ? ["--filter", filter] : Array.Empty<string>()])
        {
            WorkingDirectory = terminal.Root,
        };
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        int passed = 0, failed = 0, skipped = 0;
        var code = await ChildProcess.RunAsync(start, line =>
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
        if (passed + failed == 0)
            terminal.Error.WriteLine(arguments.Files.Count > 0 ? $"test: no test's name contains \"{arguments.Files[0]}\"." : "test: no test ran. Build the project first.");
        else if (code != 0 && failed == 0)
            terminal.Error.WriteLine("test: a run of tests ended early; see the lines above.");
        terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{passed} passed, {failed} failed, {skipped} skipped"));
        return code == 0 && failed == 0 && passed > 0 ? 0 : 1;
    }

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
