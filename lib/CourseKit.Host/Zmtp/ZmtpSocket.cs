using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace CourseKit.Host.Zmtp;

/// <summary>A socket that peers connect to. Its kinds differ in what they do with a connection.</summary>
internal abstract class ZmtpSocket : IAsyncDisposable
{
    private const int MostConnections = 256;

    private static readonly TimeSpan HandshakeLimit = TimeSpan.FromSeconds(10);

    private readonly string _type;
    private readonly Socket _listener;
    private readonly string? _file;
    private readonly Action<string> _log;
    private readonly ConcurrentDictionary<ZmtpConnection, bool> _connections = [];
    private readonly CancellationTokenSource _closed = new();
    private readonly Task _accepting;
    private int _open;

    /// <summary>Binds and listens.</summary>
    /// <param name="type">ROUTER, REP or PUB.</param>
    /// <param name="address">The address, and no other.</param>
    /// <param name="log">Gets a line about a peer that is turned away.</param>
    /// <exception cref="SocketException">The address is taken, or is not this machine's.</exception>
    protected ZmtpSocket(string type, EndPoint address, Action<string> log)
    {
        (_type, _log) = (type, log);
        _file = (address as UnixDomainSocketEndPoint)?.ToString();
        // What a process before this one left behind; the address of a live one would be in another connection file.
        if (_file is not null)
            File.Delete(_file);
        _listener = new Socket(address.AddressFamily, SocketType.Stream, _file is null ? ProtocolType.Tcp : ProtocolType.Unspecified);
        try
        {
            _listener.Bind(address);
            _listener.Listen();
        }
        catch
        {
            _listener.Dispose();
            throw;
        }
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>Where it listens.</summary>
    public EndPoint Address => _listener.LocalEndPoint!;

    /// <summary>The peers that are connected.</summary>
    protected IEnumerable<ZmtpConnection> Connections => _connections.Keys;

    /// <summary>Waits until everything is on its way, a short time at most.</summary>
    /// <param name="limit">How long.</param>
    public Task FlushAsync(TimeSpan limit) => Task.WhenAll(Connections.Select(connection => connection.FlushAsync(limit)));

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        _listener.Dispose();
        foreach (var connection in Connections)
            connection.Dispose();
        await _accepting;
        if (_file is not null)
            File.Delete(_file);
    }

    /// <summary>Serves a peer until it leaves.</summary>
    /// <param name="connection">After its handshake.</param>
    protected abstract Task ServeAsync(ZmtpConnection connection);

    private async Task AcceptAsync()
    {
        while (!_closed.IsCancellationRequested)
        {
            try
            {
                var peer = await _listener.AcceptAsync(_closed.Token);
                if (Interlocked.Increment(ref _open) > MostConnections)
                {
                    Interlocked.Decrement(ref _open);
                    peer.Dispose();
                    _log($"{_type}: more than {MostConnections} connections at once; one more was turned away");
                    continue;
                }
                _ = Task.Run(() => WelcomeAsync(peer));
            }
            catch (SocketException)
            {
                // A peer left before it was accepted, or this process has no file handle to spare: some will come back.
                await Task.Delay(50, CancellationToken.None);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task WelcomeAsync(Socket peer)
    {
        ZmtpConnection? connection = null;
        try
        {
            if (_file is null)
                peer.NoDelay = true;
            using (var limit = CancellationTokenSource.CreateLinkedTokenSource(_closed.Token))
            {
                limit.CancelAfter(HandshakeLimit);
                connection = await ZmtpConnection.AcceptAsync(new NetworkStream(peer, ownsSocket: true), _type, limit.Token);
            }
            _connections[connection] = true;
            if (!_closed.IsCancellationRequested)
                await ServeAsync(connection);
        }
        catch (ZmtpException e)
        {
            _log($"{_type}: a connection was closed: {e.Message}");
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // It left, or said nothing.
        }
        finally
        {
            peer.Dispose();
            Interlocked.Decrement(ref _open);
            if (connection is not null)
            {
                _connections.TryRemove(connection, out _);
                connection.Dispose();
            }
        }
    }
}
