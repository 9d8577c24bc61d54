using CourseKit.Host.Notebooks;
using CourseKit.Host.Site;
using CourseKit.Host.Tests.Site;
using CourseKit.Notebooks;

namespace CourseKit.Host.Tests.Browser;

/// <summary>The sample site with a fourth notebook, of the kit's own charts, in a temporary folder whose name asks for escaping.</summary>
public sealed class BrowserSite : IDisposable
{
    private const string Filler = "A recurrent network reads one time step after another, and what it keeps between them is its state.";

    private readonly string _root = Directory.CreateTempSubdirectory("coursekit site #").FullName;

    public BrowserSite()
    {
        Folder = Path.Combine(_root, "site");
        SiteBuilder.Build([.. SampleSite.Notebooks(), new SiteNotebook("10-charts.ipynb", Charts(), AppContext.BaseDirectory)], Folder, cores: 2);
    }

    public string Folder { get; }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    internal static NotebookDocument Charts()
    {
        double[] loss = [.. Enumerable.Range(0, 50).Select(step => 4 * Math.Exp(-step / 12.0))];
        return new NotebookDocument(
        [
            Prose("# Charts of a trained network\n\nBefore the first heading."),
            Prose("## Lines\n\nGradients vanish. " + string.Concat(Enumerable.Repeat(Filler + "\n\n", 8))),
            Code(1, 8.4, "var loss = history.Loss;\nChart.Line(loss)", Chart.Line(loss, "training").Title("Loss")),
            Prose("## Bars\n\n" + string.Concat(Enumerable.Repeat(Filler + "\n\n", 8)) + "### Detail\n\nNaïve baselines stand beside them, $\\sigma(x)$ too."),
            Code(2, 0.1, $"Chart.Bar([\"a\", \"b\"], [1, 2]) // {new string('x', 150)} end", Chart.Bar(["a", "b"], [1.0, 2.0]).Title("Two bars")),
            Prose("## Heat\n\n" + string.Concat(Enumerable.Repeat(Filler + "\n\n", 8))),
            Code(3, 2, "Chart.Heatmap(weights)", Chart.Heatmap(new[,] { { 0.1, 0.9 }, { -0.4, 0.3 } }, ["r0", "r1"], ["c0", "c1"]).Title("Weights")),
            Prose("## Exercises\n\n" + string.Concat(Enumerable.Repeat(Filler + "\n\n", 12))),
        ])
        { Seconds = 12 };
    }

    private static NotebookCell Prose(string markdown) => new(CellKind.Markdown, markdown);

    private static NotebookCell Code(int number, double seconds, string source, Drawing drawing) => new(CellKind.Code, source)
    {
        ExecutionCount = number,
        Seconds = seconds,
        Outputs = { DisplayOutput.Of(number, ("text/html", drawing.ToHtml())) },
    };
}
