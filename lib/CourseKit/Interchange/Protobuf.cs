using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace CourseKit.Interchange;

/// <summary>Writes a message of Protocol Buffers: fields one after the other, each a key (number and wire type) and a value.</summary>
/// <remarks>Encoding: https://protobuf.dev/programming-guides/encoding/.</remarks>
internal sealed class Protobuf
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    public Protobuf Integer(int field, long value)
    {
        Varint((ulong)field << 3);
        Varint((ulong)value);
        return this;
    }

    public Protobuf Float(int field, float value)
    {
        Varint(((ulong)field << 3) | 5);
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        _bytes.Write(bytes);
        return this;
    }

    public Protobuf Text(int field, string value) => Block(field, Encoding.UTF8.GetBytes(value));

    public Protobuf Message(int field, Protobuf message) => Block(field, message.Bytes);

    /// <summary>Numbers as raw little-endian memory.</summary>
    public Protobuf Raw<T>(int field, ReadOnlySpan<T> numbers)
        where T : unmanaged => Block(field, MemoryMarshal.AsBytes(numbers));

    private Protobuf Block(int field, ReadOnlySpan<byte> bytes)
    {
        Varint(((ulong)field << 3) | 2);
        Varint((ulong)bytes.Length);
        _bytes.Write(bytes);
        return this;
    }

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            _bytes.Write([(byte)(value | 0x80)]);
        _bytes.Write([(byte)value]);
    }
}
