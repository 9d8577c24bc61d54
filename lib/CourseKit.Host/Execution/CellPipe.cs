using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CourseKit.Host.Notebooks;

namespace CourseKit.Host.Execution;

/// <summary>
/// One JSON object a line between the runner and the process of a notebook. From the runner: {"cell": 3, "source": "..."}. To it:
/// {"output": ...} as nbformat writes it, any number of times, with {"display": "id", "update": true} where it has an id or replaces another output; then
/// {"done": true, "line": 2, "failed": true}.
/// </summary>
internal sealed class CellPipe : IDisposable
{
    private readonly Stream _stream;
    private readonly StreamReader _reader;

    /// <summary>Speaks over a stream, which need not be connected yet.</summary>
    /// <param name="stream">Both ways; disposed with this.</param>
    public CellPipe(Stream stream) => (_stream, _reader) = (stream, new StreamReader(stream, Encoding.UTF8));

    /// <summary>The message that carries an output.</summary>
    public static JsonObject Message(CellOutput output)
    {
        var (update, shown) = output is DisplayUpdate { Display: var display } ? (true, display) : (false, output);
        return new() { ["output"] = NotebookWriter.Output(shown), ["display"] = (shown as DisplayOutput)?.DisplayId, ["update"] = update };
    }

    /// <summary>The output in a message of <see cref="Message"/>; null in another.</summary>
    public static CellOutput? OutputIn(JsonObject message)
    {
        if (message["output"] is not { } output)
            return null;
        var read = NotebookReader.ReadOutput(output);
        if (read is not DisplayOutput display)
            return read;
        display = display with { DisplayId = (string?)message["display"] };
        return (bool)message["update"]! ? new DisplayUpdate(display) : display;
    }

    /// <summary>Sends one message.</summary>
    /// <param name="message">The message.</param>
    /// <exception cref="IOException">The other side is gone.</exception>
    public void Send(JsonObject message)
    {
        _stream.Write(Encoding.UTF8.GetBytes(message.ToJsonString() + "\n"));
        _stream.Flush();
    }

    /// <summary>Waits for one message.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The message, or null when the other side is gone.</returns>
    public async Task<JsonObject?> ReceiveAsync(CancellationToken cancellation)
    {
        try
        {
            return await _reader.ReadLineAsync(cancellation) is { } line ? JsonNode.Parse(line)!.AsObject() : null;
        }
        catch (Exception e) when (e is IOException or JsonException or ObjectDisposedException)
        {
            // The other side died in the middle of a line.
            return null;
        }
    }

    public void Dispose() => _reader.Dispose();
}
