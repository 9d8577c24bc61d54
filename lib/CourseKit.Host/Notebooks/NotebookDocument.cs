using System.Text.Json;
using System.Text.Json.Nodes;
using CourseKit.Host.Jupyter;

namespace CourseKit.Host.Notebooks;

/// <summary>A Jupyter notebook (nbformat 4) with the C# kernel, in memory. Metadata that CourseKit does not know is kept.</summary>
internal sealed class NotebookDocument
{
    /// <summary>Creates a document.</summary>
    /// <param name="cells">Its cells, in order.</param>
    /// <param name="metadata">The notebook's metadata; null gives that of a new C# notebook.</param>
    public NotebookDocument(IEnumerable<NotebookCell> cells, JsonObject? metadata = null)
    {
        Cells = [.. cells];
        Metadata = metadata ?? new JsonObject
        {
            ["kernelspec"] = new JsonObject { ["display_name"] = KernelSpec.TitleOf(KernelSpec.DefaultName), ["language"] = "C#", ["name"] = KernelSpec.DefaultName },
            ["language_info"] = new JsonObject { ["name"] = "C#" },
        };
    }

    /// <summary>The cells, in order.</summary>
    public List<NotebookCell> Cells { get; }

    /// <summary>The notebook's metadata, as read.</summary>
    public JsonObject Metadata { get; }

    /// <summary>The minor version of nbformat 4. Cells have ids from 5 on.</summary>
    public int MinorVersion { get; init; } = 5;

    /// <summary>Seconds that the last execution of all cells took, kept in the metadata as coursekit.seconds; null before execution.</summary>
    public double? Seconds
    {
        get => Metadata["coursekit"]?["seconds"]?.GetValue<double>();
        set => SetSeconds(Metadata, value);
    }

    /// <summary>Reads a notebook file.</summary>
    /// <param name="path">An .ipynb file.</param>
    /// <exception cref="NotebookException">The file is missing, not JSON, not a notebook, of another format, or of another kernel.</exception>
    public static NotebookDocument Load(string path)
    {
        try
        {
            return NotebookReader.Read(File.ReadAllBytes(path), Path.GetFileName(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NotebookException($"{path}: cannot be read ({e.Message}). Check the path.", e);
        }
    }

    /// <summary>Reads a notebook from memory.</summary>
    /// <param name="utf8">The file's bytes.</param>
    /// <param name="name">The file's name, for messages.</param>
    /// <exception cref="NotebookException">Not JSON, not a notebook, of another format, or of another kernel.</exception>
    public static NotebookDocument Parse(byte[] utf8, string name) => NotebookReader.Read(utf8, name);

    /// <summary>Writes the notebook: whole or not at all.</summary>
    /// <param name="path">The file to create or replace; its folder is made when missing.</param>
    /// <exception cref="IOException">It cannot be written: the message says why.</exception>
    public void Save(string path) => AtomicFile.Write(path, NotebookWriter.Write(this));

    /// <summary>The notebook as the bytes of an .ipynb file, laid out as Jupyter does (one blank of indentation, a list of lines).</summary>
    public byte[] ToUtf8() => NotebookWriter.Write(this);

    internal static void SetSeconds(JsonObject metadata, double? seconds)
    {
        if (metadata["coursekit"] is not JsonObject own)
            metadata["coursekit"] = own = [];
        own["seconds"] = seconds is { } s ? JsonValue.Create(Math.Round(s, 3)) : null;
    }

    internal static readonly JsonDocumentOptions ReadOptions = new() { AllowDuplicateProperties = false };
}
