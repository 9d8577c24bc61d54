using CourseKit.Host.Commands;

namespace CourseKit.Host.Jupyter;

/// <summary>The Jupyter of this machine: programs on PATH, and those beside the one that a link on PATH leads to.</summary>
/// <param name="Lab">JupyterLab, or null.</param>
/// <param name="Notebook">Jupyter Notebook, or null.</param>
/// <param name="Jupyter">The command that tells Jupyter's folders, or null.</param>
internal sealed record JupyterInstallation(string? Lab, string? Notebook, string? Jupyter)
{
    /// <summary>What opens notebooks, JupyterLab before Jupyter Notebook; null when there is neither.</summary>
    public string? FrontEnd => Lab ?? Notebook;

    /// <summary>The name of <see cref="FrontEnd"/>.</summary>
    public string Name => Lab is not null ? "JupyterLab" : "Jupyter Notebook";

    /// <summary>Looks for it.</summary>
    /// <param name="terminal">Its PATH.</param>
    /// <returns>Null when there is nothing of Jupyter.</returns>
    public static JupyterInstallation? Find(Terminal terminal)
    {
        string[] names = ["jupyter-lab", "jupyter-notebook", "jupyter"];
        var onPath = names.Select(terminal.Find).ToArray();
        if (onPath.All(program => program is null))
            return null;
        // uv and pipx put one program on PATH and leave its companions in the environment where it lives.
        var homes = onPath.OfType<string>().Select(program => Path.GetDirectoryName(Resolved(program))!).Distinct().ToList();
        var found = names.Select((name, index) => onPath[index] ?? homes.Select(home => Terminal.ProgramIn(home, name)).FirstOrDefault(program => program is not null)).ToArray();
        return new JupyterInstallation(found[0], found[1], found[2]);
    }

    private static string Resolved(string program)
    {
        try
        {
            return File.ResolveLinkTarget(program, returnFinalTarget: true)?.FullName ?? program;
        }
        catch (IOException)
        {
            return program;
        }
    }
}
