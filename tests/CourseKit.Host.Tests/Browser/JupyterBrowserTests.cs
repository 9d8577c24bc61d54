using System.Diagnostics;
using CourseKit.Host.Execution;
using CourseKit.Host.Tests.Jupyter;
using CourseKit.Host.Tests.Notebooks;

namespace CourseKit.Host.Tests.Browser;

/// <summary>A test that needs a real browser and a real Jupyter Notebook.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class JupyterBrowserFactAttribute : FactAttribute
{
    public JupyterBrowserFactAttribute() => Skip = ChromiumProcess.WhyNot ?? new JupyterFactAttribute().Skip;
}

/// <summary>The verb lab, Jupyter Notebook and the kernel in a real browser: run all, watch, stop, complete, explain, answer, restart.</summary>
[Collection("console")]
public sealed class JupyterBrowserTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [JupyterBrowserFact]
    public async Task Notebook_AsALearnerUsesIt_Works()
    {
        // The kit is found although the notebook lies elsewhere.
        var notebook = _folder.Notebook("learner.ipynb",
            """
            #r "../artifacts/kit/System.Numerics.Tensors.dll"
            #r "../artifacts/kit/MathNet.Numerics.dll"
            #r "../artifacts/kit/CourseKit.dll"
            #r "../artifacts/kit/CourseKit.Notebooks.dll"
            using CourseKit.Data; using CourseKit.Notebooks; using CourseKit.Training;
            Kit.Start()
            """,
            """
            var text = string.Concat(Enumerable.Repeat("the cat sat on the mat. ", 200));
            var live = new Live(Vocabulary.OfCharacters(text)) { Prompt = "the ", Watch = "the cat sat on the mat" };
            CharacterModel.Train(text, new() { Hidden = 16, BatchSize = 4, Window = 20, Steps = 150, ValidateEvery = 25, LearningRate = 0.01, Progress = null,
                OnStep = _ => System.Threading.Thread.Sleep(25), Callbacks = [live] }).ToString()
            """,
            "Console.WriteLine(\"in the loop\");\nwhile (true) { }",
            "var a = 1;\nvar b = nothing;",
            "Console.W",
            "var name = input(\"Your name? \");\n$\"Hello, {name}!\"",
            "Picture.Slider(\"k\", [1, 2, 3], k => Chart.Line(new[] { 0, k }).Title($\"up to {k}\"))",
            "text.Length");
        await PassesAsync("learner", notebook, "learner.ipynb");
    }

    [JupyterBrowserFact]
    public async Task Pictures_AllOfThem_ShowInJupyter() => await PassesAsync("pictures", CourseFiles.PathOf("pictures.ipynb"), "pictures.ipynb");

    private async Task PassesAsync(string name, string notebook, string page)
    {
        var start = DotnetCommand.ThisProgram("lab", notebook, "--no-browser", "--port", RealJupyterTests.FreePort());
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.Environment["HOME"] = _folder.Path;
        using var process = Process.Start(start)!;
        try
        {
            var (url, token) = await RealJupyterTests.AddressAsync(process.StandardError);
            var (code, error) = ChromiumProcess.Run("jupyter.js", name, new Uri(url, $"notebooks/{page}?token={token}").AbsoluteUri);
            Assert.True(code == 0, error);
        }
        finally
        {
            await HostProcess.Shell($"kill -INT {process.Id}");
            using var limit = new CancellationTokenSource(30_000);
            await process.WaitForExitAsync(limit.Token);
        }
    }
}
