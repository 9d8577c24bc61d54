namespace CourseKit.Host.Jupyter;

/// <summary>What to say where there is no Jupyter.</summary>
internal static class JupyterAdvice
{
    private const string SystemFile = "/etc/os-release";

    /// <summary>Three lines: what is missing, how to get it on a system, what works without it.</summary>
    /// <param name="system">As <see cref="ThisSystem"/> gives it.</param>
    public static IReadOnlyList<string> Lines(string system) =>
    [
        "lab: neither JupyterLab nor Jupyter Notebook is on the PATH.",
        $"Get one: {PackageOf(system)}",
        "Or read the notebooks, executed, in your browser without Jupyter: dotnet run coursekit.cs site --serve",
    ];

    /// <summary>"windows", "macos", or the words after ID and ID_LIKE in os-release: "ubuntu debian".</summary>
    public static string ThisSystem() => OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "macos"
        : File.Exists(SystemFile) ? Linux(File.ReadLines(SystemFile)) : "";

    /// <summary>The words of a Linux from the lines of its os-release.</summary>
    internal static string Linux(IEnumerable<string> lines) => string.Join(' ', lines.Where(line => line.StartsWith("ID=", StringComparison.Ordinal)
        || line.StartsWith("ID_LIKE=", StringComparison.Ordinal)).Select(line => line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim('"', '\'')));

    private static string PackageOf(string system)
    {
        var words = system.Split(' ');
        var package = words.Contains("windows") ? "winget install astral-sh.uv"
            : words.Contains("macos") ? "brew install jupyterlab"
            : words.Contains("debian") || words.Contains("ubuntu") ? "sudo apt install jupyter-notebook"
            : words.Contains("fedora") ? "sudo dnf install jupyterlab"
            : words.Contains("arch") ? "sudo pacman -S jupyterlab"
            : null;
        const string Everywhere = "uv tool install jupyterlab, or with Python pip install jupyterlab";
        return package is null ? Everywhere : words.Contains("windows") ? $"{package}, then {Everywhere}" : $"{package}; on any system: {Everywhere}";
    }
}
