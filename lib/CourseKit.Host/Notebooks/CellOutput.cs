using System.Text.Json.Nodes;

namespace CourseKit.Host.Notebooks;

/// <summary>One output of a code cell.</summary>
internal abstract record CellOutput;

/// <summary>Text that a cell wrote to the console.</summary>
/// <param name="Name">"stdout" or "stderr".</param>
/// <param name="Text">The text, with "\r" progress already collapsed by <see cref="StreamText"/>.</param>
internal sealed record StreamOutput(string Name, string Text) : CellOutput;

/// <summary>A displayed value or a cell's result, in one or several MIME types.</summary>
/// <param name="Data">MIME type to content: a string for text types, any JSON for "application/json" and "+json" types.</param>
/// <param name="Metadata">Per MIME type, usually empty; kept as read.</param>
/// <param name="ExecutionCount">Set for a cell's result (execute_result), null for display(x) (display_data).</param>
internal sealed record DisplayOutput(IReadOnlyDictionary<string, JsonNode?> Data, JsonObject Metadata, int? ExecutionCount) : CellOutput
{
    /// <summary>True for the value of a cell's last expression, false for something displayed on the way.</summary>
    public bool IsResult => ExecutionCount is not null;

    /// <summary>The name under which a <see cref="DisplayUpdate"/> replaces it while the notebook runs; null for an output that stays. A file does not keep it.</summary>
    public string? DisplayId { get; init; }

    /// <summary>Creates an output of text types.</summary>
    /// <param name="executionCount">The cell's number for a result, null for display(x).</param>
    /// <param name="data">MIME type and content, best first.</param>
    public static DisplayOutput Of(int? executionCount, params IEnumerable<(string MimeType, string Content)> data)
    {
        var bundle = new Dictionary<string, JsonNode?>();
        foreach (var (mimeType, content) in data)
            bundle[mimeType] = IsJson(mimeType) ? JsonNode.Parse(content) : JsonValue.Create(content);
        return new DisplayOutput(bundle, [], executionCount);
    }

    /// <summary>The content in one MIME type, or null when it is not there.</summary>
    /// <param name="mimeType">For example "text/html", "text/plain", "image/svg+xml".</param>
    public string? Text(string mimeType) => Data.TryGetValue(mimeType, out var node) && node is not null
        ? node is JsonValue value && value.TryGetValue<string>(out var text) ? text : node.ToJsonString()
        : null;

    /// <summary>True when a notebook holds this type as JSON, not as lines of text.</summary>
    internal static bool IsJson(string mimeType) => mimeType == "application/json" || mimeType.EndsWith("+json", StringComparison.Ordinal);
}

/// <summary>Takes the place of what was displayed before under the same <see cref="DisplayOutput.DisplayId"/>, in whichever cell.</summary>
/// <param name="Display">The new content, with the id.</param>
internal sealed record DisplayUpdate(DisplayOutput Display) : CellOutput;

/// <summary>An error that ended a cell.</summary>
/// <param name="Name">The exception's type, or "CompilationError".</param>
/// <param name="Message">Its message.</param>
/// <param name="Traceback">Lines of the traceback, in the cell's own line numbers.</param>
internal sealed record ErrorOutput(string Name, string Message, IReadOnlyList<string> Traceback) : CellOutput;
