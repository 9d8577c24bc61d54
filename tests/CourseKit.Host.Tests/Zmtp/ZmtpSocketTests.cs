using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CourseKit.Host.Zmtp;

namespace CourseKit.Host.Tests.Zmtp;

/// <summary>The three kinds of sockets against peers that behave and peers that do not.</summary>
public sealed class ZmtpSocketTests
{
    private static readonly IPEndPoint Anywhere = new(IPAddress.Loopback, 0);

    private readonly ConcurrentQueue<string> _log = [];

    [Fact]
    public async Task Echo_Message_ComesBackFrameByFrame()
    {
        await using var echo = new EchoSocket(Anywhere, _log.Enqueue);
        using var peer = await ZmtpPeer.ConnectAsync(echo.Address, "REQ");
        byte[][] message = [[], "ping"u8.ToArray(), new byte[300], new byte[100_000]];

        await peer.SendAsync(ZmtpPeer.Message(message));

        Assert.Equal(message, await peer.ReadMessageAsync());
    }

    [Fact]
    public async Task Router_TwoPeers_EachGetsItsAnswer()
    {
        RouterSocket? router = null;
        await using (router = new RouterSocket(Anywhere, (identity, message) =>
        {
            router!.Send(identity, [identity, .. message]);
            return ValueTask.CompletedTask;
        }, _log.Enqueue))
        {
            using var named = await ZmtpPeer.ConnectAsync(router.Address, "DEALER", "ann");
            using var nameless = await ZmtpPeer.ConnectAsync(router.Address, "DEALER");
            await named.SendAsync(ZmtpPeer.Message("one"u8.ToArray(), "two"u8.ToArray()));
            await nameless.SendAsync(ZmtpPeer.Message("three"u8.ToArray()));

            Assert.Equal(["ann", "one", "two"], (await named.ReadMessageAsync()).Select(Encoding.ASCII.GetString));
            var answer = await nameless.ReadMessageAsync();
            Assert.Equal(5, answer[0].Length);
            Assert.Equal("three", Encoding.ASCII.GetString(answer[1]));
            Assert.False(router.Send("nobody"u8.ToArray(), [1]));
        }
    }

