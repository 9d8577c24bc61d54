using CourseKit.Host.Notebooks;

namespace CourseKit.Host.Tests;

/// <summary>A folder for one test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder() => Path = Directory.CreateTempSubdirectory("coursekit-test-").FullName;

    public string Path { get; }

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a notebook of code cells and gives its path.</summary>
    public string Notebook(string name, params IEnumerable<string> cells)
    {
        new NotebookDocument(cells.Select(source => new NotebookCell(CellKind.Code, source))).Save(this[name]);
        return this[name];
    }

    /// <summary>Names of all files, also hidden ones, relative to the folder.</summary>
    public IEnumerable<string> Files() => Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories).Select(file => System.IO.Path.GetRelativePath(Path, file));

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
