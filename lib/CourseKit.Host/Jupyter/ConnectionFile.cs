using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CourseKit.Host.Jupyter;

/// <summary>
/// Where a kernel listens and the key that both sides sign with: the file that Jupyter writes before it starts a kernel.
/// jupyter-client.readthedocs.io, "Making kernels for Jupyter", Connection files.
/// </summary>
/// <param name="Shell">Where requests come in.</param>
/// <param name="Control">Where requests that cannot wait come in.</param>
/// <param name="Stdin">Where the kernel asks for input.</param>
/// <param name="Publish">Where outputs go out: Jupyter's iopub.</param>
/// <param name="Heartbeat">Where Jupyter asks whether the kernel is alive.</param>
/// <param name="Key">What messages are signed with; empty for no signatures.</param>
internal sealed record ConnectionFile(EndPoint Shell, EndPoint Control, EndPoint Stdin, EndPoint Publish, EndPoint Heartbeat, byte[] Key)
{
    /// <summary>Reads the file.</summary>
    /// <param name="path">As Jupyter names it.</param>
    /// <exception cref="JupyterException">It is missing, not JSON, or lacks something.</exception>
    public static ConnectionFile Load(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JupyterException($"{path}: the connection file cannot be read ({e.Message.TrimEnd('.')}). Jupyter writes it and names it when it starts a kernel.", e);
        }
    }

    /// <summary>Reads the file's content.</summary>
    /// <param name="json">The content.</param>
    /// <param name="name">The file, for messages.</param>
    /// <exception cref="JupyterException">It is not JSON, or lacks something.</exception>
    public static ConnectionFile Parse(string json, string name)
    {
        JsonObject? file = null;
        try
        {
            file = JsonNode.Parse(json) as JsonObject;
        }
        catch (JsonException)
        {
            // Said below, as for JSON that is no object.
        }
        if (file is null)
            throw new JupyterException($"{name}: a connection file must be one JSON object.");
        var transport = Text("transport", "tcp");
        var ip = Text("ip", "127.0.0.1");
        if (Text("signature_scheme", "hmac-sha256") is var scheme and not "hmac-sha256")
            throw new JupyterException($"{name}: signature_scheme must be \"hmac-sha256\", but is \"{scheme}\".");
        Func<int, EndPoint> address = transport switch
        {
            "tcp" => port => new IPEndPoint(Ip(ip), port),
            "ipc" => port => new UnixDomainSocketEndPoint($"{ip}-{port}"),
            _ => throw new JupyterException($"{name}: transport must be \"tcp\" or \"ipc\", but is \"{transport}\"."),
        };
        return new(
            address(Port("shell_port")), address(Port("control_port")), address(Port("stdin_port")), address(Port("iopub_port")), address(Port("hb_port")),
            Encoding.UTF8.GetBytes(Text("key", "")));

        string Text(string member, string otherwise) => file[member] switch
        {
            null => otherwise,
            JsonValue value when value.TryGetValue<string>(out var text) => text,
            _ => throw new JupyterException($"{name}: {member} must be text."),
        };

        int Port(string member) => file[member] is JsonValue value && value.TryGetValue<int>(out var port) && port is > 0 and <= 65535
            ? port
            : throw new JupyterException($"{name}: {member} must be a port from 1 to 65535, but is {file[member]?.ToJsonString() ?? "missing"}.");

        IPAddress Ip(string text) => text switch
        {
            "localhost" => IPAddress.Loopback,
            "*" => IPAddress.Any,
            _ when IPAddress.TryParse(text, out var known) => known,
            _ => throw new JupyterException($"{name}: ip must be an address such as 127.0.0.1, but is \"{text}\"."),
        };
    }
}
