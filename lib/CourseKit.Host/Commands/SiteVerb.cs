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
        Option.Switch("--serve", "then serve the pages to this machine's browsers until Ctrl-C; what is up to date is not built again"),
        Option.Integer("--port", $"with --serve: the port; default {SiteServer.FirstPort} or the next one that is free", 1, 65535),
    ];

    public override async Task<int> RunAsync(Arguments arguments, Terminal terminal)
    {
        var serves = arguments.Has("--serve");
        if (arguments.Has("--port") && !serves)
            throw new UsageException("site: --port needs --serve. Write both, or neither.");
        var output = Path.GetFullPath(arguments.Text("--out") ?? Path.Combine(terminal.Root, "artifacts", "site"));
        // What can be known before the notebooks run is not said minutes later.
        using var server = serves ? SiteServer.Open(arguments.Has("--port") ? arguments.Integer("--port", 0) : null) : null;
        var fingerprint = SiteFingerprint.Of(terminal.Root);
        if (server is not null && SiteFolder.FingerprintOf(output) == fingerprint)
            terminal.Error.WriteLine($"site: {output} is up to date");
        else if (await BuildAsync(arguments, terminal, output, fingerprint) is var code and not 0)
            return code;
        if (server is null)
        {
            terminal.Out.WriteLine(Path.Combine(output, "index.html"));
            return 0;
        }
        terminal.Out.WriteLine(server.Url);
        terminal.Error.WriteLine("site: Ctrl-C ends it.");
        await server.RunAsync(output, terminal.Cancellation);
        return 0;
    }

    private static async Task<int> BuildAsync(Arguments arguments, Terminal terminal, string output, string fingerprint)
    {
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
        SiteBuilder.Build(notebooks, output, Environment.ProcessorCount, fingerprint);
        terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"site: {notebooks.Count} notebooks, {seconds:0} s"));
        return 0;
    }
}
