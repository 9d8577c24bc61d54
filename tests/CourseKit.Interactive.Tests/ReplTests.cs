using System.Text.Json.Nodes;
using CourseKit.Host.Tests.Notebooks;

namespace CourseKit.Interactive.Tests;

/// <summary>The notebooks and the extension in the real dotnet-repl.</summary>
public sealed class ReplTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("coursekit-repl-").FullName;

    public static TheoryData<string> Notebooks => CourseFiles.All;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [ReplTheory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Notebooks))]
    public async Task Notebook_FromTopToBottom_RunsWithoutError(string name) => RequireOutputs(await DotnetRepl.RunAsync(CourseFiles.PathOf(name), Path.Combine(_folder, name)));

    [ReplTheory]
    [InlineData("05-bptt.ipynb")]
    public async Task OneNotebook_FromTopToBottom_RunsWithoutError(string name) => RequireOutputs(await DotnetRepl.RunAsync(CourseFiles.PathOf(name), Path.Combine(_folder, name)));

    [ReplFact]
    public async Task Extension_Loaded_ShowsHelpAndCharts()
    {
        var notebook = Path.Combine(_folder, "extension.ipynb");
        LearnersNotebook.Write(notebook, InteractiveKernel.Setup, InteractiveKernel.Load, "#!coursekit", "Chart.Line([1.0, 2]).Title(\"T\").ToPlotly()");
        var cells = await DotnetRepl.RunAsync(notebook, Path.Combine(_folder, "run.ipynb"));
        RequireOutputs(cells);
        Assert.StartsWith("CourseKit", Text(cells[2]), StringComparison.Ordinal);
        Assert.Equal("Plotly chart \"T\": scatter", Text(cells[3]));
    }

    private static string Text(JsonNode cell) => string.Concat(cell["outputs"]![0]!["data"]!["text/plain"]!.AsArray().Select(line => (string)line!));

    private static void RequireOutputs(IReadOnlyList<JsonNode> cells) => Assert.All(cells, cell =>
    {
        var outputs = cell["outputs"]!.AsArray();
        Assert.NotEmpty(outputs);
        Assert.DoesNotContain(outputs, output => (string)output!["output_type"]! == "error" || (string?)output["name"] == "stderr");
    });
}
