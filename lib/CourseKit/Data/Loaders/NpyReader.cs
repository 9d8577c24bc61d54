using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace CourseKit.Data.Loaders;

/// <summary>Reads arrays of one dimension from a file of NumPy's, .npz: a zip of .npy files.</summary>
internal static partial class NpyReader
{
    // Keras' largest entry is under 20 MB.
    private const long MostBytes = 1 << 26;

    /// <summary>The whole numbers of an array.</summary>
    /// <exception cref="DataException">The entry is not there or is something else; the message has no name of a file.</exception>
    public static long[] Numbers(ZipArchive zip, string name)
    {
        var (bytes, start, type, length) = Open(zip, name);
        var size = type switch { "<i8" => 8, "<i4" => 4, "|i1" or "|u1" or "|b1" => 1, _ => throw new DataException($"has numbers of type '{type}' in {name}, but whole numbers are expected") };
        if (bytes.Length - start != length * size)
            throw new DataException($"says that {name} has {length} numbers of {size} bytes, but {bytes.Length - start} bytes follow");
        var numbers = new long[length];
        for (var i = 0; i < numbers.Length; i++)
        {
            var at = bytes.AsSpan(start + (i * size), size);
            numbers[i] = size switch { 8 => BinaryPrimitives.ReadInt64LittleEndian(at), 4 => BinaryPrimitives.ReadInt32LittleEndian(at), _ => type == "|i1" ? (sbyte)at[0] : at[0] };
        }
        return numbers;
    }

    /// <summary>The lists of whole numbers of an array of objects, each number put through a function, behind a first one. A list that comes twice is one array.</summary>
    /// <exception cref="DataException">The entry is not there or is something else; the message has no name of a file.</exception>
    public static int[][] Lists(ZipArchive zip, string name, int first, Func<int, int> map)
    {
        var (bytes, start, type, length) = Open(zip, name);
        if (type != "|O")
            throw new DataException($"has numbers of type '{type}' in {name}, but lists are expected");
        var elements = new PickleReader(bytes, start).ReadArray();
        if (elements.Count != length)
            throw new DataException($"says that {name} has {length} lists, but has {elements.Count}");
        var lists = new Dictionary<object, int[]>(ReferenceEqualityComparer.Instance);
        return [.. elements.Select(element => element is List<object?> list
            ? lists.TryGetValue(list, out var known) ? known : lists[list] = [first, .. list.Select(Id)]
            : throw new DataException($"has something else than a list in {name}"))];

        int Id(object? number) => number is long and >= 0 and <= int.MaxValue ? map((int)(long)number) : throw new DataException($"has something else than ids in a list of {name}");
    }

    // The bytes of an entry, where its data begins, its type and its length.
    private static (byte[] Bytes, int Start, string Type, long Length) Open(ZipArchive zip, string name)
    {
        var entry = zip.GetEntry(name) ?? throw new DataException($"must hold {name}, which is not among its {zip.Entries.Count} entries");
        if (entry.Length > MostBytes)
            throw new DataException($"says that {name} has {entry.Length} bytes, but at most {MostBytes} are read");
        var bytes = Bytes(entry, name);
        if (bytes.Length < 10 || bytes[0] != 0x93 || !bytes.AsSpan(1, 5).SequenceEqual("NUMPY"u8))
            throw new DataException($"has no NumPy array in {name}");
        var wide = bytes[6] >= 2;
        var (from, count) = wide && bytes.Length >= 12 ? (12, BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(8))) : (10, BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(8)));
        if (count > bytes.Length - from)
            throw new DataException($"has a header of {name} that is cut off");
        var header = HeaderPattern().Match(Encoding.Latin1.GetString(bytes, from, (int)count));
        if (!header.Success || !long.TryParse(header.Groups["length"].ValueSpan, out var length) || length > bytes.Length)
            throw new DataException($"must have an array of one dimension in {name}, and not longer than its bytes");
        return (bytes, from + (int)count, header.Groups["type"].Value, length);
    }

    // What comes out counts, not what the zip says will.
    private static byte[] Bytes(ZipArchiveEntry entry, string name)
    {
        using var stream = entry.Open();
        using var memory = new MemoryStream();
        var part = new byte[1 << 16];
        for (int read; (read = stream.Read(part)) > 0;)
        {
            if (memory.Length + read > entry.Length)
                throw new DataException($"holds more of {name} than it says");
            memory.Write(part, 0, read);
        }
        return memory.ToArray();
    }

    [GeneratedRegex(@"^\{'descr': '(?<type>[^']{1,8})', 'fortran_order': False, 'shape': \((?<length>\d{1,12}),\), \}\s*$")]
    private static partial Regex HeaderPattern();
}
