using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CourseKit.Host.Jupyter;

namespace CourseKit.Host.Notebooks;

/// <summary>Reads nbformat 4 and says in one line what is wrong with anything else.</summary>
internal sealed class NotebookReader
{
    private readonly string _name;

    private NotebookReader(string name) => _name = name;

    /// <summary>Reads a notebook.</summary>
    /// <param name="utf8">The file's bytes.</param>
    /// <param name="name">The file's name, for messages.</param>
    /// <exception cref="NotebookException">Not JSON, not a notebook, of another format, or of another kernel.</exception>
    public static NotebookDocument Read(byte[] utf8, string name)
    {
        var reader = new NotebookReader(name);
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(utf8.AsSpan().StartsWith("\uFEFF"u8) ? utf8.AsSpan(3) : utf8, documentOptions: NotebookDocument.ReadOptions);
        }
        catch (JsonException e)
        {
            var where = e.LineNumber is { } line ? $"at line {line + 1}" : "at its start";
            throw new NotebookException($"{name}: not a notebook, the file is not JSON ({where}). Take a fresh copy, or save it again in Jupyter.", e);
        }
        return reader.Document(root as JsonObject ?? throw reader.NotANotebook("the file must hold one JSON object"));
    }

    /// <summary>Reads one output that <see cref="NotebookWriter.Output"/> wrote.</summary>
    /// <param name="output">The output.</param>
    public static CellOutput ReadOutput(JsonNode output) => new NotebookReader("cell").Output(output, "the cell");

    private NotebookDocument Document(JsonObject root)
    {
        var format = Integer(root, "nbformat") ?? throw NotANotebook("\"nbformat\" is missing");
        if (format != 4)
        {
            var mend = format < 4 ? "Open it in Jupyter and save it: that converts it." : "Save it as format 4 in the program that made it.";
            throw new NotebookException($"{_name}: notebook format {format}, but CourseKit reads format 4. {mend}");
        }
        var metadata = Object(root, "metadata") ?? [];
        RequireKernel(metadata);
        var cells = root["cells"] as JsonArray ?? throw NotANotebook("\"cells\" must be a list");
        return new NotebookDocument(cells.Select(Cell), metadata) { MinorVersion = Integer(root, "nbformat_minor") ?? 5 };
    }

    private void RequireKernel(JsonObject metadata)
    {
        var kernel = Object(metadata, "kernelspec");
        var name = kernel is null ? null : String(kernel, "name");
        var language = kernel is null ? null : String(kernel, "language");
        if (name is KernelSpec.DefaultName or KernelSpec.OtherName && language is null or "C#" or "csharp")
            return;
        var got = name is null ? "names no kernel" : $"asks for kernel \"{name}\"" + (language is null ? "" : $" (language \"{language}\")");
        throw new NotebookException(
            $"{_name}: the notebook {got}, but CourseKit runs \".net-csharp\" (language \"C#\"). Choose the .NET (C#) kernel in Jupyter and save.");
    }

    private NotebookCell Cell(JsonNode? node, int index)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"cell {index + 1}");
        var cell = node as JsonObject ?? throw NotANotebook($"{place} must be an object");
        var kind = String(cell, "cell_type") switch
        {
            "markdown" => CellKind.Markdown,
            "code" => CellKind.Code,
            "raw" => CellKind.Raw,
            var other => throw NotANotebook($"{place} has cell_type \"{other}\""),
        };
        var outputs = cell["outputs"] switch
        {
            null => [],
            JsonArray list => list.Select(output => Output(output, place)).ToList(),
            _ => throw NotANotebook($"the outputs of {place} must be a list"),
        };
        return new NotebookCell(kind, Lines(cell["source"], $"the source of {place}").ReplaceLineEndings("\n"))
        {
            Id = String(cell, "id"),
            Metadata = Object(cell, "metadata") ?? [],
            Attachments = Object(cell, "attachments"),
            ExecutionCount = Integer(cell, "execution_count"),
            Outputs = outputs,
        };
    }

    private CellOutput Output(JsonNode? node, string place)
    {
        var output = node as JsonObject ?? throw NotANotebook($"an output of {place} must be an object");
        return String(output, "output_type") switch
        {
            "stream" => new StreamOutput(String(output, "name") ?? "stdout", Lines(output["text"], $"a stream of {place}")),
            "display_data" => new DisplayOutput(Bundle(output, place), Object(output, "metadata") ?? [], null),
            "execute_result" => new DisplayOutput(Bundle(output, place), Object(output, "metadata") ?? [], Integer(output, "execution_count") ?? 0),
            "error" => new ErrorOutput(String(output, "ename") ?? "Error", String(output, "evalue") ?? "",
                output["traceback"] is JsonArray lines ? [.. lines.Select(line => Lines(line, $"the traceback of {place}"))] : []),
            var other => throw NotANotebook($"an output of {place} has output_type \"{other}\""),
        };
    }

    private Dictionary<string, JsonNode?> Bundle(JsonObject output, string place)
    {
        var bundle = new Dictionary<string, JsonNode?>();
        foreach (var (mimeType, content) in Object(output, "data") ?? [])
            bundle[mimeType] = DisplayOutput.IsJson(mimeType) ? content?.DeepClone() : JsonValue.Create(Lines(content, $"{mimeType} of {place}"));
        return bundle;
    }

    /// <summary>nbformat's multi-line string: one string, or a list of lines to join.</summary>
    private string Lines(JsonNode? node, string what) => node switch
    {
        null => "",
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        JsonArray lines => string.Concat(lines.Select(line => Lines(line, what))),
        _ => throw NotANotebook($"{what} must be text or a list of lines"),
    };

    private string? String(JsonObject parent, string key) => parent[key] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        _ => throw NotANotebook($"\"{key}\" must be text"),
    };

    private int? Integer(JsonObject parent, string key) => parent[key] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<int>(out var number) => number,
        _ => throw NotANotebook($"\"{key}\" must be a whole number"),
    };

    /// <summary>A copy, because a node has one parent and the document outlives the tree it was read from.</summary>
    private JsonObject? Object(JsonObject parent, string key) => parent[key] switch
    {
        null => null,
        JsonObject value => value.DeepClone().AsObject(),
        _ => throw NotANotebook($"\"{key}\" must be an object"),
    };

    private NotebookException NotANotebook(string what) =>
        new($"{_name}: JSON, but not a notebook: {what}. Take a fresh copy, or save it again in Jupyter.");
}
