using System.Collections.Concurrent;
using System.Net;

namespace CourseKit.Host.Zmtp;

/// <summary>Sends to every peer the messages whose first frame begins as the peer has subscribed.</summary>
/// <inheritdoc cref="ZmtpSocket(string, EndPoint, Action{string})"/>
internal sealed class PublisherSocket(EndPoint address, Action<string> log) : ZmtpSocket("PUB", address, log)
{
    private const int MostTopics = 1000;

    private readonly ConcurrentDictionary<ZmtpConnection, byte[][]> _topics = [];

    /// <summary>Sends a message; whoever calls keeps the order.</summary>
    /// <param name="frames">Topic first.</param>
    public void Publish(params IReadOnlyList<byte[]> frames)
    {
        ReadOnlyMemory<byte>? encoded = null;
        foreach (var (connection, topics) in _topics)
        {
            if (topics.Any(topic => frames[0].AsSpan().StartsWith(topic)))
                connection.Send(encoded ??= ZmtpConnection.Encode(frames));
        }
    }

    protected override async Task ServeAsync(ZmtpConnection connection)
    {
        try
        {
            while (await connection.ReceiveAsync() is { } message)
            {
                if (message is not [[0 or 1, ..] subscription])
                    continue;
                var (topics, topic) = (_topics.GetValueOrDefault(connection, []).ToList(), subscription[1..]);
                // As often as a peer has subscribed to a topic, it has to take that back.
                if (subscription[0] == 1)
                    topics.Add(topic);
                else if (topics.FindIndex(known => known.AsSpan().SequenceEqual(topic)) is >= 0 and var at)
                    topics.RemoveAt(at);
                if (topics.Count > MostTopics)
                    throw new ZmtpException($"more than {MostTopics} subscriptions");
                _topics[connection] = [.. topics];
            }
        }
        finally
        {
            _topics.TryRemove(connection, out _);
        }
    }
}
