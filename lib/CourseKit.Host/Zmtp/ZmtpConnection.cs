using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Threading.Channels;

namespace CourseKit.Host.Zmtp;

/// <summary>One peer: the handshake, then whole messages both ways. Sending waits for nothing but a peer that does not read.</summary>
internal sealed class ZmtpConnection : IDisposable
{
    /// <summary>So much may wait for a slow peer before whoever sends waits too.</summary>
    private const long MostQueuedBytes = 16 << 20;

    /// <summary>So long a peer may read nothing while so much waits; then it is taken for gone.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly Dictionary<string, string[]> Peers = new()
    {
        ["ROUTER"] = ["DEALER", "REQ", "ROUTER"],
        ["REP"] = ["REQ", "DEALER"],
        ["PUB"] = ["SUB", "XSUB"],
    };

    private readonly Stream _stream;
    private readonly ZmtpReader _reader;
    private readonly Channel<ReadOnlyMemory<byte>> _outgoing = Channel.CreateUnbounded<ReadOnlyMemory<byte>>(new() { SingleReader = true });
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _drained = new(0);
    private readonly CancellationTokenSource _closed = new();
    private long _queued;

    private ZmtpConnection(Stream stream) => (_stream, _reader) = (stream, new ZmtpReader(new BufferedStream(stream, 1 << 14)));

    /// <summary>Who the peer says it is; empty when it says nothing.</summary>
    public byte[] Identity { get; private set; } = [];

