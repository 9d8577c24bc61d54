using System.Buffers.Binary;
using System.Text;

namespace CourseKit.Host.Zmtp;

/// <summary>Commands: a name of up to 255 characters, then data. READY's data are properties.</summary>
internal static class ZmtpCommand
{
    /// <summary>The frame's body of READY for a socket.</summary>
    /// <param name="socketType">Such as "ROUTER".</param>
    public static byte[] Ready(string socketType)
    {
        const string property = "Socket-Type";
        using var body = new MemoryStream();
        Name("READY");
        Name(property);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, socketType.Length);
        body.Write(length);
        body.Write(Encoding.ASCII.GetBytes(socketType));
        return body.ToArray();

        void Name(string text)
        {
            body.WriteByte((byte)text.Length);
            body.Write(Encoding.ASCII.GetBytes(text));
        }
    }

    /// <summary>Splits a command into its name and its data.</summary>
    /// <exception cref="ZmtpException">It has no name.</exception>
    public static (string Name, ReadOnlyMemory<byte> Data) Parse(byte[] body)
    {
        if (body.Length == 0 || body[0] == 0 || body.Length < 1 + body[0])
            throw new ZmtpException("a command has no name");
        return (Encoding.ASCII.GetString(body, 1, body[0]), body.AsMemory(1 + body[0]));
    }

    /// <summary>READY's properties; their names' case does not count.</summary>
    /// <exception cref="ZmtpException">A length goes beyond the end.</exception>
    public static Dictionary<string, byte[]> Properties(ReadOnlyMemory<byte> data)
    {
        var properties = new Dictionary<string, byte[]>(StringComparer.OrdinalIgnoreCase);
        for (var rest = data.Span; rest.Length > 0;)
        {
            var name = Take(ref rest, Take(ref rest, 1)[0]);
            var length = BinaryPrimitives.ReadUInt32BigEndian(Take(ref rest, 4));
            properties[Encoding.ASCII.GetString(name)] = Take(ref rest, length).ToArray();
        }
        return properties;

        static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> rest, uint count)
        {
            if (count > rest.Length)
                throw new ZmtpException("a property goes beyond the end of its command");
            var taken = rest[..(int)count];
            rest = rest[(int)count..];
            return taken;
        }
    }
}
