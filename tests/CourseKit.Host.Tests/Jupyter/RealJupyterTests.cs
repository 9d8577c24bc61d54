using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CourseKit.Host.Execution;
using CourseKit.Host.Jupyter;

namespace CourseKit.Host.Tests.Jupyter;

/// <summary>The verbs together with the Jupyter that is installed here.</summary>
public sealed partial class RealJupyterTests : IDisposable
{
    private readonly TemporaryFolder _home = new();

    public void Dispose() => _home.Dispose();

    [JupyterFact]
    public async Task Lab_StartedAndStoppedWithCtrlC_ServesOurKernelAndLeavesNoProcess()
    {
        // .NET Interactive owns the name in the user's folder.
        JupyterUser.Foreign(_home[".local/share/jupyter/kernels"], ".net-csharp");
        var before = JupyterUser.Content(_home[".local/share/jupyter/kernels"]).ToList();
        var start = DotnetCommand.ThisProgram("lab", "--no-browser", "--port", FreePort());
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.Environment["HOME"] = _home.Path;
        foreach (var name in new[] { "JUPYTER_PATH", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_TOKEN", "XDG_DATA_HOME", "IPYTHONDIR" })
            start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        try
        {
            var address = await AddressAsync(process.StandardError);
            using var client = new HttpClient { BaseAddress = address.Url };
            client.DefaultRequestHeaders.Add("Authorization", $"token {address.Token}");
            var specs = JsonNode.Parse(await client.GetStringAsync("api/kernelspecs"))!["kernelspecs"]!;
            var spec = specs[".net-csharp"]!["spec"]!;
            Assert.Equal([DotnetCommand.Path, typeof(KernelSpec).Assembly.Location, "serve-kernel", "{connection_file}"], spec["argv"]!.AsArray().Select(word => (string)word!));
            Assert.Equal((".NET (C#)", "message"), ((string)spec["display_name"]!, (string)spec["interrupt_mode"]!));
            Assert.Equal(
                File.ReadAllBytes(Path.Combine(ProjectRoot.Find(), "lib", "CourseKit.Host", "Jupyter", "logo-64x64.png")),
                await client.GetByteArrayAsync((string)specs[".net-csharp"]!["resources"]!["logo-64x64"]!));
            Assert.Contains(JsonNode.Parse(await client.GetStringAsync("api/contents"))!["content"]!.AsArray(), file => (string)file!["name"]! == "00-start-here.ipynb");

            // As a browser does that opens the first notebook and runs a cell: the kernel works in the notebook's folder.
            using var posted = await client.PostAsJsonAsync("api/sessions", new { path = "00-start-here.ipynb", name = "", type = "notebook", kernel = new { name = ".net-csharp" } });
            Assert.Equal(HttpStatusCode.Created, posted.StatusCode);
            var kernel = (string)JsonNode.Parse(await posted.Content.ReadAsStringAsync())!["kernel"]!["id"]!;
            Assert.Equal("42", await ExecuteAsync(address.Url, address.Token, kernel, "#r \"../artifacts/kit/CourseKit.dll\"\nSystem.IO.File.Exists(\"00-start-here.ipynb\") ? 6 * 7 : 0"));
            var family = await FamilyAsync(process.Id);
            Assert.InRange(family.Count, 2, 3);

            await HostProcess.Shell($"kill -INT {process.Id}");
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
            Assert.Equal(0, process.ExitCode);
            Assert.All(family, id => Assert.Throws<ArgumentException>(() => Process.GetProcessById(id)));
            await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync("api"));
            Assert.Equal(before, JupyterUser.Content(_home[".local/share/jupyter/kernels"]));
            Assert.Equal("", await output);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    [JupyterFact]
    public async Task Install_ForTheUser_IsWhatJupyterFinds()
    {
        using var user = new JupyterUser();
        user.Variables["PATH"] = Environment.GetEnvironmentVariable("PATH")!;
        var (code, _, error) = await user.Call("kernel", "install");
        Assert.Equal((0, ""), (code, error));
        Assert.Equal(user.Data, (await JupyterFolders.SearchAsync(user.Terminal))[0]);
    }

    /// <summary>Runs a cell in a kernel over Jupyter's web socket, and gives its result as text.</summary>
    private static async Task<string> ExecuteAsync(Uri server, string token, string kernel, string code)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"token {token}");
        await socket.ConnectAsync(new Uri($"ws://{server.Authority}/api/kernels/{kernel}/channels?session_id=test"), limit.Token);
        var request = new JsonObject
        {
            ["channel"] = "shell",
            ["header"] = new JsonObject { ["msg_id"] = "1", ["msg_type"] = "execute_request", ["session"] = "test", ["username"] = "test", ["version"] = "5.3", ["date"] = "2026-01-01T00:00:00Z" },
            ["parent_header"] = new JsonObject(),
            ["metadata"] = new JsonObject(),
            ["content"] = new JsonObject { ["code"] = code, ["silent"] = false, ["store_history"] = true, ["user_expressions"] = new JsonObject(), ["allow_stdin"] = false, ["stop_on_error"] = true },
            ["buffers"] = new JsonArray(),
        };
        await socket.SendAsync(Encoding.UTF8.GetBytes(request.ToJsonString()), WebSocketMessageType.Text, endOfMessage: true, limit.Token);
        var buffer = new byte[1 << 16];
        while (true)
        {
            using var message = new MemoryStream();
            for (WebSocketReceiveResult? part = null; part is not { EndOfMessage: true };)
            {
                part = await socket.ReceiveAsync(buffer, limit.Token);
                message.Write(buffer, 0, part.Count);
            }
            var json = JsonNode.Parse(message.ToArray())!;
            var type = (string)json["header"]!["msg_type"]!;
            if (type == "execute_result")
                return (string)json["content"]!["data"]!["text/plain"]!;
            Assert.False(type is "error", json.ToJsonString());
        }
    }

    internal static async Task<(Uri Url, string Token)> AddressAsync(StreamReader lines)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var seen = new List<string>();
        while (await lines.ReadLineAsync(limit.Token) is { } line)
        {
            seen.Add(line);
            if (AddressPattern().Match(line) is not { Success: true } match)
                continue;
            // What follows is read away, so that Jupyter never waits for a reader.
            _ = lines.ReadToEndAsync(CancellationToken.None);
            return (new Uri(match.Groups["url"].Value), match.Groups["token"].Value);
        }
        throw new InvalidOperationException("Jupyter has ended: " + string.Join('\n', seen));
    }

    /// <summary>Jupyter and its kernels: the processes below this program.</summary>
    private static async Task<List<int>> FamilyAsync(int parent)
    {
        var children = (await HostProcess.Shell($"pgrep -P {parent}")).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).ToList();
        foreach (var child in children.ToList())
            children.AddRange(await FamilyAsync(child));
        return children;
    }

    internal static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString();
    }

    [GeneratedRegex(@"(?<url>http://(localhost|127\.0\.0\.1):\d+/)\S*\?token=(?<token>[0-9a-f]+)")]
    private static partial Regex AddressPattern();
}
