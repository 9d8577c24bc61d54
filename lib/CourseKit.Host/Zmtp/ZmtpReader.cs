using System.Buffers;
using System.Buffers.Binary;

namespace CourseKit.Host.Zmtp;

/// <summary>
/// Reads what a peer sends, believing nothing: every length is held to a limit, and memory grows only with what has arrived.
/// ZeroMQ Message Transport Protocol 3.0, rfc.zeromq.org/spec/23.
/// </summary>
/// <param name="stream">From the peer.</param>
/// <param name="mostBytes">The greatest size of a message, all its frames together.</param>
internal sealed class ZmtpReader(Stream stream, int mostBytes = ZmtpReader.MostBytes)
{
    /// <summary>More than any notebook sends to its kernel.</summary>
    public const int MostBytes = 64 << 20;

    /// <summary>What a frame costs beside its body, so that a message of countless empty frames has an end too.</summary>
    private const int FrameBytes = 64;

    private const int GreetingBytes = 64, ChunkBytes = 1 << 16;

    private readonly byte[] _head = new byte[9];

    /// <summary>Reads the greeting, 64 bytes: signature, version, mechanism.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="ZmtpException">Not ZMTP, older than 3.0, or another mechanism than NULL.</exception>
    /// <exception cref="EndOfStreamException">The peer left.</exception>
    public async Task ReadGreetingAsync(CancellationToken cancellation)
    {
        var greeting = new byte[GreetingBytes];
        // An older peer never sends more than this, and would be waited for in vain.
        await stream.ReadExactlyAsync(greeting.AsMemory(0, 11), cancellation);
        if (greeting[0] != 0xFF || greeting[9] != 0x7F)
            throw new ZmtpException("the greeting is not ZMTP's");
        if (greeting[10] < 3)
            throw new ZmtpException($"ZMTP version {greeting[10]}, but this end speaks 3");
        await stream.ReadExactlyAsync(greeting.AsMemory(11), cancellation);
        var mechanism = greeting.AsSpan(12, 20);
        if (!mechanism.StartsWith("NULL"u8) || mechanism[4..].ContainsAnyExcept((byte)0))
            throw new ZmtpException("the mechanism is not NULL");
    }

    /// <summary>Reads one frame.</summary>
    /// <param name="room">How many bytes its body may have.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The frame; null when the peer left between two frames.</returns>
    /// <exception cref="ZmtpException">Unknown flags, or too long.</exception>
    /// <exception cref="EndOfStreamException">The peer left in the middle of it.</exception>
    public async Task<ZmtpFrame?> ReadFrameAsync(int room, CancellationToken cancellation)
    {
        if (await stream.ReadAtLeastAsync(_head.AsMemory(0, 1), 1, throwOnEndOfStream: false, cancellation) == 0)
            return null;
        var flags = _head[0];
        var (more, isLong, isCommand) = ((flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0);
        if (flags > 7 || (more && isCommand))
            throw new ZmtpException($"a frame has the flags {flags}");
        await stream.ReadExactlyAsync(_head.AsMemory(1, isLong ? 8 : 1), cancellation);
        var length = isLong ? BinaryPrimitives.ReadUInt64BigEndian(_head.AsSpan(1)) : _head[1];
        if (length > (ulong)Math.Max(0, room))
            throw new ZmtpException($"a frame of {length} bytes is longer than may come");
        return new(await ReadBodyAsync((int)length, cancellation), more, isCommand);
    }

    /// <summary>Reads the next whole message, or a command alone.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The frames of a message, or one command; null when the peer left.</returns>
    /// <exception cref="ZmtpException">A frame is wrong, the message is too long, or a command stands inside it.</exception>
    /// <exception cref="EndOfStreamException">The peer left in the middle of it.</exception>
    public async Task<IReadOnlyList<ZmtpFrame>?> ReadMessageAsync(CancellationToken cancellation)
    {
        var frames = new List<ZmtpFrame>();
        for (var room = mostBytes; ;)
        {
            if (await ReadFrameAsync(room, cancellation) is not { } frame)
                return frames.Count == 0 ? null : throw new EndOfStreamException();
            if (frame.IsCommand && frames.Count > 0)
                throw new ZmtpException("a command stands inside a message");
            frames.Add(frame);
            if (!frame.More)
                return frames;
            room -= frame.Body.Length + FrameBytes;
        }
    }

    // A length that was only announced takes no memory.
    private async Task<byte[]> ReadBodyAsync(int length, CancellationToken cancellation)
    {
        if (length <= ChunkBytes)
        {
            var body = length == 0 ? [] : new byte[length];
            await stream.ReadExactlyAsync(body, cancellation);
            return body;
        }
        var arrived = new ArrayBufferWriter<byte>(ChunkBytes);
        while (arrived.WrittenCount < length)
        {
            var chunk = Math.Min(length - arrived.WrittenCount, Math.Max(ChunkBytes, arrived.WrittenCount));
            await stream.ReadExactlyAsync(arrived.GetMemory(chunk)[..chunk], cancellation);
            arrived.Advance(chunk);
        }
        return arrived.WrittenSpan.ToArray();
    }
}
