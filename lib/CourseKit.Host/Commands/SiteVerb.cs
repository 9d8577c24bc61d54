using System.Globalization;
using CourseKit.Host.Execution;
using CourseKit.Host.Notebooks;
using CourseKit.Host.Site;

namespace CourseKit.Host.Commands;

/// <summary>site</summary>
internal sealed class SiteVerb : Verb
{
    public override string Name => "site";

    public override string Summary => "runs every notebook and writes the course's pages";

    public override IReadOnlyList<Option> Options { get; } =
    [
        Option.Text("--out", "DIR", "where the pages go; default artifacts/site"),
        RunVerb.Timeout,
    ];

    public override async Task<int> RunAsync(Arguments arguments, Terminal terminal)
    {
        var output = Path.GetFullPath(arguments.Text("--out") ?? Path.Combine(terminal.Root, "artifacts", "site"));
        // What can be known before the notebooks run is not said minutes later.
        SiteBuilder.CheckFolder(output);
        var folder = Path.Combine(terminal.Root, "notebooks");
        var files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.ipynb").Order(StringComparer.Ordinal).ToList() : [];
        if (files.Count == 0)
            throw new UsageException($"site: there are no notebooks in {folder}. Take a fresh copy of the project.");
        var names = files.Select(file => Path.GetFileName(file)).ToHashSet();
        foreach (var file in files)
            NotebookPage.Render(new SiteNotebook(Path.GetFileName(file), NotebookDocument.Load(file), folder), names);

        var options = new RunOptions { CellTimeout = RunVerb.TimeoutOf(arguments), Progress = terminal.Error };
        var notebooks = new List<SiteNotebook>();
        var seconds = 0.0;
        foreach (var file in files)
        {
            var name = Path.GetFileName(file);
            var run = await NotebookRunner.RunAsync(file, options, terminal.Cancellation);
            run.Document.Save(Path.Combine(terminal.Root, "artifacts", "executed", name));
            if (run.Error is not null)
            {
                terminal.Error.WriteLine(run.Error);
                return 1;
            }
            seconds += run.Seconds;
            notebooks.Add(new SiteNotebook(name, run.Document, folder));
        }
        var index = SiteBuilder.Build(notebooks, output, Environment.ProcessorCount);
        terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"site: {notebooks.Count} notebooks, {seconds:0} s"));
        terminal.Out.WriteLine(index);
        return 0;
    }
}
