using System.Text.Json;
using System.Text.Json.Nodes;
using CourseKit.Host.Commands;

namespace CourseKit.Host.Jupyter;

/// <summary>Where Jupyter keeps its data, kernelspecs among them.</summary>
internal static class JupyterFolders
{
    private static readonly string[] No = ["no", "n", "false", "off", "0", "0.0"];

    /// <summary>The user's own data folder, as jupyter_core finds it.</summary>
    /// <param name="terminal">Its variables and home.</param>
    public static string User(Terminal terminal) =>
        User(terminal, OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "macos" : "linux");

    /// <summary>The same for a named system.</summary>
    internal static string User(Terminal terminal, string system)
    {
        if (terminal.Variable("JUPYTER_DATA_DIR") is { } chosen)
            return chosen;
        var platform = terminal.Variable("JUPYTER_PLATFORM_DIRS") is { } value && !No.Contains(value.ToLowerInvariant());
        return system switch
        {
            "macos" => Path.Combine(terminal.Home, "Library", platform ? "Application Support/Jupyter" : "Jupyter"),
            "windows" when platform => Path.Combine(terminal.Variable("LOCALAPPDATA") ?? Path.Combine(terminal.Home, "AppData", "Local"), "Jupyter"),
            "windows" => terminal.Variable("APPDATA") is { } data ? Path.Combine(data, "jupyter")
                : Path.Combine(terminal.Variable("JUPYTER_CONFIG_DIR") ?? Path.Combine(terminal.Home, ".jupyter"), "data"),
            _ => Path.Combine(terminal.Variable("XDG_DATA_HOME") ?? Path.Combine(terminal.Home, ".local", "share"), "jupyter"),
        };
    }

    /// <summary>
    /// All data folders, in the order in which Jupyter searches them: what the installed Jupyter says itself, which knows its Python
    /// environment; without one the folders that every Jupyter searches.
    /// </summary>
    /// <param name="terminal">Its variables, home, and Ctrl-C.</param>
    /// <exception cref="OperationCanceledException">Ctrl-C.</exception>
    public static async Task<IReadOnlyList<string>> SearchAsync(Terminal terminal)
    {
        var asked = JupyterInstallation.Find(terminal)?.Jupyter is { } jupyter
            ? await ChildProcess.OutputAsync(terminal.Program(jupyter, "--paths", "--json"), terminal.Cancellation) : null;
        var folders = Read(asked) ??
        [
            .. (terminal.Variable("JUPYTER_PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
            User(terminal),
            .. OperatingSystem.IsWindows()
                ? [Path.Combine(terminal.Variable("PROGRAMDATA") ?? "C:\\ProgramData", "jupyter")]
                : new[] { "/usr/local/share/jupyter", "/usr/share/jupyter" },
        ];
        // Kernelspecs, and nothing else, are looked for in IPython's folder too.
        return [.. folders.Append(terminal.Variable("IPYTHONDIR") ?? Path.Combine(terminal.Home, ".ipython"))
            .Select(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))).Distinct()];
    }

    /// <summary>Whether two paths lead to one folder, by whatever links.</summary>
    public static bool AreSame(string one, string other) =>
        string.Equals(WithoutLinks(one), WithoutLinks(other), OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase);

    private static string WithoutLinks(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetDirectoryName(full) is not { } parent)
            return full;
        var here = Path.Combine(WithoutLinks(parent), Path.GetFileName(full));
        return new DirectoryInfo(here) is { Exists: true, LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? here : here;
    }

    private static List<string>? Read(string? paths)
    {
        try
        {
            return paths is not null && JsonNode.Parse(paths) is JsonObject json && json["data"] is JsonArray { Count: > 0 } data
                ? [.. data.OfType<JsonValue>().Select(folder => folder.ToString())] : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
