using System.Diagnostics;
using CourseKit.Host.Execution;
using CourseKit.Host.Notebooks;

namespace CourseKit.Host.Tests.Execution;

/// <summary>A session owns the process's console, so these tests run one after another.</summary>
[Collection("console")]
public sealed class ScriptSessionTests : IDisposable
{
    private readonly List<CellOutput> _outputs = [];
    private readonly ScriptSession _session;
    private int _number;

    public ScriptSessionTests() => _session = new ScriptSession(AppContext.BaseDirectory, _outputs.Add);

    public void Dispose() => _session.Dispose();

    private async Task<CellResult> Run(string source)
    {
        _outputs.Clear();
        return await _session.ExecuteAsync(source, ++_number);
    }

    private async Task<DisplayOutput> ResultOf(string source)
    {
        var result = await Run(source);
        Assert.Null(result.Error);
        return Assert.IsType<DisplayOutput>(Assert.Single(_outputs));
    }

    [Fact]
    public async Task Execute_LastExpressionWithoutSemicolon_IsTheResult()
    {
        var output = await ResultOf("var a = 20;\na * 2 + 2");
        Assert.Equal("42", output.Text("text/plain"));
        Assert.Equal(1, output.ExecutionCount);
        Assert.Equal(["text/plain"], output.Data.Keys);
    }

    [Fact]
    public async Task Execute_Semicolon_NoResult()
    {
        await Run("var a = 1;");
        Assert.Empty(_outputs);
        await Run("Math.Max(a, 2);");
        Assert.Empty(_outputs);
        await Run("void F() { }\nF()");
        Assert.Empty(_outputs);
    }

    [Fact]
    public async Task Execute_Null_IsShownAsNull() => Assert.Equal("<null>", (await ResultOf("(string)null")).Text("text/plain"));

    [Fact]
    public async Task Execute_LaterCells_SeeVariablesUsingsAndTypes()
    {
        await Run("using System.Globalization;\nint Twice(int x) => 2 * x;\nrecord Point(int X);\nvar p = new Point(3);");
        await Run("p = p with { X = Twice(p.X) };");
        Assert.Equal("6 True", (await ResultOf("$\"{p.X} {CultureInfo.InvariantCulture.IsReadOnly}\"")).Text("text/plain"));
    }

    [Fact]
    public async Task Execute_CSharp14AndDefaultImports_Compile() =>
        Assert.Equal("3", (await ResultOf("class C { public int N { get => field; set => field = Math.Max(0, value); } }\nvar l = new List<int> { 1, 2 };\nvar s = new StringBuilder();\nawait Task.Yield();\nnew C { N = 3 }.N")).Text("text/plain"));

    [Fact]
    public async Task Execute_ObjectAndList_AreShownAsHtmlToo()
    {
        Assert.Contains("<td>A</td>", (await ResultOf("new { A = 1 }")).Text("text/html"), StringComparison.Ordinal);
        Assert.Contains("<table>", (await ResultOf("new[] { new { A = 1 } }")).Text("text/html"), StringComparison.Ordinal);
        Assert.Equal("[ 1, 2 ]", (await ResultOf("new[] { 1, 2 }")).Text("text/plain"));
    }

    [Fact]
    public async Task Execute_TypeWithFormatterByConvention_GivesItsMimeTypes()
    {
        await Run("""
            [AttributeUsage(AttributeTargets.Class)]
            class TypeFormatterSourceAttribute : Attribute
            {
                public TypeFormatterSourceAttribute(Type type) => FormatterSourceType = type;
                public Type FormatterSourceType { get; }
                public string[] PreferredMimeTypes { get; set; }
            }
            [TypeFormatterSource(typeof(Source), PreferredMimeTypes = new[] { "image/svg+xml", "application/vnd.x+json" })]
            public class Picture { public override string ToString() => "a picture"; }
            public class Source { public IEnumerable<object> CreateTypeFormatters() => new object[] { new Svg(), new Json() }; }
            public class Svg { public string MimeType => "image/svg+xml"; public bool Format(object o, System.IO.TextWriter w) { w.Write("<svg/>"); return true; } }
            public class Json { public string MimeType => "application/vnd.x+json"; public bool Format(object o, System.IO.TextWriter w) { w.Write("{\"a\":1}"); return true; } }
            """);
        var output = await ResultOf("new Picture()");
        Assert.Equal(["image/svg+xml", "application/vnd.x+json", "text/plain"], output.Data.Keys);
        Assert.Equal("<svg/>", output.Text("image/svg+xml"));
        Assert.Equal(1, (int?)output.Data["application/vnd.x+json"]!["a"]);
    }

