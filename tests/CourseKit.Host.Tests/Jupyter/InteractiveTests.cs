using System.Diagnostics;
using System.Text.Json.Nodes;
using CourseKit.Host.Notebooks;
using CourseKit.Host.Tests.Notebooks;

namespace CourseKit.Host.Tests.Jupyter;

/// <summary>The notebooks and the kit in the real .NET Interactive: in Jupyter, and over the protocol that VS Code's extension speaks with it.</summary>
[Collection("console")]
public sealed class InteractiveTests : IDisposable
{
    private static readonly string References = $"""
        #r "{CourseFiles.Root}/artifacts/kit/System.Numerics.Tensors.dll"
        #r "{CourseFiles.Root}/artifacts/kit/MathNet.Numerics.dll"
        #r "{CourseFiles.Root}/artifacts/kit/CourseKit.dll"
        #r "{CourseFiles.Root}/artifacts/kit/CourseKit.Notebooks.dll"
        using CourseKit.Notebooks;
        using CourseKit.Training;
        """;

    private const string Training = """
        var text = string.Concat(Enumerable.Repeat("the cat sat on the mat ", 100));
        var live = new Live(CourseKit.Data.Vocabulary.OfCharacters(text)) { Prompt = "the ", Watch = "the cat" };
        CharacterModel.Train(text, new() { Hidden = 8, BatchSize = 2, Window = 10, Steps = 40, Progress = null, OnStep = _ => System.Threading.Thread.Sleep(30), Callbacks = [live] });
        foreach (var i in Progress.Of(new[] { 1, 2, 3 }, "loop")) System.Threading.Thread.Sleep(300);
        """;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Notebooks => CourseFiles.All;

    public void Dispose() => _folder.Dispose();

