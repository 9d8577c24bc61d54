using System.Globalization;
using CourseKit.Host.Tests.Jupyter;
using CourseKit.Host.Tests.Notebooks;

namespace CourseKit.Interactive.Tests;

/// <summary>The extension in the real .NET Interactive, loaded as a learner loads it.</summary>
public sealed class ExtensionTests(LoadedKernel loaded) : IClassFixture<LoadedKernel>
{
    private const string Html = "text/html", Text = "text/plain";

    private InteractiveKernel Kernel => loaded.Kernel;

    [InteractiveFact]
    public void Load_ShowsOneLineAndPlotlysScript()
    {
        Assert.Matches("^CourseKit [0-9.]+, \\.NET 10.*; #!coursekit shows what there is$", loaded.Loaded.Only[Text]);
        Assert.EndsWith(PlotlyDisplay.Script(), loaded.Loaded.Only[Html], StringComparison.Ordinal);
    }

    [InteractiveFact]
    public async Task Load_Again_ShowsTheScriptAgainAndChangesNothing()
    {
        Assert.Equal(loaded.Loaded.Only, (await Kernel.RunAsync(InteractiveKernel.Load)).Only);
        Assert.StartsWith("CourseKit", (await Kernel.RunAsync("#!coursekit")).Only[Text], StringComparison.Ordinal);
    }

    [InteractiveFact]
    public async Task KitsOwnValues_ShowAsBeforeTheExtension()
    {
        foreach (var (expression, before) in LoadedKernel.Shown.Zip(loaded.Before))
        {
            var after = (await Kernel.RunAsync(expression)).Only;
            Assert.Equal([Html, Text], after.Keys.Order());
            Assert.All(before.Only, shown => Assert.Equal(shown.Value, after[shown.Key]));
        }
    }

    [InteractiveFact]
    public async Task Command_ShowsVersionBackendsAndCalls()
    {
        var help = (await Kernel.RunAsync("#!coursekit")).Only;
        foreach (var word in new[] { "CourseKit 0.", "CPU, ", "; the default", "Backend: ", "Float64Backend", "ToPlotly()", "Check.Same(mine, library)", "new Live(vocabulary)" })
        {
            Assert.Contains(word, help[Text], StringComparison.Ordinal);
            Assert.Contains(word, help[Html], StringComparison.Ordinal);
        }
        Assert.DoesNotContain("http", help[Html], StringComparison.Ordinal);
    }

    [InteractiveFact]
    public async Task CallsOfTheHelp_Run()
    {
        var start = await Kernel.RunAsync("""
            var text = string.Concat(Enumerable.Repeat("the cat sat on the mat ", 40));
            var vocabulary = Vocabulary.OfCharacters(text);
            var ids = vocabulary.Encode(text);
            var V = vocabulary.Count;
            var model = new Model(seed: 1, new Embedding(V, 4), new Lstm(4, 8), new Linear(8, V));
            var batches = new TokenStream(ids, batchSize: 2, window: 8);
            var x = batches.First().Ids;
            var array = new float[] { 1, 2 };
            var ys = array;
            var (mine, library) = (1.0, 1.0);
            var chart = Chart.Line(ys);
            """);
        Assert.Null(start.Failure);
        foreach (var call in KitHelp.Calls.SelectMany(section => section.Rows).Select(row => row.Call))
        {
            var small = call.Replace("Train(text)", "Train(text, new() { Hidden = 4, Steps = 5, Window = 10, BatchSize = 2, Progress = null })", StringComparison.Ordinal)
                .Replace("Steps = 300", "Progress = null, Steps = 3", StringComparison.Ordinal);
            var shown = await Kernel.RunAsync(small);
            Assert.True(shown.Failure is null, $"{call}: {shown.Failure}");
        }
    }

    [InteractiveFact]
    public async Task Layer_ShowsItsParameters()
    {
        var layer = (await Kernel.RunAsync("new Lstm(3, 4)")).Only;
        Assert.StartsWith("Lstm(inputSize: 3, hiddenSize: 4)", layer[Text], StringComparison.Ordinal);
        Assert.Contains("weight_hh_l0", layer[Text], StringComparison.Ordinal);
        Assert.Contains("<td>[16, 4]</td>", layer[Html], StringComparison.Ordinal);
        Assert.Equal("<div>Dropout(0.5)</div>\n", (await Kernel.RunAsync("new Dropout(0.5f)")).Only[Html]);
    }