    [Fact]
    public async Task Execute_Html_IsShownAsItStands()
    {
        Assert.Equal("<b>1</b>", (await ResultOf("HTML(\"<b>1</b>\")")).Text("text/html"));
        Assert.Equal("<i>2</i>", (await ResultOf("\"<i>2</i>\".DisplayAs(\"text/html\");")).Text("text/html"));
        var shown = await ResultOf("3.Display(\"text/plain\");");
        Assert.Equal("3", shown.Text("text/plain"));
        Assert.False(shown.IsResult);
    }

    [Fact]
    public async Task Execute_TextAndDisplays_KeepTheirOrder()
    {
        await Run("Console.Write(\"a\"); display(1); Console.Error.Write(\"e\"); Console.WriteLine(\"b\"); display(2);\n3");
        Assert.Equal(["stdout:a", "1", "stderr:e", "stdout:b\n", "2", "3"], _outputs.Select(output => output switch
        {
            StreamOutput stream => $"{stream.Name}:{stream.Text}",
            DisplayOutput display => display.Text("text/plain"),
            _ => "error",
        }));
    }

    [Fact]
    public async Task Execute_SlowCell_PublishesTextBeforeItsEnd()
    {
        var running = _session.ExecuteAsync("Console.WriteLine(\"early\"); System.Threading.Thread.Sleep(1500);", 1);
        var watch = Stopwatch.StartNew();
        while (_outputs.Count == 0 && watch.ElapsedMilliseconds < 20_000)
            await Task.Delay(20);
        Assert.False(running.IsCompleted);
        Assert.Equal("early\n", Assert.IsType<StreamOutput>(_outputs[0]).Text);
        await running;
    }

    [Fact]
    public async Task Execute_CompilerError_NamesItsLineAndLeavesTheSessionAlive()
    {
        await Run("var a = 1;");
        var result = await Run("var b = 2;\nvar c = a + nothing;\nvar d = alsoNothing;");
        Assert.Equal(2, result.Line);
        Assert.Equal("CS0103: The name 'nothing' does not exist in the current context", result.Error!.Message);
        Assert.Equal(
        [
            "line 2: CS0103: The name 'nothing' does not exist in the current context",
            "    var c = a + nothing;",
            "                ^^^^^^^",
            "line 3: CS0103: The name 'alsoNothing' does not exist in the current context",
            "    var d = alsoNothing;",
            "            ^^^^^^^^^^^",
        ], result.Error.Traceback);
        Assert.Equal("1", (await ResultOf("a")).Text("text/plain"));
    }

    [Fact]
    public async Task Execute_Exception_NamesTheLineOfTheRunningCellAndTheTrace()
    {
        await Run("int Divide(int a, int b)\n{\n    return a / b;\n}");
        var result = await Run("var before = 5;\nvar x = 1;\nvar y = Divide(x, x - 1);\ny");
        Assert.Equal(3, result.Line);
        Assert.Equal("DivideByZeroException", result.Error!.Name);
        Assert.Equal("Attempted to divide by zero.", result.Error.Message);
        Assert.Equal(["DivideByZeroException: Attempted to divide by zero.", "   at cell 1, line 3: return a / b;", "   at cell 2, line 3: var y = Divide(x, x - 1);"], result.Error.Traceback);
        Assert.Same(result.Error, Assert.Single(_outputs));
        Assert.Equal("5", (await ResultOf("before")).Text("text/plain"));
    }

    [Fact]
    public async Task Execute_ExceptionAfterAwait_NamesTheLine()
    {
        var result = await Run("await Task.Delay(1);\nawait Task.Run(() => throw new InvalidOperationException(\"inner\"));");
        Assert.Equal(2, result.Line);
        Assert.Equal("inner", result.Error!.Message);
    }

    [Fact]
    public async Task Interrupt_BusyLoop_EndsTheCellAndKeepsTheSession()
    {
        await Run("var a = 7;");
        var running = Run("Console.Write(\"in\"); while (true) { a ^= 1; }");
        while (_outputs.Count == 0)
            await Task.Delay(10);
        var watch = Stopwatch.StartNew();
        _session.Interrupt();
        var result = await running;
        Assert.True(result.Interrupted);
        Assert.True(watch.ElapsedMilliseconds < 5000, $"took {watch.ElapsedMilliseconds} ms");
        Assert.Equal("The cell was interrupted.", result.Error!.Message);
        Assert.InRange(int.Parse((await ResultOf("a")).Text("text/plain")!, System.Globalization.CultureInfo.InvariantCulture), 6, 7);
    }