    [InteractiveTheory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Notebooks))]
    public async Task Notebook_FromTopToBottom_ShowsWhatItShowsInTheKitsOwnKernel(string name)
    {
        var document = await ConvertAsync(CourseFiles.PathOf(name));
        RequireOutputs(document);
        var own = (await ExecutedCourse.RunAsync(name)).Document;
        foreach (var (here, there) in CodeCells(own).Zip(CodeCells(document)))
        {
            Assert.Equal(here.Source, there.Source);
            Assert.True(LookAlike([.. Kinds(here)], [.. Kinds(there)]), $"{here.Source}\nshows {string.Join("; ", Kinds(here))} in the kit's kernel, and {string.Join("; ", Kinds(there))} in .NET Interactive");
        }
    }

    [InteractiveTheory]
    [InlineData("03-simple-rnn.ipynb")]
    public async Task OneNotebook_FromTopToBottom_RunsWithoutError(string name) => RequireOutputs(await ConvertAsync(CourseFiles.PathOf(name)));

    [InteractiveTheory]
    [InlineData("live.ipynb")]
    public async Task LivePictures_InJupyter_EndAsOnePictureEach(string name)
    {
        var document = await ConvertAsync(_folder.Notebook(name, References, Training));

        var shown = document.Cells[1].Outputs.OfType<DisplayOutput>().Where(output => output.Text("text/html")?.Contains("ck-", StringComparison.Ordinal) == true).ToList();
        Assert.Equal(2, shown.Count);
        Assert.Matches("^Training: step 40 of 40, .* done 0:0", shown[0].Text("text/plain")!);
        Assert.Contains("Hidden state of rnn.l0", shown[0].Text("text/html")!, StringComparison.Ordinal);
        Assert.StartsWith("loop: 3 of 3", shown[1].Text("text/plain")!, StringComparison.Ordinal);
    }

    [InteractiveFact]
    public async Task LivePictures_OverStandardStreams_AreOneProducedValueThatIsUpdated()
    {
        using var process = Process.Start(new ProcessStartInfo(DotnetInteractive.Program!, ["stdio", "--default-kernel", "csharp", "--working-dir", _folder.Path])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            await UntilAsync("KernelReady", process, limit.Token);
            Submit(process, References);
            await UntilAsync("CommandSucceeded", process, limit.Token);
            Submit(process, Training);
            var events = await UntilAsync("CommandSucceeded", process, limit.Token);

            var places = events.Where(e => (string)e["eventType"]! is "DisplayedValueProduced" or "DisplayedValueUpdated").GroupBy(e => (string)e["event"]!["valueId"]!).ToList();
            Assert.Equal(2, places.Count);
            Assert.All(places, place => Assert.Equal(["DisplayedValueProduced", .. Enumerable.Repeat("DisplayedValueUpdated", place.Count() - 1)], place.Select(e => (string)e["eventType"]!)));
            Assert.True(places[0].Count() > 3);
            Assert.Equal(["text/html", "text/plain"], places[0].Last()["event"]!["formattedValues"]!.AsArray().Select(value => (string)value!["mimeType"]!));
            Assert.Matches("^Training: step 40 of 40, .* done 0:0", (string)places[0].Last()["event"]!["formattedValues"]![1]!["value"]!);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    private static void RequireOutputs(NotebookDocument document)
    {
        var cells = CodeCells(document);
        Assert.All(cells, cell => Assert.True(cell.Outputs.Count > 0, $"shows nothing: {cell.Source.Split('\n')[0]}"));
        Assert.DoesNotContain(cells.SelectMany(cell => cell.Outputs), output => output is ErrorOutput or StreamOutput { Name: "stderr" });
    }

    private static List<NotebookCell> CodeCells(NotebookDocument document) => [.. document.Cells.Where(cell => cell.Kind == CellKind.Code)];

    // Of values that are not the kit's, such as a long, .NET Interactive makes HTML where the kit's kernel has text.
    private static bool LookAlike(string[] here, string[] there) =>
        here.Length == there.Length && here.Zip(there).All(pair => pair.First == pair.Second || pair is { First: "text/plain", Second: "text/html" });

    // How each value is looked at, in order, and what the console got, which comes before or after them as the kernel flushes it. Text beside HTML does not count:
    // .NET Interactive gives none of types that are not the kit's. The script that it adds to the first cell is no value of the cell.
    private static IEnumerable<string> Kinds(NotebookCell cell) =>
    [
        .. cell.Outputs.OfType<StreamOutput>().Select(stream => stream.Name).Distinct(),
        .. cell.Outputs.OfType<DisplayOutput>().Where(shown => shown.Text("text/html")?.Contains("dotnet-interactive-this-cell", StringComparison.Ordinal) != true)
            .Select(shown => shown.Data.ContainsKey("text/html") ? "text/html" : string.Join(", ", shown.Data.Keys.Order(StringComparer.Ordinal))),
    ];

    private static void Submit(Process process, string code)
    {
        process.StandardInput.WriteLine(new JsonObject
        {
            ["token"] = Guid.NewGuid().ToString("N"),
            ["commandType"] = "SubmitCode",
            ["command"] = new JsonObject { ["code"] = code, ["targetKernelName"] = "csharp" },
        }.ToJsonString());
        process.StandardInput.Flush();
    }

    private static async Task<List<JsonNode>> UntilAsync(string type, Process process, CancellationToken cancellation)
    {
        var events = new List<JsonNode>();
        while (await process.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            if (!line.StartsWith('{'))
                continue;
            events.Add(JsonNode.Parse(line)!);
            Assert.NotEqual("CommandFailed", (string)events[^1]["eventType"]!);
            if ((string)events[^1]["eventType"]! == type)
                return events;
        }
        throw new InvalidOperationException($".NET Interactive ended before {type}.");
    }

    private async Task<NotebookDocument> ConvertAsync(string path)
    {
        var spec = Directory.CreateDirectory(_folder["kernels/.net-csharp"]).FullName;
        File.WriteAllText(Path.Combine(spec, "kernel.json"), new JsonObject
        {
            ["argv"] = new JsonArray(DotnetInteractive.Program!, "jupyter", "--default-kernel", "csharp", "{connection_file}", "--http-port-range", "2048-3000"),
            ["display_name"] = ".NET (C#)",
            ["language"] = "C#",
        }.ToJsonString());
        var start = new ProcessStartInfo(PythonModules.PythonWith("nbconvert")!, ["-m", "nbconvert", "--to", "notebook", "--execute", "--ExecutePreprocessor.timeout=300", "--output-dir", _folder["out"], path])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment["JUPYTER_PATH"] = _folder.Path;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await output + await error);
        return NotebookDocument.Load(Path.Combine(_folder["out"], Path.GetFileName(path)));
    }
}
