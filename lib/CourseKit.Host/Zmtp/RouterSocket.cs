using System.Collections.Concurrent;
using System.Net;

namespace CourseKit.Host.Zmtp;

/// <summary>Takes messages from many peers and answers each by its identity.</summary>
/// <param name="address">The address, and no other.</param>
/// <param name="receive">Gets the peer's identity and a message, on any thread; the peer's next message waits until it is done.</param>
/// <param name="log">Gets a line about a peer that is turned away.</param>
internal sealed class RouterSocket(EndPoint address, Func<byte[], byte[][], ValueTask> receive, Action<string> log) : ZmtpSocket("ROUTER", address, log)
{
    private readonly ConcurrentDictionary<string, ZmtpConnection> _peers = [];
    private int _nameless;

    /// <summary>Sends a message to a peer; one that is not connected gets nothing.</summary>
    /// <param name="identity">Whom to.</param>
    /// <param name="frames">The message.</param>
    /// <returns>Whether the peer is connected.</returns>
    public bool Send(byte[] identity, params IReadOnlyList<byte[]> frames)
    {
        if (!_peers.TryGetValue(Convert.ToHexString(identity), out var connection))
            return false;
        connection.Send(ZmtpConnection.Encode(frames));
        return true;
    }

    protected override async Task ServeAsync(ZmtpConnection connection)
    {
        byte[] identity = connection.Identity.Length > 0 ? connection.Identity : [0, .. BitConverter.GetBytes(Interlocked.Increment(ref _nameless))];
        // A peer that lost its connection comes back under its name before the loss is noticed here.
        _peers[Convert.ToHexString(identity)] = connection;
        try
        {
            while (await connection.ReceiveAsync() is { } message)
                await receive(identity, message);
        }
        finally
        {
            _peers.TryRemove(KeyValuePair.Create(Convert.ToHexString(identity), connection));
        }
    }
}