    [InteractiveTheory]
    [InlineData("Tensor.From(new float[] { 1, 2 }).Shape", "[2]")]
    [InlineData("new CourseKit.Tasks.AddingProblem(10)", "AddingProblem of 10 time steps")]
    [InlineData("new Adam(0.5f)", "Adam(0.5)")]
    public async Task ValueWithWords_ShowsThem(string expression, string words)
    {
        var shown = (await Kernel.RunAsync(expression)).Only;
        Assert.Equal(words, shown[Text]);
        Assert.Equal($"<div>{words}</div>\n", shown[Html]);
    }

    [InteractiveFact]
    public async Task ToPlotly_AsResultAndByDisplay_IsTheOfflineChart()
    {
        foreach (var cell in new[] { "Chart.Line([1.0, double.NaN, 3.0], \"a\").Title(\"T\").ToPlotly()", "display(Chart.Line([1.0, double.NaN, 3.0], \"a\").Title(\"T\").ToPlotly());" })
        {
            var shown = (await Kernel.RunAsync(cell)).Only;
            Assert.Equal("Plotly chart \"T\": scatter", shown[Text]);
            Assert.Equal(PlotlyDisplay.Html(Notebooks.Chart.Line([1.0, double.NaN, 3.0], "a").Title("T").ToPlotly()), shown[Html]);
        }
    }

    [InteractiveFact]
    public async Task PlotlyNet_InACell_SharesFSharpCoreWithTheKernel()
    {
        var cell = await Kernel.RunAsync("""
            var restyled = Plotly.NET.GenericChart.ofTraceObject(true, new Plotly.NET.Trace2D("bar"));
            var count = Plotly.NET.GenericChart.getTraces(restyled).Length + Plotly.NET.GenericChart.toEmbeddedHTML(restyled).IndexOf("<html", StringComparison.Ordinal) * 0;
            $"{count} {AppDomain.CurrentDomain.GetAssemblies().Count(a => a.GetName().Name == "FSharp.Core")} {typeof(Microsoft.FSharp.Core.Unit).Assembly.GetName().Version}"
            """);
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"1 1 {FSharpCoreTests.KernelsVersion}"), cell.Only[Text]);
    }

    [InteractiveTheory]
    [InlineData("foreach (var i in Progress.Of(Enumerable.Range(0, 1_000_000).ToArray(), \"loop\")) System.Threading.Thread.Sleep(5);")]
    [InlineData("""
        var words = string.Concat(Enumerable.Repeat("the cat sat on the mat ", 100));
        var live = new Live(Vocabulary.OfCharacters(words));
        CharacterModel.Train(words, new() { Hidden = 64, BatchSize = 8, Window = 50, Steps = 1_000_000, Progress = null, Callbacks = [live] });
        """)]
    public async Task Interrupt_OfALoopOrATraining_EndsItAndTheNextCellsRun(string cell)
    {
        Assert.Equal("Command cancelled.", await Kernel.StopAsync(cell));
        Assert.Contains("2", (await Kernel.RunAsync("1 + 1")).Only[Html], StringComparison.Ordinal);
        Assert.Null((await Kernel.RunAsync("foreach (var i in Progress.Of(new[] { 1, 2 }, \"again\")) { }")).Failure);
    }

    [InteractiveFact]
    public async Task Exercise_SolvedAndNotYet_SaysSo()
    {
        Assert.StartsWith("Exercise 03.1 is right.", (await Kernel.RunAsync(File.ReadAllText(Path.Combine(CourseFiles.Root, "tests", "CourseKit.Host.Tests", "Notebooks", "Solutions", "03.1.cs.txt")))).Only[Text], StringComparison.Ordinal);
        Assert.StartsWith("Exercise 03.1 is not solved yet.", (await Kernel.RunAsync("Check.Exercise(\"03.1\", (object)null)")).Only[Text], StringComparison.Ordinal);
    }
}
