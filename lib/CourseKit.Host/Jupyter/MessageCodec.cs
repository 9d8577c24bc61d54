using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CourseKit.Host.Jupyter;

/// <summary>
/// Turns messages into frames and back: identities, the delimiter, a signature (HMAC-SHA256 over the four parts that follow), header, parent's header,
/// metadata, content, buffers. jupyter-client.readthedocs.io, "Messaging in Jupyter", The Wire Protocol.
/// </summary>
/// <param name="key">Of the connection file; empty for no signatures.</param>
internal sealed class MessageCodec(byte[] key)
{
    /// <summary>Of the protocol that is spoken.</summary>
    public const string ProtocolVersion = "5.3";

    private const int Parts = 4;

    private static readonly byte[] Delimiter = "<IDS|MSG>"u8.ToArray();

    // Relaxed: HTML goes as it stands, not six bytes for every angle bracket.
    private static readonly JsonWriterOptions WriteOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 256 };

    private readonly string _session = Guid.NewGuid().ToString("N");

    /// <summary>The frames of a message.</summary>
    /// <param name="type">Such as "stream".</param>
    /// <param name="content">What depends on the type.</param>
    /// <param name="parent">The header of the request that it belongs to; null for none.</param>
    /// <param name="first">Frames before the delimiter: the topic, when it is published.</param>
    public byte[][] Encode(string type, JsonObject content, JsonObject? parent, params ReadOnlySpan<byte[]> first)
    {
        var header = new JsonObject
        {
            ["msg_id"] = Guid.NewGuid().ToString("N"),
            ["session"] = _session,
            ["username"] = "coursekit",
            ["date"] = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
            ["msg_type"] = type,
            ["version"] = ProtocolVersion,
        };
        byte[][] parts = [Json(header), parent is null ? "{}"u8.ToArray() : Json(parent), "{}"u8.ToArray(), Json(content)];
        return [.. first, Delimiter, Encoding.ASCII.GetBytes(Sign(parts)), .. parts];
    }

    /// <summary>Reads a message of a client.</summary>
    /// <param name="sender">Its identity.</param>
    /// <param name="frames">As they came.</param>
    /// <exception cref="JupyterException">The form, the signature or the JSON is wrong.</exception>
    public JupyterMessage Decode(byte[] sender, byte[][] frames)
    {
        var at = Array.FindIndex(frames, frame => frame.AsSpan().SequenceEqual(Delimiter));
        if (at < 0)
            throw new JupyterException("a message has no <IDS|MSG>");
        if (frames.Length < at + 2 + Parts)
            throw new JupyterException($"a message has {frames.Length - at - 1} frames after <IDS|MSG>, but needs {1 + Parts}");
        var parts = frames.AsSpan(at + 2, Parts);
        // Compared in constant time, so that a signature cannot be found out byte by byte.
        if (key.Length > 0 && !CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Sign(parts)), frames[at + 1]))
            throw new JupyterException("a message has a wrong signature");
        try
        {
            var (header, content) = (Object(parts[0], "header"), Object(parts[3], "content"));
            return header["msg_type"] is JsonValue type && type.TryGetValue<string>(out _) && header["msg_id"] is JsonValue
                ? new(sender, header, content)
                : throw new JupyterException("a message's header lacks msg_type or msg_id");
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            throw new JupyterException($"a message is not JSON ({e.Message})", e);
        }
    }

    private static JsonObject Object(byte[] utf8, string part) =>
        JsonNode.Parse(utf8) as JsonObject ?? throw new JupyterException($"a message's {part} is no JSON object");

    private static byte[] Json(JsonObject value)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, WriteOptions))
            value.WriteTo(writer);
        return stream.ToArray();
    }

    private string Sign(ReadOnlySpan<byte[]> parts)
    {
        if (key.Length == 0)
            return "";
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        foreach (var part in parts)
            hash.AppendData(part);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
