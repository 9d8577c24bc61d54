using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CourseKit.Host.Execution;
using CourseKit.Host.Tests.Zmtp;

namespace CourseKit.Host.Tests.Jupyter;

/// <summary>A message as a client sees it.</summary>
internal sealed record Received(string Type, JsonObject Content, string ParentId)
{
    public string Text(string member) => (string)Content[member]!;
}

/// <summary>A kernel in a process of its own, and a client of it: signatures, sockets and all, on nothing of the kernel's own code.</summary>
internal sealed class KernelClient : IAsyncDisposable
{
    public const string Key = "a0436f6c-1916-498b-8eb9-e81ab9368e84";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder;
    private readonly ConcurrentQueue<string> _log = [];
    private readonly List<ZmtpPeer> _peers = [];
    private readonly Dictionary<string, BlockingCollection<Received>> _received = [];
    private readonly string _key;
    private int _requests;

    private KernelClient(TemporaryFolder folder, Process process, Dictionary<string, EndPoint> addresses, string key) =>
        (_folder, Process, Addresses, _key) = (folder, process, addresses, key);

    public Process Process { get; }

    public Dictionary<string, EndPoint> Addresses { get; }

    /// <summary>Lines that the kernel wrote for whoever runs it.</summary>
    public IReadOnlyCollection<string> Log => _log;

    /// <summary>Starts a kernel and connects to it.</summary>
    public static async Task<KernelClient> StartAsync(string ip = "127.0.0.1", string transport = "tcp", string key = Key, string? parent = null)
    {
        var folder = new TemporaryFolder();
        var names = new[] { "shell", "control", "stdin", "iopub", "hb" };
        var ports = transport == "tcp" ? FreePorts(names.Length, ip) : [1, 2, 3, 4, 5];
        var file = new JsonObject { ["transport"] = transport, ["ip"] = transport == "tcp" ? ip : folder["k"], ["key"] = key, ["signature_scheme"] = "hmac-sha256" };
        foreach (var (name, port) in names.Zip(ports))
            file[$"{name}_port"] = port;
        File.WriteAllText(folder["connection.json"], file.ToJsonString());

        var start = DotnetCommand.ThisProgram("serve-kernel", folder["connection.json"]);
        start.WorkingDirectory = folder.Path;
        start.RedirectStandardError = start.RedirectStandardOutput = true;
        if (parent is not null)
            start.Environment["JPY_PARENT_PID"] = parent;
        var client = new KernelClient(folder, Process.Start(start)!, names.Zip(ports).ToDictionary(pair => pair.First,
            pair => transport == "tcp" ? (EndPoint)new IPEndPoint(IPAddress.Parse(ip), pair.Second) : new UnixDomainSocketEndPoint(folder["k-" + pair.Second])), key);
        client.Process.ErrorDataReceived += (_, data) => client.Note(data.Data);
        client.Process.OutputDataReceived += (_, data) => client.Note(data.Data);
        client.Process.BeginErrorReadLine();
        client.Process.BeginOutputReadLine();
        await client.ConnectAsync();
        return client;
    }

    /// <summary>Connects all of a client's sockets, once more when called again.</summary>
    public async Task ConnectAsync(string identity = "client")
    {
        foreach (var (name, type) in new[] { ("iopub", "SUB"), ("stdin", "DEALER"), ("control", "DEALER"), ("shell", "DEALER") })
        {
            var peer = await Eventually(() => ZmtpPeer.ConnectAsync(Addresses[name], type, type == "SUB" ? "" : identity));
            _peers.Add(peer);
            if (type == "SUB")
                await peer.SendAsync(ZmtpPeer.Message([1]));
            var received = _received[name] = [];
            _ = Task.Run(() => ReadAsync(peer, received));
            Shell = peer;
        }
        // The subscription has arrived once something is published.
        for (var i = 0; i < 100 && _received["iopub"].Count == 0; i++)
        {
            await RequestAsync("kernel_info_request", []);
            await Task.Delay(20);
        }
    }

    /// <summary>The connection to the shell channel.</summary>
    public ZmtpPeer Shell { get; private set; } = null!;

    /// <summary>Sends a request and gives its id.</summary>
    public async Task<string> SendAsync(string type, JsonObject content, string channel = "shell", string? key = null)
    {
        var (id, frames) = Message(type, content, key);
        await _peers[channel switch { "stdin" => ^3, "control" => ^2, _ => ^1 }].SendAsync(ZmtpPeer.Message(frames));
        return id;
    }

    /// <summary>Sends a request and waits for its reply.</summary>
    public async Task<JsonObject> RequestAsync(string type, JsonObject content, string channel = "shell")
    {
        var id = await SendAsync(type, content, channel);
        return Reply(id, channel).Content;
    }

    /// <summary>Waits for the reply to a request.</summary>
    public Received Reply(string id, string channel = "shell")
    {
        while (Next(channel) is { } message)
        {
            if (message.ParentId == id)
                return message;
        }
        throw new TimeoutException($"no reply on {channel} within {Patience.TotalSeconds} s; the kernel wrote: {string.Join("\n", _log)}");
    }

