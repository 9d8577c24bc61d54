using System.Text.Json;

namespace CourseKit.Tests.Fixtures;

/// <summary>A tensor of golden numbers, row-major.</summary>
public sealed record GoldenTensor(int[] Shape, double[] Data)
{
    public float[] Floats => Array.ConvertAll(Data, value => (float)value);

    /// <summary>One row of a [.., .., n] tensor: its numbers at [first, second].</summary>
    public double[] Row(int first, int second) => Data.AsSpan((first * Shape[1] + second) * Shape[2], Shape[2]).ToArray();

    /// <summary>[time, batch, feature] as [batch, time, feature], or back.</summary>
    public GoldenTensor SwapFirstTwo()
    {
        var (first, second, last) = (Shape[0], Shape[1], Shape[2]);
        var swapped = new double[Data.Length];
        for (var i = 0; i < first; i++)
            for (var j = 0; j < second; j++)
                Row(i, j).CopyTo(swapped, (j * first + i) * last);
        return new([second, first, last], swapped);
    }
}

/// <summary>One file of golden numbers; README.md beside it says what they are.</summary>
public sealed class Fixture
{
    private readonly JsonElement root;

    private Fixture(string name, JsonElement root) => (Name, this.root) = (name, root);

    public string Name { get; }

    public static Fixture Load(string name) =>
        new(name, JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", name + ".json"))).RootElement);

    /// <summary>The element under the keys: property names and list indices.</summary>
    public JsonElement this[params object[] keys] =>
        keys.Aggregate(root, (element, key) => key is int index ? element[index] : element.GetProperty((string)key));

    public int Int(params object[] keys) => this[keys].GetInt32();

    public double Number(params object[] keys) => this[keys].GetDouble();

    public string Text(params object[] keys) => this[keys].GetString()!;

    public double[] Numbers(params object[] keys) => [.. this[keys].EnumerateArray().Select(number => number.GetDouble())];

    public int[] Ints(params object[] keys) => [.. this[keys].EnumerateArray().Select(number => number.GetInt32())];

    public GoldenTensor Tensor(params object[] keys)
    {
        var element = this[keys];
        return new(
            [.. element.GetProperty("shape").EnumerateArray().Select(length => length.GetInt32())],
            [.. element.GetProperty("data").EnumerateArray().Select(number => number.GetDouble())]);
    }

    public bool Has(string key) => root.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null;

    public override string ToString() => Name;
}