    [Fact]
    public async Task Interrupt_Awaiting_EndsTheCell()
    {
        var running = Run("Console.Write(\"in\"); await Task.Delay(-1);");
        while (_outputs.Count == 0)
            await Task.Delay(10);
        _session.Interrupt();
        Assert.True((await running).Interrupted);
    }

    [Fact]
    public async Task Interrupt_Training_StopsAtItsNextStepAndTheNextTrainingRuns()
    {
        await Run("#r \"CourseKit.dll\"\nusing CourseKit.Training;\nvar text = string.Concat(Enumerable.Repeat(\"the cat sat on the mat \", 100));\nvar done = 0;");
        var running = Run("CharacterModel.Train(text, new() { Hidden = 8, BatchSize = 2, Window = 10, Steps = 10_000_000, Progress = null, OnStep = _ => { if (done++ == 3) Console.Write(\"in\"); } });");
        while (_outputs.Count == 0)
            await Task.Delay(10);
        _session.Interrupt();
        Assert.True((await running).Interrupted);
        Assert.StartsWith("validation: ", (await ResultOf("CharacterModel.Train(text, new() { Hidden = 8, BatchSize = 2, Window = 10, Steps = 2, Progress = null }).ToString()")).Text("text/plain"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_RelativeReference_IsFoundFromTheNotebooksFolder()
    {
        Assert.Equal("FactAttribute", (await ResultOf("#r \"CourseKit.dll\"\n#r \"./xunit.core.dll\"\ntypeof(Xunit.FactAttribute).Name")).Text("text/plain"));
        var result = await Run("#r \"nowhere.dll\"");
        Assert.Equal("CS0006: Metadata file 'nowhere.dll' could not be found", result.Error!.Message);
    }

    [Fact]
    public async Task Execute_ReferenceAfterOtherCells_LeavesTheHostsOwnCommandsAlone()
    {
        await Run("1 + 1");
        await Run("display(1);");
        Assert.Null((await Run("#r \"CourseKit.dll\"\n#r \"CourseKit.Notebooks.dll\"\nusing CourseKit.Notebooks;")).Error);
        Assert.Equal("2", Assert.IsType<DisplayOutput>(Assert.Single((await Shown("display(2);")))).Text("text/plain"));
        Assert.Equal("<b>3</b>", (await ResultOf("HTML(\"<b>3</b>\")")).Text("text/html"));
        Assert.Equal("2", (await ResultOf("#r \"CourseKit.dll\"\nChart.Line(new[] { 1, 2 }).ToString().Length > 9 ? 2 : 3")).Text("text/plain"));
        // What a cell declared stays of the type that later cells know, whatever they name.
        await Run("var kept = Chart.Line(new[] { 1, 2 });");
        Assert.Null((await Run("#r \"MathNet.Numerics.dll\"\n#r \"./System.Numerics.Tensors.dll\"\n#r \"xunit.core.dll\"\nusing MathNet.Numerics.LinearAlgebra;\nChart again = kept;")).Error);
        Assert.Null((await Run("XYChart line = kept;\nvar m = Matrix<double>.Build.Dense(1, 1);")).Error);

        async Task<List<CellOutput>> Shown(string source)
        {
            Assert.Null((await Run(source)).Error);
            return _outputs;
        }
    }

    [Fact]
    public async Task Execute_KitReferenceOfANotebookThatWasCopiedElsewhere_IsFound()
    {
        using var elsewhere = new TemporaryFolder();
        _session.Dispose();
        using var session = new ScriptSession(elsewhere.Path, _outputs.Add);

        var result = await session.ExecuteAsync("#r \"../artifacts/kit/CourseKit.dll\"\ntypeof(CourseKit.Tensors.Tensor).Name", 1);

        Assert.Null(result.Error);
        Assert.Equal("Tensor", result.Value!.Text("text/plain"));
        Assert.Equal("CS0006: Metadata file '../artifacts/kit/Nothing.dll' could not be found", (await session.ExecuteAsync("#r \"../artifacts/kit/Nothing.dll\"", 2)).Error!.Message);
    }

    [Fact]
    public async Task Execute_ManyCells_DoNotCollectReferences()
    {
        await Run("var total = 0;");
        for (var i = 0; i < 20; i++)
            await Run($"total += {i}; var name{i} = total;");
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 20; i < 60; i++)
            await Run($"total += {i}; var name{i} = total;");
        Assert.InRange((GC.GetTotalMemory(forceFullCollection: true) - before) / 40, 0, 1_000_000);
        Assert.Equal("1770", (await ResultOf("total")).Text("text/plain"));
    }
}