    /// <summary>The next message of a channel; null when none comes.</summary>
    public Received? Next(string channel) => _received[channel].TryTake(out var message, Patience) ? message : null;

    /// <summary>Everything that is published for a request, up to its idle.</summary>
    public List<Received> Published(string id)
    {
        var published = new List<Received>();
        while (Next("iopub") is { } message)
        {
            if (message.ParentId != id)
                continue;
            if (message.Type == "status" && message.Text("execution_state") == "idle")
                return published;
            published.Add(message);
        }
        throw new TimeoutException($"no idle within {Patience.TotalSeconds} s after {string.Join(", ", published.Select(message => message.Type))}; the kernel wrote: {string.Join("\n", _log)}");
    }

    /// <summary>Runs a cell to its end.</summary>
    public async Task<(JsonObject Reply, List<Received> Outputs)> ExecuteAsync(string code, JsonObject? more = null)
    {
        var id = await SendAsync("execute_request", Execute(code, more));
        var reply = Reply(id).Content;
        return (reply, [.. Published(id).Where(message => message.Type is not ("status" or "execute_input"))]);
    }

    /// <summary>The content of an execute_request.</summary>
    public static JsonObject Execute(string code, JsonObject? more = null)
    {
        var content = new JsonObject { ["code"] = code, ["silent"] = false, ["store_history"] = true, ["user_expressions"] = new JsonObject(), ["allow_stdin"] = true, ["stop_on_error"] = true };
        foreach (var (name, value) in more ?? [])
            content[name] = value?.DeepClone();
        return content;
    }

    /// <summary>Waits until a cell has written something.</summary>
    public void WaitForOutput(string id, string type = "stream")
    {
        while (Next("iopub") is { } message)
        {
            if (message.ParentId == id && message.Type == type)
                return;
        }
        throw new TimeoutException($"no {type} within {Patience.TotalSeconds} s; the kernel wrote: {string.Join("\n", _log)}");
    }

    /// <summary>A signed message.</summary>
    public (string Id, byte[][] Frames) Message(string type, JsonObject content, string? key = null)
    {
        var id = $"request-{Interlocked.Increment(ref _requests)}";
        var header = new JsonObject { ["msg_id"] = id, ["msg_type"] = type, ["session"] = "s", ["username"] = "u", ["version"] = "5.3", ["date"] = "2025-01-01T00:00:00.000000Z" };
        byte[][] parts = [.. new[] { header.ToJsonString(), "{}", "{}", content.ToJsonString() }.Select(Encoding.UTF8.GetBytes)];
        return (id, Sign(parts, key));
    }

    /// <summary>A message of four parts, signed.</summary>
    public byte[][] Sign(byte[][] parts, string? key = null) => ["<IDS|MSG>"u8.ToArray(), Encoding.ASCII.GetBytes(Signature(parts, key ?? _key)), .. parts];

    /// <summary>Goes without a word.</summary>
    public void Disconnect()
    {
        foreach (var peer in _peers)
            peer.Dispose();
        _peers.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        Disconnect();
        if (!Process.HasExited)
            Process.Kill(entireProcessTree: true);
        await Process.WaitForExitAsync();
        Process.Dispose();
        _folder.Dispose();
    }

    private static string Signature(byte[][] parts, string key) =>
        key.Length == 0 ? "" : Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), parts.SelectMany(part => part).ToArray()));

    private async Task ReadAsync(ZmtpPeer peer, BlockingCollection<Received> received)
    {
        try
        {
            while (true)
            {
                var frames = await peer.ReadMessageAsync(Timeout.Infinite);
                var at = Array.FindIndex(frames, frame => frame.AsSpan().SequenceEqual("<IDS|MSG>"u8));
                if (_key.Length > 0 && Encoding.ASCII.GetString(frames[at + 1]) != Signature(frames[(at + 2)..(at + 6)], _key))
                    throw new InvalidDataException("the kernel's signature is wrong");
                var (header, parent) = (JsonNode.Parse(frames[at + 2])!, JsonNode.Parse(frames[at + 3])!);
                received.Add(new((string)header["msg_type"]!, JsonNode.Parse(frames[at + 5])!.AsObject(), (string?)parent["msg_id"] ?? ""));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            received.CompleteAdding();
        }
    }

    private static async Task<T> Eventually<T>(Func<Task<T>> connect)
    {
        for (var wait = Stopwatch.StartNew(); ;)
        {
            try
            {
                return await connect();
            }
            catch (SocketException) when (wait.Elapsed < Patience)
            {
                await Task.Delay(20);
            }
        }
    }

    private static int[] FreePorts(int count, string ip)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Parse(ip), 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        listeners.ForEach(listener => listener.Stop());
        return ports;
    }

    private void Note(string? line)
    {
        if (line is not null)
            _log.Enqueue(line);
    }
}
