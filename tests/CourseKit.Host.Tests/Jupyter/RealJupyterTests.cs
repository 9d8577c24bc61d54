using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
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

            // A kernel of Python stands for any.
            using var posted = await client.PostAsJsonAsync("api/kernels", new { name = "python3" });
            Assert.Equal(HttpStatusCode.Created, posted.StatusCode);
            var family = await FamilyAsync(process.Id);
            Assert.Equal(2, family.Count);

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

    private static async Task<(Uri Url, string Token)> AddressAsync(StreamReader lines)
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

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString();
    }

    [GeneratedRegex(@"(?<url>http://(localhost|127\.0\.0\.1):\d+/)\S*\?token=(?<token>[0-9a-f]+)")]
    private static partial Regex AddressPattern();
}
