using System.Text;
using System.Text.Json.Nodes;
using CourseKit.Host.Zmtp;

namespace CourseKit.Host.Jupyter;

/// <summary>The five sockets of a kernel. What comes in is checked here; what goes out is signed here.</summary>
internal sealed class KernelChannels : IAsyncDisposable
{
    private readonly KernelLog _log;
    private readonly MessageCodec _codec;
    private readonly RouterSocket _shell, _control, _stdin;
    private readonly PublisherSocket _publisher;
    private readonly EchoSocket _heartbeat;
    private readonly Lock _publishing = new();

    /// <summary>Opens all of them.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="request">Gets a request, and whether it came where requests cannot wait; on any thread.</param>
    /// <param name="input">Gets an input_reply.</param>
    /// <param name="log">Gets a line about what is passed over.</param>
    /// <exception cref="System.Net.Sockets.SocketException">An address is taken, or is not this machine's.</exception>
    public KernelChannels(ConnectionFile connection, Func<JupyterMessage, bool, ValueTask> request, Action<JupyterMessage> input, KernelLog log)
    {
        (_log, _codec) = (log, new MessageCodec(connection.Key));
        _heartbeat = new(connection.Heartbeat, log.Write);
        _publisher = new(connection.Publish, log.Write);
        _stdin = Router(connection.Stdin, message =>
        {
            input(message);
            return ValueTask.CompletedTask;
        });
        _control = Router(connection.Control, message => request(message, true));
        _shell = Router(connection.Shell, message => request(message, false));
    }

    /// <summary>Answers a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="isControl">Where it came.</param>
    /// <param name="content">Of the reply, whose type is the request's.</param>
    public void Reply(JupyterMessage request, bool isControl, JsonObject content) => (isControl ? _control : _shell).Send(
        request.Sender, _codec.Encode(request.Type.Replace("_request", "_reply", StringComparison.Ordinal), content, request.Header));

    /// <summary>Sends to everybody who listens; the order is kept.</summary>
    /// <param name="type">Such as "stream".</param>
    /// <param name="content">Of the message.</param>
    /// <param name="parent">The header of the request that it belongs to; null for none.</param>
    public void Publish(string type, JsonObject content, JsonObject? parent)
    {
        lock (_publishing)
            _publisher.Publish(_codec.Encode(type, content, parent, Encoding.UTF8.GetBytes(type)));
    }

    /// <summary>Asks one client for input.</summary>
    /// <param name="request">The request that is being executed.</param>
    /// <param name="content">prompt and password.</param>
    /// <returns>Whether the client can be asked.</returns>
    public bool AskForInput(JupyterMessage request, JsonObject content) =>
        _stdin.Send(request.Sender, _codec.Encode("input_request", content, request.Header));

    public async ValueTask DisposeAsync()
    {
        var limit = TimeSpan.FromSeconds(1);
        await Task.WhenAll(_publisher.FlushAsync(limit), _shell.FlushAsync(limit), _control.FlushAsync(limit));
        foreach (var socket in (ZmtpSocket[])[_shell, _control, _stdin, _publisher, _heartbeat])
            await socket.DisposeAsync();
    }

    private RouterSocket Router(System.Net.EndPoint address, Func<JupyterMessage, ValueTask> receive) => new(address, async (sender, frames) =>
    {
        JupyterMessage message;
        try
        {
            message = _codec.Decode(sender, frames);
        }
        catch (JupyterException e)
        {
            _log.Write($"{e.Message}; it is passed over");
            return;
        }
        await receive(message);
    }, _log.Write);
}
