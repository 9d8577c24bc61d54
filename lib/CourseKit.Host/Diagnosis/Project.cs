using System.Globalization;
using CourseKit.Host.Commands;

namespace CourseKit.Host.Diagnosis;

/// <summary>Whether the project is whole and can be worked with.</summary>
internal static class Project
{
    private static readonly string[] Browsers = ["chromium", "chromium-browser", "google-chrome", "firefox", "msedge", "xdg-open", "open"];

    /// <summary>Its folders, the built kit, the notebooks, and what shows the pages.</summary>
    /// <param name="terminal">The project's root and PATH.</param>
    public static IEnumerable<Finding> Look(Terminal terminal)
    {
        var artifacts = Path.Combine(terminal.Root, "artifacts");
        yield return Finding.Needed("artifacts", artifacts, CannotWrite(artifacts) is { } why ? $"{why}. Copy the project to a folder that you may write to" : null);
        var kit = Path.Combine(artifacts, "kit", "CourseKit.Notebooks.dll");
        yield return Finding.Needed("kit", kit, File.Exists(kit) ? null : "missing: delete artifacts/built.txt and call again, which builds it");
        var notebooks = Path.Combine(terminal.Root, "notebooks");
        var count = Directory.Exists(notebooks) ? Directory.GetFiles(notebooks, "*.ipynb").Length : 0;
        yield return Finding.Needed("notebooks", string.Create(CultureInfo.InvariantCulture, $"{count} in {notebooks}"), count > 0 ? null : "none: take a fresh copy of the project", ("notebooks", count));
        var browser = OperatingSystem.IsWindows() ? "the system's own" : Browsers.FirstOrDefault(name => terminal.Find(name) is not null);
        yield return Finding.Wished("browser", browser ?? "none found here", browser is null ? "copy the site's folder to a machine with a browser; it works from files" : null);
    }

    /// <summary>Why nothing can be written into a folder, which need not exist; null when it can. Leaves nothing behind.</summary>
    /// <param name="folder">The folder.</param>
    internal static string? CannotWrite(string folder)
    {
        var nearest = Path.GetFullPath(folder);
        while (!Directory.Exists(nearest) && !File.Exists(nearest) && Path.GetDirectoryName(nearest) is { } parent)
            nearest = parent;
        try
        {
            AtomicFile.CheckWritable(Path.Combine(nearest, "doctor.txt"));
            return null;
        }
        catch (IOException e)
        {
            return e.Message;
        }
    }
}
