using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using CourseKit.Host.Site;

namespace CourseKit.Host.Tests.Site;

public sealed class SiteServerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly SiteServer _server = SiteServer.Open(null);
    private readonly HttpClient _client = new();
    private readonly Task _running;

    public SiteServerTests()
    {
        File.WriteAllText(_folder["secret.txt"], "secret");
        SiteBuilder.Build(SampleSite.Notebooks(), _folder["site"], cores: 2, fingerprint: "secret");
        _running = _server.RunAsync(_folder["site"], _stop.Token);
    }

    private int Port => new Uri(_server.Url).Port;

    public void Dispose()
    {
        _stop.Cancel();
        _running.GetAwaiter().GetResult();
        _server.Dispose();
        _client.Dispose();
        _stop.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("", "index.html", "text/html; charset=utf-8")]
    [InlineData("index.html", "index.html", "text/html; charset=utf-8")]
    [InlineData("00-everything.html?x=1", "00-everything.html", "text/html; charset=utf-8")]
    [InlineData("00%2deverything.ipynb", "00-everything.ipynb", "application/x-ipynb+json")]
    public async Task Get_FileOfTheSite_GivesItWithItsTypeAndNothingToRemember(string path, string file, string type)
    {
        using var response = await _client.GetAsync(new Uri(_server.Url + path));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(_folder["site"], file)), await response.Content.ReadAsByteArrayAsync());
        Assert.Equal(type, response.Content.Headers.ContentType!.ToString());
        Assert.Equal("no-cache", response.Headers.CacheControl!.ToString());
        Assert.Equal(["nosniff"], response.Headers.GetValues("X-Content-Type-Options"));
        Assert.Equal(["same-origin"], response.Headers.GetValues("Cross-Origin-Resource-Policy"));
        Assert.False(response.Headers.Contains("Server"));
    }

    [Fact]
    public async Task Get_SiteBuiltAgain_GivesTheNewPages()
    {
        SiteBuilder.Build([SampleSite.Small("new.ipynb", "# New")], _folder["site"], cores: 2);
        Assert.Contains("New", await _client.GetStringAsync(new Uri(_server.Url)), StringComparison.Ordinal);
        Assert.Contains("HTTP/1.1 404 ", await Ask("GET /second.html HTTP/1.1\r\nHost: localhost"), StringComparison.Ordinal);
        Directory.Delete(_folder["site"], recursive: true);
        Assert.Contains("HTTP/1.1 404 ", await Ask("GET / HTTP/1.1\r\nHost: localhost"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/nothing.html", 404)]
    [InlineData("/nothing/index.html", 404)]
    [InlineData("/INDEX.HTML", 404)]
    [InlineData("/../secret.txt", 404)]
    [InlineData("/../../../../../../etc/passwd", 404)]
    [InlineData("/%2e%2e/secret.txt", 404)]
    [InlineData("/..%2fsecret.txt", 404)]
    [InlineData("/..%5csecret.txt", 404)]
    [InlineData("/..\\secret.txt", 404)]
    [InlineData("/%252e%252e%252fsecret.txt", 404)]
    [InlineData("/.%00./secret.txt", 400)]
    [InlineData("/index.html%00.ipynb", 400)]
    [InlineData("//secret.txt", 404)]
    [InlineData("/./index.html/../../secret.txt", 404)]
    [InlineData("/.coursekit-site", 404)]
    [InlineData("/%2Ecoursekit-site", 404)]
    [InlineData("/.", 200)]
    [InlineData("secret.txt", 405)]
    public async Task Get_PathThatLeadsOut_ShowsNothing(string path, int status)
    {
        var answer = await Ask($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{Port}");
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("root:x:", answer, StringComparison.Ordinal);
        if (status == 404)
            Assert.Contains("There is no such page", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost", 200)]
    [InlineData("LocalHost:8888", 200)]
    [InlineData("127.0.0.1", 200)]
    [InlineData("127.0.0.1:1", 200)]
    [InlineData("[::1]", 200)]
    [InlineData("[::1]:8888", 200)]
    [InlineData("evil.example", 421)]
    [InlineData("evil.example:8888", 421)]
    [InlineData("localhost.evil.example", 421)]
    [InlineData("localhost.", 421)]
    [InlineData("127.0.0.1.evil.example", 421)]
    [InlineData("127.0.0.2", 421)]
    [InlineData("0.0.0.0", 421)]
    [InlineData("[::]", 400)]
    [InlineData("2130706433", 421)]
    [InlineData("evil.example@localhost", 400)]
    [InlineData("localhost, evil.example", 400)]
    [InlineData("localhost\r\nHost: evil.example", 400)]
    public async Task Get_HostOfAnotherName_IsRefused(string host, int status)
    {
        var answer = await Ask($"GET / HTTP/1.1\r\nHost: {host}");
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        if (status == 421)
            Assert.EndsWith("\r\n\r\nThis server answers to localhost and 127.0.0.1 only.\n", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET / HTTP/1.0", 421)]
    [InlineData("GET / HTTP/1.1", 400)]
    [InlineData("GET http://evil.example/ HTTP/1.1\r\nHost: localhost", 400)]
    [InlineData("GET http://evil.example/ HTTP/1.1\r\nHost: evil.example", 421)]
    public async Task Get_WithoutAHostOrWithTwo_IsRefused(string request, int status) =>
        Assert.StartsWith($"HTTP/1.1 {status} ", await Ask(request), StringComparison.Ordinal);

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    [InlineData("TRACE")]
    public async Task Request_OtherMethod_IsRefused(string method)
    {
        var answer = await Ask($"{method} / HTTP/1.1\r\nHost: localhost");
        Assert.StartsWith("HTTP/1.1 405 ", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nAllow: GET, HEAD\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nThis server knows GET and HEAD only.\n", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/", 200)]
    [InlineData("/nothing", 404)]
    public async Task Head_AnyPage_HasItsLengthAndNoContent(string path, int status)
    {
        var answer = await Ask($"HEAD {path} HTTP/1.1\r\nHost: localhost");
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Matches("\r\nContent-Length: [1-9][0-9]+\r\n", answer);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NoPort_TakesAFreeOneOnLoopbackOnly()
    {
        using var other = SiteServer.Open(null);
        Assert.NotEqual(_server.Url, other.Url);
        Assert.InRange(Port, SiteServer.FirstPort, SiteServer.FirstPort + 99);
        Assert.All(IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(end => end.Port == Port), end => Assert.Equal(IPAddress.Loopback, end.Address));
    }

    [Fact]
    public void Open_PortTaken_NamesIt()
    {
        var error = Assert.Throws<SiteException>(() => SiteServer.Open(Port));
        Assert.Equal($"site: port {Port} is taken by another program. End that, name another port, or leave --port out to get the next one that is free.", error.Message);
    }

    [Fact]
    public async Task Open_PortOfAServerThatEnded_IsFree()
    {
        var port = Port;
        await Ask("GET / HTTP/1.1\r\nHost: localhost");
        await _stop.CancelAsync();
        await _running;
        _server.Dispose();
        using var again = SiteServer.Open(port);
        Assert.Equal($"http://127.0.0.1:{port}/", again.Url);
    }

    /// <summary>Sends the lines of a request as they are, and gives the whole answer.</summary>
    private async Task<string> Ask(string head)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{head}\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }
}
