using System.Text.Json.Nodes;

namespace CourseKit.Host.Notebooks;

/// <summary>What a cell holds.</summary>
internal enum CellKind
{
    /// <summary>Text in Markdown.</summary>
    Markdown,

    /// <summary>C#.</summary>
    Code,

    /// <summary>Neither: shown to nobody, kept.</summary>
    Raw,
}

/// <summary>One cell of a notebook.</summary>
internal sealed class NotebookCell
{
    /// <summary>Creates a cell.</summary>
    /// <param name="kind">What it holds.</param>
    /// <param name="source">Its text; lines end in "\n".</param>
    public NotebookCell(CellKind kind, string source) => (Kind, Source) = (kind, source);

    /// <summary>What the cell holds.</summary>
    public CellKind Kind { get; }

    /// <summary>Its text; lines end in "\n", the last one without.</summary>
    public string Source { get; }

    /// <summary>The id of nbformat 4.5, or null in an older notebook.</summary>
    public string? Id { get; init; }

    /// <summary>The cell's metadata, as read: unknown keys are kept.</summary>
    public JsonObject Metadata { get; init; } = [];

    /// <summary>Pictures pasted into a Markdown cell, as read; null for none.</summary>
    public JsonObject? Attachments { get; init; }

    /// <summary>The number Jupyter shows in brackets, 1 for the first executed code cell; null before execution.</summary>
    public int? ExecutionCount { get; set; }

    /// <summary>A code cell's outputs, in order.</summary>
    public List<CellOutput> Outputs { get; init; } = [];

    /// <summary>Seconds that the last execution took, kept in the metadata as coursekit.seconds; null before execution.</summary>
    public double? Seconds
    {
        get => Metadata["coursekit"]?["seconds"]?.GetValue<double>();
        set => NotebookDocument.SetSeconds(Metadata, value);
    }
}
