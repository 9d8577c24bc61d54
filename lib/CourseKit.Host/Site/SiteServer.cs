using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace CourseKit.Host.Site;

/// <summary>Serves the files of one folder to the browsers of this machine, and to nobody else.</summary>
internal sealed class SiteServer : IDisposable
{
    /// <summary>The port that is tried first when none is asked for.</summary>
    public const int FirstPort = 8888;

    private const int LastPort = FirstPort + 99;

    // Pages hold the cells' own scripts, so nobody else may frame them or read them, and an old page must not hide a new one.
    private static readonly (string Name, string Value)[] Headers =
    [
        ("Cache-Control", "no-cache"), ("Content-Security-Policy", "frame-ancestors 'none'"), ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Referrer-Policy", "no-referrer"), ("X-Content-Type-Options", "nosniff"),
    ];

    private readonly Socket _socket;

    private SiteServer(Socket socket) => _socket = socket;

    /// <summary>Where the site is.</summary>
    public string Url => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_socket.LocalEndPoint!).Port}/");

    /// <summary>Takes a port. From then on browsers can connect; they wait for <see cref="RunAsync"/>.</summary>
    /// <param name="port">1 to 65535; null for 8888 or the next one that is free.</param>
    /// <exception cref="SiteException">The port is taken or not allowed; the message names it.</exception>
    public static SiteServer Open(int? port)
    {
        if (port is { } asked)
            return Listen(asked, out var error) ?? throw new SiteException(error == SocketError.AccessDenied
                ? $"site: this system does not let you open port {asked}. Name one from 1024 on, or leave --port out."
                : $"site: port {asked} is taken by another program. End that, name another port, or leave --port out to get the next one that is free.");
        for (var next = FirstPort; next <= LastPort; next++)
            if (Listen(next, out _) is { } server)
                return server;
        throw new SiteException($"site: the ports {FirstPort} to {LastPort} are all taken. Name another one with --port N.");
    }

    /// <summary>Serves until cancelled.</summary>
    /// <param name="folder">The site's folder. Files that change are served as they are at the moment.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task RunAsync(string folder, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen((IPEndPoint)_socket.LocalEndPoint!);
        });
        builder.Services.Configure<SocketTransportOptions>(options => options.CreateBoundListenSocket = _ => _socket);
        await using var server = builder.Build();
        server.Run(context => AnswerAsync(context, folder));
        await server.StartAsync(cancellation);
        await Task.Delay(Timeout.Infinite, cancellation).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await server.StopAsync(patience.Token);
    }

    public void Dispose() => _socket.Dispose();

    private static SiteServer? Listen(int port, out SocketError error)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            // Not only bound: two sockets may be bound to one port as long as none listens.
            socket.Listen();
            error = SocketError.Success;
            return new(socket);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            error = e.SocketErrorCode;
            return null;
        }
    }

    private static async Task AnswerAsync(HttpContext context, string folder)
    {
        var (request, response) = (context.Request, context.Response);
        foreach (var (name, value) in Headers)
            response.Headers[name] = value;
        // Another name for this address is the trick of a page elsewhere that wants to read this one (DNS rebinding).
        if (request.Host.Host.ToLowerInvariant() is not ("localhost" or "127.0.0.1" or "[::1]"))
        {
            await WriteAsync(response, 421, "text/plain; charset=utf-8", "This server answers to localhost and 127.0.0.1 only.\n"u8.ToArray());
            return;
        }
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            response.Headers.Allow = "GET, HEAD";
            await WriteAsync(response, 405, "text/plain; charset=utf-8", "This server knows GET and HEAD only.\n"u8.ToArray());
            return;
        }
        var (status, type, content) = await FindAsync(folder, request.Path == "/" ? "index.html" : request.Path.Value![1..]);
        await WriteAsync(response, status, type, content);
    }

    // A name is looked up among those that are there, so no path that it might spell leads anywhere.
    private static async Task<(int Status, string Type, byte[] Content)> FindAsync(string folder, string name)
    {
        try
        {
            var file = Directory.EnumerateFiles(folder).FirstOrDefault(file => Path.GetFileName(file) == name);
            if (file is not null && !name.StartsWith('.'))
                return (200, Path.GetExtension(name) == ".html" ? "text/html; charset=utf-8" : "application/x-ipynb+json", await File.ReadAllBytesAsync(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Gone since, as when the site is being replaced.
        }
        return (404, "text/html; charset=utf-8", System.Text.Encoding.UTF8.GetBytes(PageTemplate.Missing()));
    }

    private static async Task WriteAsync(HttpResponse response, int status, string type, byte[] content)
    {
        response.StatusCode = status;
        response.ContentType = type;
        response.ContentLength = content.Length;
        if (!HttpMethods.IsHead(response.HttpContext.Request.Method))
            await response.Body.WriteAsync(content, response.HttpContext.RequestAborted);
    }
}
