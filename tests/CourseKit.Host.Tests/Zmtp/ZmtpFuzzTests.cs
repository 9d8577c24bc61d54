using System.Diagnostics;
using System.Net;
using CourseKit.Host.Zmtp;

namespace CourseKit.Host.Tests.Zmtp;

/// <summary>Conversations with every kind of damage: the parser ends each with a message, an end or one kind of exception, soon, and with memory for what came.</summary>
public sealed class ZmtpFuzzTests
{
    private static readonly string[] Types = ["DEALER", "REQ", "SUB", "ROUTER", "XSUB", "PUB", ""];

    [Fact]
    public async Task Parser_DamagedConversations_EndInOrder() => await Parse(seed: 1, new Stretch(TimeSpan.FromSeconds(5)));

    [Fact]
    [Trait("Category", "Long")]
    public async Task Parser_DamagedConversationsForMinutes_EndInOrder()
    {
        var parsed = await Parse(seed: Environment.TickCount, new Stretch(TimeSpan.FromMinutes(3)));
        Assert.True(parsed > 100_000, $"only {parsed} conversations");
    }

    [Fact]
    public async Task Sockets_DamagedConversations_ServeTheNextPeer() => await Converse(seed: 1, new Stretch(TimeSpan.FromSeconds(5)));

    [Fact]
    [Trait("Category", "Long")]
    public async Task Sockets_DamagedConversationsForMinutes_ServeTheNextPeer() =>
        await Converse(seed: Environment.TickCount, new Stretch(TimeSpan.FromMinutes(2)));

    private static async Task<long> Parse(int seed, Stretch time)
    {
        var random = new Random(seed);
        var parsed = 0L;
        for (; time.IsRunning; parsed++)
        {
            var bytes = Damaged(random);
            using var limit = new CancellationTokenSource(10_000);
            // The stream never waits, so all of it happens on this thread.
            var messages = 0;
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                using var connection = await ZmtpConnection.AcceptAsync(new OneWay(bytes, random.Next()), "ROUTER", limit.Token);
                while (await connection.ReceiveAsync() is { } message)
                {
                    messages++;
                    Assert.True(message.Sum(frame => frame.Length) <= bytes.Length);
                }
            }
            catch (Exception e) when (e is ZmtpException or EndOfStreamException)
            {
                // What a peer may bring about.
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, conversation {parsed}: {e}\n{Convert.ToHexString(bytes)}");
            }
            Assert.False(limit.IsCancellationRequested, $"seed {seed}, conversation {parsed} did not end\n{Convert.ToHexString(bytes)}");
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (1 << 20) + 16 * bytes.Length + 1000 * messages);
        }
        return parsed;
    }

    private static async Task Converse(int seed, Stretch time)
    {
        var random = new Random(seed);
        RouterSocket? router = null;
        await using (router = new RouterSocket(new IPEndPoint(IPAddress.Loopback, 0), (sender, message) =>
        {
            router!.Send(sender, message);
            return ValueTask.CompletedTask;
        }, _ => { }))
        {
            while (time.IsRunning)
            {
                var peers = new List<ZmtpPeer>();
                for (var i = 0; i < 8; i++)
                {
                    var peer = await ZmtpPeer.ConnectAsync(router.Address);
                    peers.Add(peer);
                    try
                    {
                        await peer.SendAsync(Damaged(random));
                    }
                    catch (IOException)
                    {
                        // It was hung up on already.
                    }
                }
                peers.ForEach(peer => peer.Dispose());
                using var good = await ZmtpPeer.ConnectAsync(router.Address, "DEALER", "good");
                await good.SendAsync(ZmtpPeer.Message([1, 2], [3]));
                Assert.Equal([[1, 2], [3]], await good.ReadMessageAsync());
            }
        }
    }

    private static byte[] Damaged(Random random)
    {
        var bytes = new List<byte>();
        bytes.AddRange(ZmtpPeer.Greeting(minor: (byte)random.Next(3)));
        bytes.AddRange(ZmtpPeer.Ready(random.Next(3) > 0 ? "DEALER" : Types[random.Next(Types.Length)], random.Next(2) == 0 ? "" : new string('i', random.Next(300))));
        for (var i = random.Next(6); i > 0; i--)
            bytes.AddRange(random.Next(4) == 0
                ? ZmtpPeer.Frame(4, [4, .. "PING"u8, 0, 1, .. new byte[random.Next(20)]])
                : ZmtpPeer.Message([.. Enumerable.Range(0, 1 + random.Next(4)).Select(_ => new byte[random.Next(3) switch { 0 => 0, 1 => random.Next(300), _ => random.Next(70_000) }])]));
        for (var damage = random.Next(5); damage > 0 && bytes.Count > 0; damage--)
        {
            var at = random.Next(3) == 0 ? random.Next(bytes.Count) : random.Next(Math.Min(bytes.Count, 200));
            var count = Math.Min(bytes.Count - at, 1 + random.Next(1 << random.Next(10)));
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, count);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, count));
                    break;
                case 4:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    // A long length out of nowhere.
                    bytes.InsertRange(at, [(byte)(2 | random.Next(8)), .. Enumerable.Range(0, 8).Select(_ => (byte)(random.Next(3) == 0 ? random.Next(256) : 0))]);
                    break;
            }
        }
        return [.. bytes];
    }

    private sealed class Stretch(TimeSpan length)
    {
        private readonly long _start = Stopwatch.GetTimestamp();

        public bool IsRunning => Stopwatch.GetElapsedTime(_start) < length;
    }

    /// <summary>Hands out what a peer sent, a few bytes at a time or many, and takes whatever is written.</summary>
    private sealed class OneWay(byte[] bytes, int seed) : Stream
    {
        private readonly Random _random = new(seed);
        private int _at;

        public override bool CanRead => true;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var count = Math.Min(Math.Min(buffer.Length, bytes.Length - _at), _random.Next(2) == 0 ? 1 + _random.Next(7) : int.MaxValue);
            bytes.AsSpan(_at, count).CopyTo(buffer);
            _at += count;
            return count;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

        public override void Write(byte[] buffer, int offset, int count)
        {
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => default;

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
