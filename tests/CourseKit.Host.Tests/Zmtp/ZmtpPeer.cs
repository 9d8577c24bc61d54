using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CourseKit.Host.Tests.Zmtp;

/// <summary>The other end of a socket, written out byte by byte, so that it can also misbehave.</summary>
internal sealed class ZmtpPeer : IDisposable
{
    private readonly Socket _socket;
    private readonly NetworkStream _stream;

    private ZmtpPeer(Socket socket) => (_socket, _stream) = (socket, new NetworkStream(socket, ownsSocket: true));

    public Stream Stream => _stream;

    public Socket Socket => _socket;

    /// <summary>Connects without a word.</summary>
    public static async Task<ZmtpPeer> ConnectAsync(EndPoint address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, address is UnixDomainSocketEndPoint ? ProtocolType.Unspecified : ProtocolType.Tcp);
        await socket.ConnectAsync(address);
        return new(socket);
    }

    /// <summary>Connects and greets as a socket of a type.</summary>
    public static async Task<ZmtpPeer> ConnectAsync(EndPoint address, string type, string identity = "", byte minor = 0)
    {
        var peer = await ConnectAsync(address);
        await peer.SendAsync(Greeting(minor: minor));
        await peer.SendAsync(Ready(type, identity));
        var greeting = new byte[64];
        await peer._stream.ReadExactlyAsync(greeting);
        Assert.Equal(Greeting(), greeting);
        var (flags, body) = await peer.ReadFrameAsync();
        Assert.Equal(4, flags);
        Assert.StartsWith("\u0005READY\u000bSocket-Type", Encoding.Latin1.GetString(body), StringComparison.Ordinal);
        return peer;
    }

    public static byte[] Greeting(byte major = 3, byte minor = 0, string mechanism = "NULL")
    {
        var greeting = new byte[64];
        (greeting[0], greeting[9], greeting[10], greeting[11]) = (0xFF, 0x7F, major, minor);
        Encoding.ASCII.GetBytes(mechanism).CopyTo(greeting, 12);
        return greeting;
    }

    public static byte[] Ready(string type, string identity = "") =>
        Frame(4, [5, .. "READY"u8, .. Property("Socket-Type", type), .. identity.Length > 0 ? Property("Identity", identity) : []]);

    public static byte[] Property(string name, string value)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, value.Length);
        return [(byte)name.Length, .. Encoding.ASCII.GetBytes(name), .. length, .. Encoding.ASCII.GetBytes(value)];
    }

    public static byte[] Frame(byte flags, byte[] body)
    {
        if (body.Length < 256 && (flags & 2) == 0)
            return [flags, (byte)body.Length, .. body];
        var length = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(length, body.Length);
        return [(byte)(flags | 2), .. length, .. body];
    }

    public static byte[] Message(params IReadOnlyList<byte[]> frames) =>
        [.. frames.SelectMany((frame, i) => Frame((byte)(i < frames.Count - 1 ? 1 : 0), frame))];

    public async Task SendAsync(byte[] bytes) => await _stream.WriteAsync(bytes);

    public async Task<(byte Flags, byte[] Body)> ReadFrameAsync(int milliseconds = 30_000)
    {
        using var limit = new CancellationTokenSource(milliseconds);
        var head = new byte[9];
        await _stream.ReadExactlyAsync(head.AsMemory(0, 1), limit.Token);
        var isLong = (head[0] & 2) != 0;
        await _stream.ReadExactlyAsync(head.AsMemory(1, isLong ? 8 : 1), limit.Token);
        var body = new byte[isLong ? BinaryPrimitives.ReadInt64BigEndian(head.AsSpan(1)) : head[1]];
        await _stream.ReadExactlyAsync(body, limit.Token);
        return (head[0], body);
    }

    public async Task<byte[][]> ReadMessageAsync(int milliseconds = 30_000)
    {
        var frames = new List<byte[]>();
        while (true)
        {
            var (flags, body) = await ReadFrameAsync(milliseconds);
            frames.Add(body);
            if ((flags & 1) == 0)
                return [.. frames];
        }
    }

    /// <summary>Whether the other end has hung up, within a time.</summary>
    public async Task<bool> IsHungUpAsync(int milliseconds = 5000)
    {
        using var limit = new CancellationTokenSource(milliseconds);
        var rest = new byte[256];
        try
        {
            while (await _stream.ReadAsync(rest, limit.Token) > 0)
            {
                // What came before the end.
            }
            return true;
        }
        catch (IOException)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public void Dispose() => _stream.Dispose();
}
