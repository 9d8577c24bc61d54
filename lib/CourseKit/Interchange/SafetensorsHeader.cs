using System.Text.Json;

namespace CourseKit.Interchange;

/// <summary>The JSON at the start of a safetensors file. Everything in it is checked here, against the sizes that the file really has, before anything is allocated for it.</summary>
internal sealed class SafetensorsHeader
{
    private const string MetadataKey = "__metadata__";

    // More than anybody needs; without a limit, names and shapes would be copied however long they are.
    private const int LongestName = 1024, MostDimensions = 16;

    private static readonly (string Name, int Width)[] Types = [("F64", 8), ("F32", 4), ("F16", 2), ("BF16", 2)];

    private readonly string path;
    private readonly long dataLength;
    private readonly Dictionary<string, string> metadata = [];
    private readonly Dictionary<string, Entry> entries = [];

    private SafetensorsHeader(string path, long dataLength) => (this.path, this.dataLength) = (path, dataLength);

    /// <summary>One tensor: Begin and End are bytes from the start of the data.</summary>
    public sealed record Entry(string Name, string Type, int[] Shape, int Length, long Begin, long End);

    public IReadOnlyDictionary<string, string> Metadata => metadata;

    public IReadOnlyCollection<Entry> Entries => entries.Values;

    /// <param name="path">For messages.</param>
    /// <param name="json">The header's bytes.</param>
    /// <param name="dataLength">Bytes in the file after the header.</param>
    public static SafetensorsHeader Parse(string path, ReadOnlySpan<byte> json, long dataLength)
    {
        var header = new SafetensorsHeader(path, dataLength);
        try
        {
            if (json.IsEmpty || json[0] != (byte)'{')
                throw header.Bad("the header must be a JSON object and begin with '{'");
            // Object, tensor, list: nothing lies deeper than three levels.
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 3 });
            reader.Read();
            header.ReadRoot(ref reader);
            if (reader.Read())
                throw header.Bad("the header has more than one JSON value");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new SafetensorsException(header.Message($"the header is not the JSON that it should be ({e.Message.TrimEnd('.')})"), e);
        }
        header.CheckLayout();
        return header;
    }

    private void ReadRoot(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = ReadName(ref reader, "a tensor's name");
            reader.Read();
            if (name == MetadataKey)
                ReadMetadata(ref reader);
            else if (!entries.TryAdd(name, ReadEntry(name, ref reader)))
                throw Bad($"the tensor \"{name}\" comes twice");
        }
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        if (metadata.Count > 0)
            throw Bad($"{MetadataKey} comes twice");
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Bad($"{MetadataKey} must be an object of texts");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = ReadName(ref reader, $"a name in {MetadataKey}");
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
                throw Bad($"{MetadataKey} \"{key}\" must be a text, but is {reader.TokenType}");
            if (!metadata.TryAdd(key, reader.GetString()!))
                throw Bad($"{MetadataKey} \"{key}\" comes twice");
        }
    }

    private Entry ReadEntry(string name, ref Utf8JsonReader reader)
    {
        string? type = null;
        Span<long> shape = stackalloc long[MostDimensions], offsets = stackalloc long[2];
        var (dimensions, ends) = (-1, -1);
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Bad($"tensor \"{name}\" must be an object, but is {reader.TokenType}");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = ReadName(ref reader, $"a name in tensor \"{name}\"");
            reader.Read();
            switch (key)
            {
                case "dtype" when type is null && reader.TokenType == JsonTokenType.String:
                    type = ReadType(name, ref reader);
                    break;
                case "shape" when dimensions < 0:
                    dimensions = ReadNumbers(name, key, shape, ref reader);
                    break;
                case "data_offsets" when ends < 0:
                    ends = ReadNumbers(name, key, offsets, ref reader);
                    break;
                default:
                    throw Bad($"tensor \"{name}\" must have one dtype (a text), one shape and one data_offsets, but has \"{key}\" with {reader.TokenType}");
            }
        }

        if (type is null || dimensions < 0 || ends != 2)
            throw Bad($"tensor \"{name}\" must have a dtype, a shape, and data_offsets of two numbers");
        return Checked(name, type, shape[..dimensions], offsets[0], offsets[1]);
    }

    private string ReadName(ref Utf8JsonReader reader, string what) => reader.ValueSpan.Length <= LongestName
        ? reader.GetString()!
        : throw Bad($"{what} must have at most {LongestName} bytes, but has {reader.ValueSpan.Length}");

    private string ReadType(string name, ref Utf8JsonReader reader)
    {
        foreach (var (type, _) in Types)
        {
            if (reader.ValueTextEquals(type))
                return type;
        }

        throw Bad($"tensor \"{name}\" has dtype {(reader.ValueSpan.Length <= 20 ? reader.GetString() : "of a long name")}, but only {string.Join(", ", Types.Select(type => type.Name))} can be read");
    }

    /// <summary>Reads a list into a span; gives how many there are.</summary>
    private int ReadNumbers(string name, string key, scoped Span<long> numbers, ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw Bad($"tensor \"{name}\": {key} must be a list of whole numbers, but is {reader.TokenType}");
        var count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var number) || number < 0)
                throw Bad($"tensor \"{name}\": {key} must be a list of whole numbers of at least 0, but holds another value at place {count}");
            if (count == numbers.Length)
                throw Bad($"tensor \"{name}\": {key} must hold at most {numbers.Length} numbers, but holds more");
            numbers[count++] = number;
        }

        return count;
    }

    private Entry Checked(string name, string type, ReadOnlySpan<long> shape, long begin, long end)
    {
        if (begin > end || end > dataLength)
            throw Bad($"tensor \"{name}\" lies at bytes {begin} to {end}, but the file has {dataLength} bytes of data");

        // The product stays exact: it grows only while it fits the file, and a zero ends the question.
        var width = Array.Find(Types, known => known.Name == type).Width;
        var length = shape.Contains(0) ? 0 : 1L;
        var sizes = new int[shape.Length];
        for (var i = 0; i < sizes.Length; i++)
        {
            if (shape[i] > int.MaxValue || (length *= shape[i]) > int.MaxValue)
                throw Bad($"tensor \"{name}\" has shape {Form(shape)}, which is more than the {int.MaxValue} numbers that a tensor holds");
            sizes[i] = (int)shape[i];
        }

        if (length * width != end - begin)
            throw Bad($"tensor \"{name}\" of {type} {Form(shape)} must have {length * width} bytes, but its data_offsets give {end - begin}");
        return new(name, type, sizes, (int)length, begin, end);
    }

    private static string Form(ReadOnlySpan<long> shape) => $"[{string.Join(", ", shape.ToArray())}]";

    /// <summary>The tensors must lie side by side and fill the data: no hole, no overlap, nothing behind the last.</summary>
    private void CheckLayout()
    {
        var at = 0L;
        foreach (var entry in entries.Values.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
        {
            if (entry.Begin != at)
                throw Bad($"tensor \"{entry.Name}\" must begin at byte {at} of the data, right behind the one before it, but begins at {entry.Begin}");
            at = entry.End;
        }
        if (at != dataLength)
            throw Bad($"the tensors end at byte {at} of the data, but the file has {dataLength} bytes of data");
    }

    private SafetensorsException Bad(string what) => new(Message(what));

    private string Message(string what) => Safetensors.Damaged(path, what);
}
