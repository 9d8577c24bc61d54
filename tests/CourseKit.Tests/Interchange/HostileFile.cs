using System.Buffers.Binary;
using System.Text;

namespace CourseKit.Tests.Interchange;

/// <summary>Files put together by hand.</summary>
internal static class HostileFile
{
    /// <summary>Header length, header, data.</summary>
    public static byte[] Bytes(string json, byte[] data) => Bytes((ulong)Encoding.UTF8.GetByteCount(json), json, data);

    /// <summary>Any header length, header, data.</summary>
    public static byte[] Bytes(ulong headerLength, string json, byte[] data)
    {
        var prefix = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, headerLength);
        return [.. prefix, .. Encoding.UTF8.GetBytes(json), .. data];
    }
}
