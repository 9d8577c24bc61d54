using System.Text.Json;

namespace CourseKit.Interchange;

/// <summary>The JSON at the start of a safetensors file. Everything in it is checked here, against the sizes that the file really has, before anything is allocated for it.</summary>
internal sealed class SafetensorsHeader
{
    private const string MetadataKey = "__metadata__";

    private static readonly Dictionary<string, int> Widths = new() { ["F64"] = 8, ["F32"] = 4, ["F16"] = 2, ["BF16"] = 2 };

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
            var name = reader.GetString()!;
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
            var key = reader.GetString()!;
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
        long[]? shape = null, offsets = null;
        if (reader.TokenType != JsonTokenType.StartObject)
            throw Bad($"tensor \"{name}\" must be an object, but is {reader.TokenType}");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            reader.Read();
            switch (key)
            {
                case "dtype" when type is null && reader.TokenType == JsonTokenType.String:
                    type = reader.GetString();
                    break;
                case "shape" when shape is null:
                    shape = ReadNumbers(name, key, ref reader);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadNumbers(name, key, ref reader);
                    break;
                default:
                    throw Bad($"tensor \"{name}\" must have one dtype (a text), one shape and one data_offsets, but has \"{key}\" with {reader.TokenType}");
            }
        }
        if (type is null || shape is null || offsets is not [var begin, var end])
            throw Bad($"tensor \"{name}\" must have a dtype, a shape, and data_offsets of two numbers");
        return Checked(name, type, shape, begin, end);
    }

    private long[] ReadNumbers(string name, string key, ref Utf8JsonReader reader)
    {
        var numbers = new List<long>();
        if (reader.TokenType != JsonTokenType.StartArray)
            throw Bad($"tensor \"{name}\": {key} must be a list of whole numbers, but is {reader.TokenType}");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var number) || number < 0)
                throw Bad($"tensor \"{name}\": {key} must be a list of whole numbers of at least 0, but holds another value at place {numbers.Count}");
            numbers.Add(number);
        }
        return [.. numbers];
    }

    private Entry Checked(string name, string type, long[] shape, long begin, long end)
    {
        if (!Widths.TryGetValue(type, out var width))
            throw Bad($"tensor \"{name}\" has dtype {type}, but only {string.Join(", ", Widths.Keys)} can be read");
        if (begin > end || end > dataLength)
            throw Bad($"tensor \"{name}\" lies at bytes {begin} to {end}, but the file has {dataLength} bytes of data");

        // The product stays exact: it grows only while it fits the file, and a zero ends the question.
        var form = $"[{string.Join(", ", shape.Take(8))}{(shape.Length > 8 ? ", ..." : "")}]";
        var length = shape.Contains(0) ? 0 : 1L;
        foreach (var size in shape)
        {
            if (size > int.MaxValue || (length *= size) > int.MaxValue)
                throw Bad($"tensor \"{name}\" has shape {form}, which is more than the {int.MaxValue} numbers that a tensor holds");
        }
        if (length * width != end - begin)
            throw Bad($"tensor \"{name}\" of {type} {form} must have {length * width} bytes, but its data_offsets give {end - begin}");
        return new(name, type, Array.ConvertAll(shape, size => (int)size), (int)length, begin, end);
    }

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
