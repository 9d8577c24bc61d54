using System.Text.Json;

namespace CourseKit.Inspection;

/// <summary>
/// One JSON file of golden numbers. It may come from anywhere: whatever is not as it should be gives a FormatException that names the place, and nothing is
/// allocated beyond what the file's real size calls for.
/// </summary>
internal sealed class GoldenFile
{
    // Enough for any comparison that is worth its time, and no more than ends in a short one.
    private const long LongestFile = 64L << 20;

    private const int LongestList = 10_000;

    private readonly JsonElement root;

    private GoldenFile(string name, JsonElement root) => (Name, this.root) = (name, root);

    /// <summary>The file's name without folder and ending.</summary>
    public string Name { get; }

    /// <summary>The element under the keys: names of properties and indices of lists.</summary>
    public JsonElement this[params ReadOnlySpan<object> keys] => Element(null, "", keys);

    /// <exception cref="FormatException">It is no JSON object of at most 64 MiB.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static GoldenFile Read(string path)
    {
        // A pipe or device has no length, and is not opened: it might block, or never end.
        var info = new FileInfo(path);
        if ((info.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? info) is { Exists: true, Length: 0 })
            throw new FormatException("the file is empty");
        byte[] bytes;
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1))
        {
            if (file.Length > LongestFile)
                throw new FormatException($"the file has {file.Length} bytes, but {LongestFile} is the most it can have");
            bytes = new byte[file.Length];
            file.ReadExactly(bytes);
        }

        return Parse(Path.GetFileNameWithoutExtension(path), bytes);
    }

    /// <exception cref="FormatException">The bytes are no JSON object.</exception>
    public static GoldenFile Parse(string name, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var root = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 16 }).RootElement;
            return root.ValueKind == JsonValueKind.Object ? new(name, root) : throw new FormatException($"the file must hold one JSON object, but holds {root.ValueKind}");
        }
        catch (JsonException e)
        {
            throw new FormatException($"the file is not whole JSON ({e.Message.TrimEnd('.')})", e);
        }
    }

    /// <summary>Whether there is something other than null under the keys.</summary>
    public bool Has(params ReadOnlySpan<object> keys)
    {
        var element = root;
        foreach (var key in keys)
        {
            if (!TryStep(element, key, out element))
                return false;
        }

        return element.ValueKind != JsonValueKind.Null;
    }

    /// <summary>How many parts a list has that is to be gone through part by part.</summary>
    public int Count(params ReadOnlySpan<object> keys) => Element(JsonValueKind.Array, "a list", keys).GetArrayLength() is <= LongestList and var count
        ? count
        : throw new FormatException($"{Place(keys)} must be a list of at most {LongestList} parts, but has {this[keys].GetArrayLength()}");

    public int Int(params ReadOnlySpan<object> keys) => Int(Element(JsonValueKind.Number, "a whole number", keys), keys);

    public bool Flag(params ReadOnlySpan<object> keys)
    {
        var element = Element(null, "true or false", keys);
        return element.ValueKind is JsonValueKind.True or JsonValueKind.False ? element.GetBoolean() : throw Bad(keys, "true or false", element);
    }

    public double Number(params ReadOnlySpan<object> keys) => Number(Element(JsonValueKind.Number, "a number", keys), keys);

    public string Text(params ReadOnlySpan<object> keys)
    {
        var element = Element(JsonValueKind.String, "a text", keys);
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate.
            throw Bad(keys, "a text", element);
        }
    }

    public double[] Numbers(params ReadOnlySpan<object> keys)
    {
        var element = Element(JsonValueKind.Array, "a list of numbers", keys);
        var numbers = new double[element.GetArrayLength()];
        var i = 0;
        foreach (var item in element.EnumerateArray())
            numbers[i++] = Number(item, keys);
        return numbers;
    }

    public int[] Ints(params ReadOnlySpan<object> keys)
    {
        var element = Element(JsonValueKind.Array, "a list of whole numbers", keys);
        var numbers = new int[element.GetArrayLength()];
        var i = 0;
        foreach (var item in element.EnumerateArray())
            numbers[i++] = Int(item, keys);
        return numbers;
    }

    /// <summary>{"shape": [...], "data": [...]}; what else stands beside them does not matter.</summary>
    public GoldenTensor Tensor(params ReadOnlySpan<object> keys)
    {
        var shape = Ints([.. keys, "shape"]);
        var data = Numbers([.. keys, "data"]);
        var length = 1L;
        foreach (var size in shape)
        {
            // Exact: the product grows only while it is no more than there are numbers.
            if (size < 0 || (length *= size) > data.Length)
                break;
        }

        if (length != data.Length || shape.AsSpan().ContainsAnyInRange(int.MinValue, -1))
            throw new FormatException($"{Place(keys)} has shape [{string.Join(", ", shape.Take(8))}{(shape.Length > 8 ? ", ..." : "")}] but {data.Length} numbers");
        return new(shape, data);
    }

    /// <summary>The golden tensor under the keys, which must have this shape.</summary>
    public GoldenTensor TensorOf(ReadOnlySpan<int> shape, params ReadOnlySpan<object> keys)
    {
        var tensor = Tensor(keys);
        return tensor.Shape.AsSpan().SequenceEqual(shape)
            ? tensor
            : throw new FormatException($"{Place(keys)} must be [{string.Join(", ", shape.ToArray())}], but is [{string.Join(", ", tensor.Shape.Take(8))}{(tensor.Shape.Length > 8 ? ", ..." : "")}]");
    }

    public override string ToString() => Name;

    private JsonElement Element(JsonValueKind? kind, string what, ReadOnlySpan<object> keys)
    {
        var element = root;
        for (var i = 0; i < keys.Length; i++)
        {
            if (!TryStep(element, keys[i], out element))
                throw new FormatException($"{Place(keys[..(i + 1)])} is missing");
        }

        return kind is null || element.ValueKind == kind ? element : throw Bad(keys, what, element);
    }

    private static bool TryStep(JsonElement element, object key, out JsonElement next)
    {
        next = default;
        if (key is string name)
            return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out next);
        if (element.ValueKind != JsonValueKind.Array || (uint)(int)key >= (uint)element.GetArrayLength())
            return false;
        next = element[(int)key];
        return true;
    }

    private static double Number(JsonElement element, ReadOnlySpan<object> keys) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var number) && double.IsFinite(number) ? number : throw Bad(keys, "finite numbers", element);

    private static int Int(JsonElement element, ReadOnlySpan<object> keys) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var number) ? number : throw Bad(keys, "whole numbers", element);

    private static FormatException Bad(ReadOnlySpan<object> keys, string what, JsonElement element) => new($"{Place(keys)} must be {what}, but is {Shown(element)}");

    private static string Shown(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        _ => element.GetRawText() is { Length: > 30 } text ? text[..30] + "..." : element.GetRawText(),
    };

    private static string Place(ReadOnlySpan<object> keys) => string.Join(".", keys.ToArray());
}
