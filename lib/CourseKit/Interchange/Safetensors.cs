using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using CourseKit.Tensors;

namespace CourseKit.Interchange;

/// <summary>Reads and writes safetensors files: named tensors and a few texts, without code in them, so that opening a stranger's file is safe.</summary>
/// <remarks>
/// Eight bytes, little-endian: the length of the header. The header: JSON that gives each tensor its dtype, shape and data_offsets, and texts under
/// __metadata__. Then the numbers, little-endian, row-major, side by side. Format: https://github.com/huggingface/safetensors.
/// </remarks>
public static class Safetensors
{
    // What the format's own reader takes at most.
    internal const long LongestHeader = 100_000_000;

    // Numbers read at a time.
    private const int Piece = 2048;

    /// <summary>
    /// Reads a whole file. Whatever its header says, no more is allocated than twice the file's real size (two and a half times where the numbers are F16 or BF16,
    /// which double), its header once more, 64 KiB, and 1.5 KiB for each tensor or text that it really holds.
    /// </summary>
    /// <param name="path">The file. Its tensors may be F64, F32, F16 or BF16; all become float32.</param>
    /// <returns>Tensors and metadata.</returns>
    /// <exception cref="SafetensorsException">The file is missing, cannot be read, is cut short, or its header does not fit the data.</exception>
    public static SafetensorsFile Read(string path)
    {
        try
        {
            // A pipe or device has no length, and is not opened: it might block, or never end.
            var info = new FileInfo(path);
            if ((info.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? info) is { Exists: true, Length: 0 })
                throw new SafetensorsException(Damaged(path, "it must have at least 8 bytes, but has 0"));
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
            return Read(path, file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SafetensorsException($"There is no file '{path}'. Check the path.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new SafetensorsException(Directory.Exists(path) ? $"'{path}' is a folder. Give a safetensors file." : $"'{path}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>
    /// Writes a file, whole or not at all: the bytes go to a temporary file in the same folder, which takes the place of <paramref name="path"/> when they
    /// are on the disk. An existing file is replaced.
    /// </summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="tensors">Tensors by name, each name once; they are written in the names' order, as F32.</param>
    /// <param name="metadata">Texts by name; null for none.</param>
    /// <exception cref="ArgumentException">A name is empty, comes twice, or is __metadata__.</exception>
    /// <exception cref="SafetensorsException">The file cannot be written: no such folder, read-only, disk full. Nothing is left behind, and an existing file is as it was.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var sorted = tensors.OrderBy(tensor => tensor.Key, StringComparer.Ordinal).ToArray();
        for (var i = 0; i < sorted.Length; i++)
        {
            if (sorted[i].Key is "" or "__metadata__" || (i > 0 && sorted[i].Key == sorted[i - 1].Key))
                throw new ArgumentException($"Safetensors.Write: every tensor must have a name of its own that is not empty and not __metadata__, but got \"{sorted[i].Key}\".", nameof(tensors));
        }

        try
        {
            WholeFile.Write(path, file => Write(file, sorted, metadata));
        }
        catch (IOException e)
        {
            throw new SafetensorsException(e.Message, e);
        }
    }

    /// <summary>The message for a file that breaks the format.</summary>
    internal static string Damaged(string path, string what) =>
        $"'{path}' is not a whole safetensors file: {what}. It may be cut short, damaged, or of another kind; get it again.";

    /// <summary>Reads from where the stream stands, its start; <paramref name="path"/> is for messages.</summary>
    internal static SafetensorsFile Read(string path, Stream file)
    {
        var size = file.Length;
        if (size < 8)
            throw new SafetensorsException(Damaged(path, $"it must have at least 8 bytes, but has {size}"));
        Span<byte> prefix = stackalloc byte[8];
        file.ReadExactly(prefix);
        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerLength > (ulong)Math.Min(size - 8, LongestHeader))
            throw new SafetensorsException(Damaged(path, $"its first 8 bytes announce a header of {headerLength} bytes, but {Math.Min(size - 8, LongestHeader)} is the most it can be"));

        var json = new byte[headerLength];
        file.ReadExactly(json);
        var header = SafetensorsHeader.Parse(path, json, size - 8 - json.Length);

        var tensors = new Dictionary<string, Tensor>(header.Entries.Count);
        var (bytes, numbers) = (new byte[Piece * 8], new float[Piece]);
        foreach (var entry in header.Entries)
        {
            file.Position = 8 + json.Length + entry.Begin;
            var tensor = Tensor.Zeros(new Shape(entry.Shape));
            tensor.Name = entry.Name;
            // Piece by piece: beside the tensor the file's numbers never stand whole a second time.
            for (var at = 0; at < entry.Length;)
            {
                var part = numbers.AsSpan(0, Math.Min(Piece, entry.Length - at));
                Read(file, entry.Type, bytes, part);
                tensor.Write(part, at);
                at += part.Length;
            }

            tensors.Add(entry.Name, tensor);
        }

        return new(tensors, header.Metadata);
    }

    private static void Read(Stream file, string type, byte[] buffer, Span<float> numbers)
    {
        if (type == "F32")
        {
            file.ReadExactly(MemoryMarshal.AsBytes(numbers));
            return;
        }

        var width = type == "F64" ? 8 : 2;
        var bytes = buffer.AsSpan(0, numbers.Length * width);
        file.ReadExactly(bytes);
        for (var i = 0; i < numbers.Length; i++)
        {
            var number = bytes.Slice(i * width, width);
            numbers[i] = type switch
            {
                "F64" => (float)BinaryPrimitives.ReadDoubleLittleEndian(number),
                "F16" => (float)BinaryPrimitives.ReadHalfLittleEndian(number),
                // BF16 is the upper half of float32.
                _ => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(number) << 16),
            };
        }
    }

    /// <summary>Writes to a stream; the tensors must be in the order of their names, each name once.</summary>
    internal static void Write(Stream file, KeyValuePair<string, Tensor>[] tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var json = Header(tensors, metadata);
        Span<byte> prefix = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)json.Length);
        file.Write(prefix);
        file.Write(json);
        foreach (var (_, tensor) in tensors)
            file.Write(MemoryMarshal.AsBytes(tensor.ToArray().AsSpan()));
    }

    private static ReadOnlySpan<byte> Header(KeyValuePair<string, Tensor>[] tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject("__metadata__");
                foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                    json.WriteString(key, value);
                json.WriteEndObject();
            }

            var at = 0L;
            foreach (var (name, tensor) in tensors)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", "F32");
                json.WriteStartArray("shape");
                foreach (var size in tensor.Shape.Sizes)
                    json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(at);
                json.WriteNumberValue(at += 4L * tensor.Length);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        // Spaces at the end make the numbers begin at a multiple of 8 bytes.
        while (stream.Length % 8 != 0)
            stream.WriteByte((byte)' ');
        return stream.GetBuffer().AsSpan(0, (int)stream.Length);
    }
}
