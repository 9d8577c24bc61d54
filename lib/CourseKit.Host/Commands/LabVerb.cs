using System.Globalization;
using CourseKit.Host.Jupyter;

namespace CourseKit.Host.Commands;

/// <summary>lab [NOTEBOOK]</summary>
internal sealed class LabVerb : Verb
{
    public override string Name => "lab";

    public override string Summary => "opens the notebooks in JupyterLab or Jupyter Notebook, with CourseKit's kernel";

    public override string FileWord => "NOTEBOOK";

    public override int MostFiles => 1;

    public override IReadOnlyList<Option> Options { get; } =
    [
        Option.Integer("--port", "where Jupyter listens; default 8888, or the next that is free", 1, 65535),
        Option.Switch("--no-browser", "only print the address"),
    ];

    public override async Task<int> RunAsync(Arguments arguments, Terminal terminal)
    {
        var notebooks = Path.Combine(terminal.Root, "notebooks");
        var notebook = arguments.Files.Count == 0 ? null : NotebookOf(arguments, notebooks);
        if (JupyterInstallation.Find(terminal) is not { FrontEnd: { } program } jupyter)
        {
            foreach (var line in JupyterAdvice.Lines(JupyterAdvice.ThisSystem()))
                terminal.Error.WriteLine(line);
            return 1;
        }
        var folder = notebook is null || Inside(notebook, notebooks) ? notebooks : Path.GetDirectoryName(notebook)!;
        if (!Directory.Exists(folder))
            throw new UsageException($"lab: there is no folder {folder}. Take a fresh copy of the project.");
        var start = terminal.Program(program, Words(arguments, folder, notebook));
        start.WorkingDirectory = folder;
        start.Environment["JUPYTER_PATH"] = PrivatePath(terminal);
        terminal.Error.WriteLine($"lab: {jupyter.Name} ({program}) on {folder}. Ctrl-C stops it and its kernels.");
        try
        {
            var code = await ForegroundProcess.RunAsync(start, terminal.Cancellation);
            if (code == 0 || terminal.Cancellation.IsCancellationRequested)
                return 0;
            terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"lab: {jupyter.Name} ended with exit code {code}; its last lines above say why."));
            return 1;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            terminal.Error.WriteLine($"lab: {program} does not start: {e.Message}. Install Jupyter again.");
            return 1;
        }
    }

    /// <summary>
    /// A JUPYTER_PATH that begins with a data folder of the project's own, in which CourseKit's kernel has the name that the notebooks
    /// ask for: found first, whatever else is installed, and nothing of the user's is changed.
    /// </summary>
    private static string PrivatePath(Terminal terminal)
    {
        var data = Path.Combine(terminal.Root, "artifacts", "jupyter", "share", "jupyter");
        if (data.Contains(Path.PathSeparator, StringComparison.Ordinal))
            throw new UsageException($"lab: JUPYTER_PATH cannot hold {data}, because it separates folders by '{Path.PathSeparator}'. Move the project to another folder.");
        new KernelsFolder(data).Install(KernelSpec.DefaultName);
        return terminal.Variable("JUPYTER_PATH") is { } path ? $"{data}{Path.PathSeparator}{path}" : data;
    }

    private static IEnumerable<string> Words(Arguments arguments, string folder, string? notebook)
    {
        yield return $"--notebook-dir={folder}";
        if (arguments.Text("--port") is { } port)
            yield return $"--port={port}";
        if (arguments.Has("--no-browser"))
            yield return "--no-browser";
        // Jupyter refuses to run as root without it.
        if (!OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess)
            yield return "--allow-root";
        if (notebook is not null)
            yield return notebook;
    }

    /// <summary>The named notebook's full path: as it is, or in the notebooks' folder.</summary>
    private static string NotebookOf(Arguments arguments, string notebooks)
    {
        var inCourse = Path.Combine(notebooks, arguments.Files[0]);
        return Path.GetFullPath(!File.Exists(arguments.Files[0]) && File.Exists(inCourse) ? inCourse : arguments.ExistingFile());
    }

    private static bool Inside(string file, string folder) => !Path.GetRelativePath(folder, file).StartsWith("..", StringComparison.Ordinal);
}
