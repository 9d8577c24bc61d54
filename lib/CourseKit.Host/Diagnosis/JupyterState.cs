using CourseKit.Host.Commands;
using CourseKit.Host.Jupyter;

namespace CourseKit.Host.Diagnosis;

/// <summary>Which Jupyter there is, and which kernel the notebooks get in it. Nothing of it is needed.</summary>
internal static class JupyterState
{
    private const string Store = "microsoft.dotnet-interactive";

    /// <summary>Jupyter, the kernelspec, the folder where it would be installed, and .NET Interactive.</summary>
    /// <param name="terminal">Its variables, home and PATH, and Ctrl-C.</param>
    public static async Task<IReadOnlyList<Finding>> LookAsync(Terminal terminal)
    {
        var (jupyter, search, interactive) = (JupyterAsync(terminal), JupyterFolders.SearchAsync(terminal), InteractiveAsync(terminal));
        var kernels = new KernelsFolder(JupyterFolders.User(terminal)).Path;
        return
        [
            await jupyter,
            KernelSpecOf(await search),
            Finding.Wished("kernels", kernels, Project.CannotWrite(kernels) is { } why ? $"{why}. Choose another place: kernel install --prefix DIR" : null),
            await interactive,
        ];
    }

    private static async Task<Finding> JupyterAsync(Terminal terminal)
    {
        var found = JupyterInstallation.Find(terminal);
        if (found?.FrontEnd is not { } program)
            return Finding.Wished("Jupyter", found?.Jupyter is { } alone ? $"{alone}, without Lab and Notebook" : "none", "site and run execute the notebooks without it; lab says how to get it");
        var version = await ChildProcess.OutputAsync(terminal.Program(program, "--version"), terminal.Cancellation);
        return version is { Length: > 0 }
            ? Finding.Ok("Jupyter", $"{found.Name} {version.Split('\n')[^1]} ({program})")
            : Finding.Wished("Jupyter", $"{found.Name} ({program})", "it does not tell its version: install it again");
    }

    private static Finding KernelSpecOf(IReadOnlyList<string> search)
    {
        const string What = "kernelspec";
        const string Name = KernelSpec.DefaultName;
        if (search.Select(folder => new KernelsFolder(folder).Find(Name)).FirstOrDefault(spec => spec is { IsKernel: true }) is not { } spec)
            return Finding.Wished(What, $"no {Name}", "kernel install, for any Jupyter; lab needs none");
        var found = $"{Name} of {spec.Owner}, {spec.Folder}";
        if (!spec.IsOurs)
            return Finding.Wished(What, found, "the notebooks open with that kernel; lab opens them with CourseKit's");
        return Finding.Needed(What, found, spec.Argv.Take(2).FirstOrDefault(file => Path.IsPathFullyQualified(file) && !File.Exists(file)) is { } gone ? $"it starts {gone}, which is not there: kernel install" : null);
    }

    private static async Task<Finding> InteractiveAsync(Terminal terminal)
    {
        const string What = "Interactive";
        var tools = Path.Combine(terminal.Variable("DOTNET_CLI_HOME") ?? terminal.Home, ".dotnet", "tools");
        if ((terminal.Find("dotnet-interactive") ?? Terminal.ProgramIn(tools, "dotnet-interactive")) is not { } program)
            return Finding.Wished(What, "no .NET Interactive", "nothing is missing, CourseKit has its own kernel");
        // A tool's version is the name of a folder; asking the tool takes a second.
        var store = Path.Combine(Path.GetDirectoryName(program)!, ".store", Store);
        var version = Directory.Exists(store) ? Directory.EnumerateDirectories(store).Select(Path.GetFileName).Order(StringComparer.Ordinal).LastOrDefault()
            : await ChildProcess.OutputAsync(terminal.Program(program, "--version"), terminal.Cancellation);
        return Finding.Ok(What, $".NET Interactive {version ?? "of an unknown version"} ({program})");
    }
}