    /// <summary>Greets a peer that has just connected.</summary>
    /// <param name="stream">Both ways; disposed with the connection.</param>
    /// <param name="socketType">This end: ROUTER, REP or PUB.</param>
    /// <param name="cancellation">Ends the wait for a peer that says nothing.</param>
    /// <exception cref="ZmtpException">It does not speak ZMTP 3.0, or is of a kind that does not belong here.</exception>
    /// <exception cref="IOException">It left.</exception>
    public static async Task<ZmtpConnection> AcceptAsync(Stream stream, string socketType, CancellationToken cancellation)
    {
        var connection = new ZmtpConnection(stream);
        try
        {
            var greeting = new byte[64];
            (greeting[0], greeting[9], greeting[10]) = (0xFF, 0x7F, 3);
            "NULL"u8.CopyTo(greeting.AsSpan(12));
            await stream.WriteAsync(greeting, cancellation);
            await connection._reader.ReadGreetingAsync(cancellation);
            await stream.WriteAsync(Encode([ZmtpCommand.Ready(socketType)], isCommand: true), cancellation);
            await connection.ReadReadyAsync(socketType, cancellation);
            _ = Task.Run(connection.WriteAsync, CancellationToken.None);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Waits for the next message; answers a peer that only asks whether this end is alive.</summary>
    /// <returns>Its frames, or null when the peer left or this end is disposed.</returns>
    /// <exception cref="ZmtpException">The peer sent nonsense.</exception>
    public async Task<byte[][]?> ReceiveAsync()
    {
        while (true)
        {
            try
            {
                if (await _reader.ReadMessageAsync(_closed.Token) is not { } frames)
                    return null;
                if (!frames[0].IsCommand)
                    return [.. frames.Select(frame => frame.Body)];
                if (Answer(ZmtpCommand.Parse(frames[0].Body)) is { } subscription)
                    return [subscription];
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
            {
                return null;
            }
        }
    }

    /// <summary>A message as it goes over the wire.</summary>
    /// <param name="frames">At least one.</param>
    public static ReadOnlyMemory<byte> Encode(params IReadOnlyList<byte[]> frames) => Encode(frames, isCommand: false);

    /// <summary>Sends a message; order is kept. A peer that has gone gets nothing, and one that reads nothing for long is taken for gone.</summary>
    /// <param name="encoded">What <see cref="Encode(IReadOnlyList{byte[]})"/> made.</param>
    public void Send(ReadOnlyMemory<byte> encoded)
    {
        lock (_gate)
        {
            while (Interlocked.Read(ref _queued) > MostQueuedBytes && !_closed.IsCancellationRequested)
            {
                if (!_drained.Wait(Patience))
                    Dispose();
            }
            if (_closed.IsCancellationRequested)
                return;
            Interlocked.Add(ref _queued, encoded.Length);
            _outgoing.Writer.TryWrite(encoded);
        }
    }

    /// <summary>Waits until everything is on its way, a short time at most.</summary>
    /// <param name="limit">How long.</param>
    public async Task FlushAsync(TimeSpan limit)
    {
        for (var end = DateTime.UtcNow + limit; Interlocked.Read(ref _queued) > 0 && !_closed.IsCancellationRequested && DateTime.UtcNow < end;)
            await Task.Delay(5, CancellationToken.None);
    }

    public void Dispose()
    {
        if (_closed.IsCancellationRequested)
            return;
        // Not by this thread, which may hold a lock that whoever waits for this connection needs.
        _ = _closed.CancelAsync();
        _outgoing.Writer.TryComplete();
        _stream.Dispose();
        _drained.Release();
    }

    private async Task ReadReadyAsync(string socketType, CancellationToken cancellation)
    {
        if (await _reader.ReadFrameAsync(1 << 12, cancellation) is not { } frame)
            throw new EndOfStreamException();
        if (!frame.IsCommand || ZmtpCommand.Parse(frame.Body) is not ("READY", var data))
            throw new ZmtpException("the handshake does not begin with READY");
        var properties = ZmtpCommand.Properties(data);
        var type = properties.TryGetValue("Socket-Type", out var value) ? Encoding.ASCII.GetString(value) : "";
        if (!Peers[socketType].Contains(type))
            throw new ZmtpException($"a socket of type \"{type}\" cannot talk to a {socketType}");
        Identity = properties.GetValueOrDefault("Identity", []);
        if (Identity.Length > 255)
            throw new ZmtpException("an identity is longer than 255 bytes");
    }

    // A 3.1 peer may subscribe by command: as a message of 3.0 then. Commands that are not known are passed over, as the protocol wants.
    private byte[]? Answer((string Name, ReadOnlyMemory<byte> Data) command)
    {
        switch (command.Name)
        {
            case "SUBSCRIBE":
                return [1, .. command.Data.Span];
            case "CANCEL":
                return [0, .. command.Data.Span];
            case "PING" when command.Data.Length >= 2:
                Send(Encode([[4, .. "PONG"u8, .. command.Data.Span[2..Math.Min(command.Data.Length, 18)]]], isCommand: true));
                return null;
            case "ERROR":
                throw new ZmtpException("the peer reports an error");
            default:
                return null;
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            await foreach (var encoded in _outgoing.Reader.ReadAllAsync(_closed.Token))
            {
                await _stream.WriteAsync(encoded, _closed.Token);
                Interlocked.Add(ref _queued, -encoded.Length);
                if (_drained.CurrentCount == 0)
                    _drained.Release();
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            Dispose();
        }
    }

    private static ReadOnlyMemory<byte> Encode(IReadOnlyList<byte[]> frames, bool isCommand)
    {
        var message = new ArrayBufferWriter<byte>(frames.Sum(frame => frame.Length + 9));
        for (var i = 0; i < frames.Count; i++)
        {
            var (body, flags) = (frames[i], (i < frames.Count - 1 ? 1 : 0) | (isCommand ? 4 : 0));
            if (body.Length < 256)
                message.Write([(byte)flags, (byte)body.Length]);
            else
            {
                message.Write([(byte)(flags | 2)]);
                BinaryPrimitives.WriteInt64BigEndian(message.GetSpan(8), body.Length);
                message.Advance(8);
            }
            message.Write(body);
        }
        return message.WrittenMemory;
    }
}