    [Fact]
    public async Task Router_PeerThatCameBack_GetsTheAnswersUnderItsName()
    {
        await using var router = new RouterSocket(Anywhere, (_, _) => ValueTask.CompletedTask, _log.Enqueue);
        using var first = await ZmtpPeer.ConnectAsync(router.Address, "DEALER", "ann");
        Assert.True(await Eventually(() => router.Send("ann"u8.ToArray(), [1])));
        Assert.Equal([1], (await first.ReadMessageAsync())[0]);
        using var second = await ZmtpPeer.ConnectAsync(router.Address, "DEALER", "ann");
        await Task.Delay(200);
        first.Dispose();
        await Task.Delay(200);

        Assert.True(router.Send("ann"u8.ToArray(), [2]));
        Assert.Equal([2], (await second.ReadMessageAsync())[0]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Publisher_Topics_GoToThoseWhoSubscribed(byte minor)
    {
        await using var publisher = new PublisherSocket(Anywhere, _log.Enqueue);
        using var all = await ZmtpPeer.ConnectAsync(publisher.Address, "SUB", minor: minor);
        using var some = await ZmtpPeer.ConnectAsync(publisher.Address, "SUB", minor: minor);
        using var none = await ZmtpPeer.ConnectAsync(publisher.Address, "SUB", minor: minor);
        // ZMTP 3.0 subscribes by message, 3.1 by command.
        await all.SendAsync(minor == 0 ? ZmtpPeer.Message([1]) : ZmtpPeer.Frame(4, [9, .. "SUBSCRIBE"u8]));
        await some.SendAsync(minor == 0 ? ZmtpPeer.Message([1, .. "st"u8]) : ZmtpPeer.Frame(4, [9, .. "SUBSCRIBE"u8, .. "st"u8]));
        await none.SendAsync(ZmtpPeer.Message([1, .. "s"u8]));
        await none.SendAsync(ZmtpPeer.Message([0, .. "s"u8]));
        await Task.Delay(300);

        publisher.Publish("other"u8.ToArray(), [1]);
        publisher.Publish("stream"u8.ToArray(), [2]);

        Assert.Equal("other", Encoding.ASCII.GetString((await all.ReadMessageAsync())[0]));
        Assert.Equal("stream", Encoding.ASCII.GetString((await all.ReadMessageAsync())[0]));
        Assert.Equal([2], (await some.ReadMessageAsync())[1]);
        Assert.False(none.Socket.Poll(100_000, SelectMode.SelectRead));
    }

    [Fact]
    public async Task Ping_IsAnsweredWithItsContext()
    {
        await using var echo = new EchoSocket(Anywhere, _log.Enqueue);
        using var peer = await ZmtpPeer.ConnectAsync(echo.Address, "REQ");

        await peer.SendAsync(ZmtpPeer.Frame(4, [4, .. "PING"u8, 0, 10, .. "context"u8]));
        var (flags, body) = await peer.ReadFrameAsync();

        Assert.Equal(4, flags);
        Assert.Equal([4, .. "PONG"u8, .. "context"u8], body);
    }

    [Fact]
    public async Task UnknownCommand_IsPassedOver()
    {
        await using var echo = new EchoSocket(Anywhere, _log.Enqueue);
        using var peer = await ZmtpPeer.ConnectAsync(echo.Address, "REQ");

        await peer.SendAsync(ZmtpPeer.Frame(4, [3, .. "NEW"u8, 1, 2, 3]));
        await peer.SendAsync(ZmtpPeer.Message([7]));

        Assert.Equal([7], (await peer.ReadMessageAsync())[0]);
    }

    public static TheoryData<string, byte[]> Nonsense => new()
    {
        { "the greeting is not ZMTP's", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray() },
        { "ZMTP version 1, but this end speaks 3", ZmtpPeer.Greeting(major: 1)[..11] },
        { "the mechanism is not NULL", ZmtpPeer.Greeting(mechanism: "PLAIN") },
        { "the mechanism is not NULL", ZmtpPeer.Greeting(mechanism: "NULLS") },
        { "the handshake does not begin with READY", [.. ZmtpPeer.Greeting(), .. ZmtpPeer.Message([1, 2, 3])] },
        { "the handshake does not begin with READY", [.. ZmtpPeer.Greeting(), .. ZmtpPeer.Frame(4, [5, .. "HELLO"u8])] },
        { "a command has no name", [.. ZmtpPeer.Greeting(), .. ZmtpPeer.Frame(4, [])] },
        { "a command has no name", [.. ZmtpPeer.Greeting(), .. ZmtpPeer.Frame(4, [200, 1])] },
        { "a property goes beyond the end of its command", [.. ZmtpPeer.Greeting(), .. ZmtpPeer.Frame(4, [5, .. "READY"u8, 11, .. "Socket-Type"u8, 255, 255, 255, 255])] },
        { "a property goes beyond the end of its command", [.. ZmtpPeer.Greeting(), .. ZmtpPeer.Frame(4, [5, .. "READY"u8, 11, .. "Socket"u8])] },
        { "a socket of type \"SUB\" cannot talk to a REP", [.. ZmtpPeer.Greeting(), .. ZmtpPeer.Ready("SUB")] },
        { "a socket of type \"\" cannot talk to a REP", [.. ZmtpPeer.Greeting(), .. ZmtpPeer.Frame(4, [5, .. "READY"u8])] },
        { "an identity is longer than 255 bytes", [.. ZmtpPeer.Greeting(), .. ZmtpPeer.Ready("REQ", new string('x', 256))] },
        { "a frame of 5000 bytes is longer than may come", [.. ZmtpPeer.Greeting(), .. ZmtpPeer.Frame(4, new byte[5000])] },
        { "a frame has the flags 8", [.. ZmtpPeer.Greeting(), .. ZmtpPeer.Ready("REQ"), 8, 0] },
        { "a frame has the flags 5", [.. ZmtpPeer.Greeting(), .. ZmtpPeer.Ready("REQ"), 5, 0] },
        { "a command stands inside a message", [.. ZmtpPeer.Greeting(), .. ZmtpPeer.Ready("REQ"), 1, 0, 4, 1, 1] },
        { "a frame of 9223372036854775807 bytes is longer than may come", [.. ZmtpPeer.Greeting(), .. ZmtpPeer.Ready("REQ"), 2, 0x7F, 255, 255, 255, 255, 255, 255, 255] },
        { "a frame of 18446744073709551615 bytes is longer than may come", [.. ZmtpPeer.Greeting(), .. ZmtpPeer.Ready("REQ"), 2, 255, 255, 255, 255, 255, 255, 255, 255] },
        { "the peer reports an error", [.. ZmtpPeer.Greeting(), .. ZmtpPeer.Ready("REQ"), .. ZmtpPeer.Frame(4, [5, .. "ERROR"u8, 0])] },
    };

    [Theory]
    [MemberData(nameof(Nonsense))]
    public async Task Nonsense_IsHungUpOnAndLogged(string why, byte[] bytes)
    {
        await using var echo = new EchoSocket(Anywhere, _log.Enqueue);
        using var peer = await ZmtpPeer.ConnectAsync(echo.Address);

        await peer.SendAsync(bytes);

        Assert.True(await peer.IsHungUpAsync());
        Assert.True(await Eventually(() => !_log.IsEmpty));
        Assert.Equal([$"REP: a connection was closed: {why}"], _log);
        using var next = await ZmtpPeer.ConnectAsync(echo.Address, "REQ");
        await next.SendAsync(ZmtpPeer.Message([1]));
        Assert.Equal([1], (await next.ReadMessageAsync())[0]);
    }

    [Fact]
    public async Task SilentPeer_IsNotWaitedForByOthers()
    {
        await using var echo = new EchoSocket(Anywhere, _log.Enqueue);
        using var silent = await ZmtpPeer.ConnectAsync(echo.Address);
        await silent.SendAsync(ZmtpPeer.Greeting()[..20]);
        using var peer = await ZmtpPeer.ConnectAsync(echo.Address, "REQ");

        await peer.SendAsync(ZmtpPeer.Message([1]));

        Assert.Equal([1], (await peer.ReadMessageAsync())[0]);
    }

    [Fact]
    public async Task ManyConnections_AreTurnedAwayBeyondALimit()
    {
        await using var echo = new EchoSocket(Anywhere, _log.Enqueue);
        var peers = new List<ZmtpPeer>();
        for (var i = 0; i < 256; i++)
            peers.Add(await ZmtpPeer.ConnectAsync(echo.Address, "REQ"));
        using var one = await ZmtpPeer.ConnectAsync(echo.Address);

        Assert.True(await one.IsHungUpAsync());
        Assert.Equal(["REP: more than 256 connections at once; one more was turned away"], _log);
        peers.ForEach(peer => peer.Dispose());
        Assert.True(await EventuallyAsync(async () =>
        {
            using var again = await ZmtpPeer.ConnectAsync(echo.Address);
            await again.SendAsync([.. ZmtpPeer.Greeting(), .. ZmtpPeer.Ready("REQ"), .. ZmtpPeer.Message([1])]);
            return !await again.IsHungUpAsync(200);
        }));
    }

    [Fact]
    public async Task Publisher_PeerThatDoesNotRead_HoldsTheSenderUpAndIsDroppedInTheEnd()
    {
        await using var publisher = new PublisherSocket(Anywhere, _log.Enqueue);
        using var lazy = await ZmtpPeer.ConnectAsync(publisher.Address, "SUB");
        await lazy.SendAsync(ZmtpPeer.Message([1]));
        await Task.Delay(300);
        var big = new byte[4 << 20];
        var sent = Task.Run(() =>
        {
            for (var i = 0; i < 40; i++)
                publisher.Publish(big);
        });

        // 160 MB do not fit into what is kept for a peer; after its patience is over the rest goes nowhere.
        Assert.NotSame(sent, await Task.WhenAny(sent, Task.Delay(2000)));
        Assert.Same(sent, await Task.WhenAny(sent, Task.Delay(30_000)));
        using var next = await ZmtpPeer.ConnectAsync(publisher.Address, "SUB");
        await next.SendAsync(ZmtpPeer.Message([1]));
        await Task.Delay(300);
        publisher.Publish([5]);
        Assert.Equal([5], (await next.ReadMessageAsync())[0]);
    }

    [Fact]
    public async Task Publisher_SlowReader_GetsEverythingInOrder()
    {
        await using var publisher = new PublisherSocket(Anywhere, _log.Enqueue);
        using var slow = await ZmtpPeer.ConnectAsync(publisher.Address, "SUB");
        await slow.SendAsync(ZmtpPeer.Message([1]));
        await Task.Delay(300);
        var sending = Task.Run(() =>
        {
            for (var i = 0; i < 100; i++)
                publisher.Publish([(byte)i], new byte[1 << 20]);
        });

        for (var i = 0; i < 100; i++)
        {
            if (i % 10 == 0)
                await Task.Delay(50);
            Assert.Equal([(byte)i], (await slow.ReadMessageAsync())[0]);
        }
        await sending;
    }

    [Fact]
    public async Task Socket_OfALocalFile_LeavesNoFileBehind()
    {
        using var folder = new TemporaryFolder();
        var address = new UnixDomainSocketEndPoint(folder["k-1"]);
        File.WriteAllText(folder["k-1"], "left behind");
        await using (var echo = new EchoSocket(address, _log.Enqueue))
        {
            using var peer = await ZmtpPeer.ConnectAsync(address, "REQ");
            await peer.SendAsync(ZmtpPeer.Message([1]));
            Assert.Equal([1], (await peer.ReadMessageAsync())[0]);
        }

        Assert.False(File.Exists(folder["k-1"]));
    }

    [Fact]
    public async Task Socket_TakenAddress_Throws()
    {
        await using var echo = new EchoSocket(Anywhere, _log.Enqueue);

        Assert.Throws<SocketException>(() => new EchoSocket(echo.Address, _log.Enqueue));
    }

    [Fact]
    public async Task Socket_AddressOfOneThatHasJustClosed_IsFree()
    {
        // A kernel that is started again gets the ports of the one before, on which its connections still die away.
        var address = new IPEndPoint(IPAddress.Loopback, 0);
        for (var i = 0; i < 5; i++)
        {
            await using var echo = new EchoSocket(address, _log.Enqueue);
            address = (IPEndPoint)echo.Address;
            using var peer = await ZmtpPeer.ConnectAsync(address, "REQ");
            await peer.SendAsync(ZmtpPeer.Message([1]));
            Assert.Equal([1], (await peer.ReadMessageAsync())[0]);
            await echo.DisposeAsync();
            Assert.True(await peer.IsHungUpAsync());
        }
    }

    private static Task<bool> Eventually(Func<bool> condition) => EventuallyAsync(() => Task.FromResult(condition()));

    private static async Task<bool> EventuallyAsync(Func<Task<bool>> condition)
    {
        for (var i = 0; i < 100; i++)
        {
            if (await condition())
                return true;
            await Task.Delay(50);
        }
        return false;
    }
}
