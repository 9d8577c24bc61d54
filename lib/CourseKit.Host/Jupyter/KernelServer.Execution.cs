using System.Text.Json.Nodes;
using System.Threading.Channels;
using CourseKit.Host.Notebooks;

namespace CourseKit.Host.Jupyter;

/// <summary>Execution: cells in, outputs out, input asked for on the way.</summary>
internal sealed partial class KernelServer
{
    private readonly Channel<JupyterMessage> _answers = Channel.CreateUnbounded<JupyterMessage>();
    private Task _executing = Task.CompletedTask;
    private JupyterMessage? _request;
    private bool _isSilent;
    private int _count;
    private long _abortedTo;

    private async Task ExecuteAsync(Arrived arrived)
    {
        var request = arrived.Message;
        if (arrived.Number <= _abortedTo)
        {
            _channels.Reply(request, false, new() { ["status"] = "aborted" });
            return;
        }
        var code = request.Text("code");
        var isSilent = request.Flag("silent");
        if (!isSilent && request.Flag("store_history", true) && !string.IsNullOrWhiteSpace(code))
            _history.Add(++_count, code);
        if (!isSilent)
            _channels.Publish("execute_input", new() { ["code"] = code, ["execution_count"] = _count }, request.Header);

        (_request, _isSilent) = (request, isSilent);
        var running = _session.ExecuteAsync(code, Math.Max(1, _count));
        _executing = running;
        var result = await running;
        if (result.Error is { } error)
        {
            // Cells that were sent together with this one and wait behind it build on it.
            if (request.Flag("stop_on_error", true))
                _abortedTo = Interlocked.Read(ref _arrived);
            _channels.Reply(request, false, new()
            {
                ["status"] = "error",
                ["execution_count"] = _count,
                ["ename"] = error.Name,
                ["evalue"] = error.Message,
                ["traceback"] = Traceback(error),
            });
            return;
        }
        _channels.Reply(request, false, new()
        {
            ["status"] = "ok",
            ["execution_count"] = _count,
            ["payload"] = new JsonArray(),
            ["user_expressions"] = await ExpressionsAsync(request.Content["user_expressions"] as JsonObject),
        });
    }

    // What a front end wants to know besides, without a trace in the notebook.
    private async Task<JsonObject> ExpressionsAsync(JsonObject? expressions)
    {
        var (values, isSilent) = (new JsonObject(), _isSilent);
        _isSilent = true;
        foreach (var (name, expression) in expressions ?? [])
        {
            var result = await _session.ExecuteAsync(expression?.ToString() ?? "", Math.Max(1, _count), keep: false);
            values[name] = result switch
            {
                { Error: { } error } => new JsonObject { ["status"] = "error", ["ename"] = error.Name, ["evalue"] = error.Message, ["traceback"] = Traceback(error) },
                { Value: { } value } => new JsonObject { ["status"] = "ok", ["data"] = Data(value), ["metadata"] = new JsonObject() },
                _ => new JsonObject { ["status"] = "ok", ["data"] = new JsonObject(), ["metadata"] = new JsonObject() },
            };
        }
        // What a task of the cell writes later is shown.
        _isSilent = isSilent;
        return values;
    }

    private void Output(CellOutput output)
    {
        if (_isSilent)
            return;
        var (type, content) = output switch
        {
            StreamOutput stream => ("stream", new JsonObject { ["name"] = stream.Name, ["text"] = stream.Text }),
            DisplayUpdate { Display: var display } => ("update_display_data", Shown(display)),
            DisplayOutput { ExecutionCount: { } count } result => ("execute_result", new() { ["execution_count"] = count, ["data"] = Data(result), ["metadata"] = result.Metadata.DeepClone() }),
            DisplayOutput display => ("display_data", Shown(display)),
            ErrorOutput error => ("error", new() { ["ename"] = error.Name, ["evalue"] = error.Message, ["traceback"] = Traceback(error) }),
            _ => throw new ArgumentException($"An output of type {output.GetType().Name} has no message.", nameof(output)),
        };
        _channels.Publish(type, content, _request?.Header);

        static JsonObject Shown(DisplayOutput display) => new()
        {
            ["data"] = Data(display),
            ["metadata"] = display.Metadata.DeepClone(),
            ["transient"] = display.DisplayId is { } id ? new JsonObject { ["display_id"] = id } : [],
        };
    }

    private string Ask(string prompt, bool password)
    {
        while (_answers.Reader.TryRead(out _))
        {
            // An answer to what was asked before an interruption.
        }
        var request = _request;
        if (request is null || !request.Flag("allow_stdin", true) || !_channels.AskForInput(request, new() { ["prompt"] = prompt, ["password"] = password }))
            throw new InvalidOperationException("input: this front end cannot be asked. Give the value in the code, or run the cell in Jupyter.");
        return _answers.Reader.ReadAsync(Training.Interrupt.Token).AsTask().GetAwaiter().GetResult().Text("value");
    }

    // Jupyter shows the traceback alone: what went wrong stands out in it, where it happened does not.
    private static JsonArray Traceback(ErrorOutput error) => Lines(error.Traceback.Select(line => line.StartsWith(' ') ? line : $"\e[31m{line}\e[0m"));

    private static JsonObject Data(DisplayOutput display) =>
        new(display.Data.Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));

    private static JsonArray Lines(IEnumerable<string> lines) => [.. lines.Select(line => (JsonNode)JsonValue.Create(line))];
}
