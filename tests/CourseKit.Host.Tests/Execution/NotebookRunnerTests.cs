using System.Diagnostics;
using System.Globalization;
using CourseKit.Host.Execution;
using CourseKit.Host.Notebooks;

namespace CourseKit.Host.Tests.Execution;

public sealed class NotebookRunnerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static Task<NotebookRun> Run(string path, double timeout = 60, TextWriter? progress = null) =>
        NotebookRunner.RunAsync(path, new RunOptions { CellTimeout = TimeSpan.FromSeconds(timeout), Progress = progress }, CancellationToken.None);

    private static string TextOf(NotebookCell cell) => string.Concat(cell.Outputs.Select(output => output switch
    {
        StreamOutput stream => stream.Text,
        DisplayOutput display => display.Text("text/plain"),
        ErrorOutput error => error.Message,
        _ => "",
    }));

    [Fact]
    public async Task Run_GoodNotebook_KeepsOutputsNumbersAndSeconds()
    {
        var path = _folder.Notebook("good.ipynb",
            "for (var i = 0; i <= 100; i++) Console.Write($\"\\r{i}%\");\nConsole.WriteLine();\nConsole.Error.Write(\"warned\");",
            "  \n",
            "Environment.CurrentDirectory",
            "System.IO.File.WriteAllText(\"beside.txt\", \"x\");\nSystem.Threading.Thread.Sleep(200);");
        using var progress = new StringWriter();
        var run = await Run(path, progress: progress);
        Assert.Null(run.Error);
        var cells = run.Document.Cells;
        Assert.Equal([new StreamOutput("stdout", "100%\n"), new StreamOutput("stderr", "warned")], cells[0].Outputs);
        Assert.Null(cells[1].ExecutionCount);
        Assert.EndsWith(Path.GetFileName(_folder.Path), TextOf(cells[2]), StringComparison.Ordinal);
        Assert.Equal([1, null, 2, 3], cells.Select(cell => cell.ExecutionCount));
        Assert.True(File.Exists(_folder["beside.txt"]));
        Assert.InRange(cells[3].Seconds!.Value, 0.2, run.Seconds);
        Assert.Equal(run.Seconds, run.Document.Seconds!.Value, 0.001);
        Assert.Equal(3, progress.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("good.ipynb: cell 2 of 3, ", progress.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_DisplaysThatChange_KeepTheirLastFrameAlsoInAnEarlierCell()
    {
        var run = await Run(_folder.Notebook("live.ipynb",
            "var a = display(\"first\"); var b = display(HTML(\"<i>second</i>\"));\nConsole.WriteLine(\"text\");",
            "for (var i = 0; i < 50; i++) a.Update(i);\nb.Update(HTML(\"<b>third</b>\"));",
            $"#r \"{Path.Combine(AppContext.BaseDirectory, "CourseKit.Notebooks.dll")}\"\nforeach (var i in CourseKit.Notebooks.Progress.Of(new[] {{ 1, 2, 3 }}, \"loop\")) {{ }}"));

        Assert.Null(run.Error);
        var cells = run.Document.Cells;
        Assert.Equal("49<b>third</b>text\n", TextOf(cells[0]));
        Assert.Equal("<b>third</b>", ((DisplayOutput)cells[0].Outputs[1]).Text("text/html"));
        Assert.Empty(cells[1].Outputs);
        Assert.StartsWith("loop: 3 of 3", TextOf(cells[2]), StringComparison.Ordinal);
        Assert.Single(cells[2].Outputs);
        Assert.DoesNotContain("transient", System.Text.Encoding.UTF8.GetString(run.Document.ToUtf8()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Input_SaysThatNobodyAnswers() =>
        Assert.Equal("ask.ipynb, cell 1, line 1: input: nobody can answer, because the notebook runs by itself here. Give the value in the code, or run the cell in Jupyter.",
            (await Run(_folder.Notebook("ask.ipynb", "input(\"Name?\")"))).Error);

    [Fact]
    public async Task Run_Error_StopsAndNamesCellLineAndMessage()
    {
        var run = await Run(_folder.Notebook("bad.ipynb", "var a = 0;", "Console.WriteLine(1);\nvar b = 1 / a;", "a"));
        Assert.Equal("bad.ipynb, cell 2, line 2: Attempted to divide by zero.", run.Error);
        Assert.Equal("1\nAttempted to divide by zero.", TextOf(run.Document.Cells[1]));
        Assert.Null(run.Document.Cells[2].ExecutionCount);
        Assert.Equal("c.ipynb, cell 1, line 3: CS0103: The name 'x' does not exist in the current context",
            (await Run(_folder.Notebook("c.ipynb", "\n// comment\nx"))).Error);
    }

    [Fact]
    public async Task Run_OldOutputs_AreReplaced()
    {
        var cell = new NotebookCell(CellKind.Code, "1") { ExecutionCount = 9, Outputs = [new StreamOutput("stdout", "old")] };
        new NotebookDocument([cell, new NotebookCell(CellKind.Code, "throw new Exception(\"stop\");"), cell]).Save(_folder["old.ipynb"]);
        var run = await Run(_folder["old.ipynb"]);
        Assert.Equal(["1", "stop", ""], run.Document.Cells.Select(TextOf));
        Assert.Null(run.Document.Cells[2].ExecutionCount);
    }

    [Fact]
    public async Task Run_BlockedCell_IsKilledWithItsChildrenAndKeepsItsText()
    {
        var watch = Stopwatch.StartNew();
        var run = await Run(_folder.Notebook("slow.ipynb",
            "var child = System.Diagnostics.Process.Start(\"sleep\", \"600\");\nConsole.WriteLine(child.Id);\nSystem.Threading.Thread.Sleep(-1);"), timeout: 12);
        Assert.InRange(watch.Elapsed.TotalSeconds, 12, 60);
        Assert.Equal("slow.ipynb, cell 1: did not end within 12 s and was stopped. Give it more time: --timeout SECONDS.", run.Error);
        var child = int.Parse(Assert.IsType<StreamOutput>(run.Document.Cells[0].Outputs[0]).Text, CultureInfo.InvariantCulture);
        Assert.True(await Ends(child), "the child of the notebook's process still runs");
        Assert.Equal(run.Error, Assert.IsType<ErrorOutput>(run.Document.Cells[0].Outputs[1]).Message);
    }

    [Fact]
    public async Task Run_ProcessDies_SaysHow()
    {
        Assert.Equal("exit.ipynb, cell 1: the process of the notebook ended (exit code 3).", (await Run(_folder.Notebook("exit.ipynb", "Environment.Exit(3);"))).Error);
        Assert.Equal("deep.ipynb, cell 1: the process of the notebook ended (exit code 134): Stack overflow.",
            (await Run(_folder.Notebook("deep.ipynb", "int F(int n) => 1 + F(n + 1);\nF(0)"))).Error);
    }

    [Fact]
    public async Task Run_TextPastTheConsole_IsKept()
    {
        var run = await Run(_folder.Notebook("raw.ipynb", "Console.OpenStandardOutput().Write(new byte[] { 65, 66, 10 });\nSystem.Threading.Thread.Sleep(300);"));
        Assert.Equal("AB\n", TextOf(run.Document.Cells[0]));
    }

    [Fact]
    public async Task Run_EndlessText_IsCut()
    {
        var run = await Run(_folder.Notebook("much.ipynb", "for (var i = 0; i < 400_000; i++) Console.WriteLine(\"0123456789\");\nConsole.WriteLine(\"end\");"));
        Assert.Null(run.Error);
        Assert.InRange(TextOf(run.Document.Cells[0]).Length, OutputCollector.MostCharacters / 2, 2 * OutputCollector.MostCharacters);
        Assert.EndsWith("the rest is left out]\n", TextOf(run.Document.Cells[0]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Cancelled_KillsAndThrows()
    {
        using var stop = new CancellationTokenSource();
        var path = _folder.Notebook("endless.ipynb", "System.IO.File.WriteAllText(\"started\", Environment.ProcessId.ToString());\nwhile (true) { }");
        var run = NotebookRunner.RunAsync(path, new RunOptions(), stop.Token);
        while (!File.Exists(_folder["started"]) || new FileInfo(_folder["started"]).Length == 0)
            await Task.Delay(50);
        var child = int.Parse(File.ReadAllText(_folder["started"]), CultureInfo.InvariantCulture);
        stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.True(await Ends(child), "the notebook's process still runs");
    }

    /// <summary>True once a process has ended; a zombie, which only its parent can bury, has.</summary>
    private static async Task<bool> Ends(int id)
    {
        for (var waited = 0; waited < 100; waited++)
        {
            if (!File.Exists($"/proc/{id}/stat") || File.ReadAllText($"/proc/{id}/stat").Contains(") Z", StringComparison.Ordinal))
                return true;
            await Task.Delay(50);
        }
        return false;
    }
}
