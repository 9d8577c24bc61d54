using CourseKit.Host.Notebooks;
using CourseKit.Host.Site;

namespace CourseKit.Host.Tests.Site;

/// <summary>A site of three notebooks in a temporary folder; the first holds one of everything.</summary>
public sealed class SampleSite : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("coursekit-site-").FullName;

    public SampleSite()
    {
        Folder = Path.Combine(_root, "site");
        SiteBuilder.Build(Notebooks(), Folder, cores: 2);
    }

    public string Folder { get; }

    public string Page(string name) => File.ReadAllText(Path.Combine(Folder, name));

    internal static IReadOnlyList<SiteNotebook> Notebooks() =>
    [
        new("00-everything.ipynb", NotebookDocument.Load(Path.Combine(AppContext.BaseDirectory, "Site", "Data", "everything.ipynb")), AppContext.BaseDirectory),
        Small("second.ipynb", "# Second & last <but one>\n\n## Goal\n\nTo stand in the [middle](00-everything.ipynb).", 125),
        Small("third.ipynb", "No heading at all.", 3),
    ];

    internal static SiteNotebook Small(string name, string markdown, double? seconds = 1) =>
        new(name, new NotebookDocument([new NotebookCell(CellKind.Markdown, markdown)]) { Seconds = seconds }, AppContext.BaseDirectory);

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
