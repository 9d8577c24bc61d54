using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CourseKit.Host.Notebooks;

/// <summary>Writes nbformat 4 the way Jupyter lays it out, so that a saved notebook gives a small diff.</summary>
internal static class NotebookWriter
{
    private static readonly JsonWriterOptions WriteOptions = new()
    {
        Indented = true,
        IndentSize = 1,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The bytes of the .ipynb file.</summary>
    /// <param name="document">The notebook.</param>
    public static byte[] Write(NotebookDocument document)
    {
        var root = new JsonObject
        {
            ["cells"] = new JsonArray([.. document.Cells.Select((cell, index) => Cell(cell, index, document.MinorVersion >= 5))]),
            ["metadata"] = document.Metadata.DeepClone(),
            ["nbformat"] = 4,
            ["nbformat_minor"] = document.MinorVersion,
        };
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, WriteOptions))
            root.WriteTo(writer);
        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    private static JsonObject Cell(NotebookCell cell, int index, bool withId)
    {
        var node = new JsonObject();
        if (cell.Attachments is { } attachments)
            node["attachments"] = attachments.DeepClone();
        node["cell_type"] = cell.Kind.ToString().ToLowerInvariant();
        if (cell.Kind == CellKind.Code)
            node["execution_count"] = cell.ExecutionCount;
        if (withId)
            node["id"] = cell.Id ?? string.Create(CultureInfo.InvariantCulture, $"cell-{index + 1}");
        node["metadata"] = cell.Metadata.DeepClone();
        if (cell.Kind == CellKind.Code)
            node["outputs"] = new JsonArray([.. cell.Outputs.Select(Output)]);
        node["source"] = Lines(cell.Source);
        return node;
    }

    /// <summary>One output as nbformat writes it.</summary>
    /// <param name="output">The output.</param>
    public static JsonObject Output(CellOutput output) => output switch
    {
        StreamOutput stream => new JsonObject { ["name"] = stream.Name, ["output_type"] = "stream", ["text"] = Lines(stream.Text) },
        DisplayOutput display => Display(display),
        ErrorOutput error => new JsonObject
        {
            ["ename"] = error.Name,
            ["evalue"] = error.Message,
            ["output_type"] = "error",
            ["traceback"] = new JsonArray([.. error.Traceback.Select(line => (JsonNode)JsonValue.Create(line))]),
        },
        _ => throw new ArgumentException($"An output of type {output.GetType().Name} has no place in a notebook.", nameof(output)),
    };

    private static JsonObject Display(DisplayOutput display)
    {
        var data = new JsonObject();
        foreach (var (mimeType, content) in display.Data)
            data[mimeType] = DisplayOutput.IsJson(mimeType) ? content?.DeepClone() : Lines(display.Text(mimeType) ?? "");
        var node = new JsonObject { ["data"] = data };
        if (display.IsResult)
            node["execution_count"] = display.ExecutionCount;
        node["metadata"] = display.Metadata.DeepClone();
        node["output_type"] = display.IsResult ? "execute_result" : "display_data";
        return node;
    }

    /// <summary>A list of lines, each but the last with its "\n".</summary>
    private static JsonArray Lines(string text)
    {
        var lines = new JsonArray();
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start) + 1;
            if (end == 0)
                end = text.Length;
            lines.Add((JsonNode)JsonValue.Create(text[start..end]));
            start = end;
        }
        return lines;
    }
}
