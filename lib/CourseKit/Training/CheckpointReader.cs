using System.Globalization;
using CourseKit.Interchange;
using CourseKit.Tensors;

namespace CourseKit.Training;

/// <summary>Takes the parts of a checkpoint out of its file, and holds each to what the training expects.</summary>
internal sealed class CheckpointReader(SafetensorsFile file, string path)
{
    /// <summary>The tensors whose names begin so, under what follows.</summary>
    public Dictionary<string, Tensor> Tensors(string prefix) => file.Tensors
        .Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(pair => pair.Key[prefix.Length..], pair => pair.Value);

    public void RequireSame(string name, string expected)
    {
        if (Text(name) is var text && text != expected)
            throw Misfit($"its {name} is {text}, but here it is {expected}");
    }

    public void RequireSettings(IReadOnlyDictionary<string, string> settings)
    {
        const string Prefix = "setting.";
        foreach (var (name, value) in settings)
        {
            var saved = file.Metadata.GetValueOrDefault(Prefix + name);
            if (saved != value)
                throw Misfit(saved is null ? $"it says nothing of {name}, but here it is {value}" : $"its {name} is {saved}, but here it is {value}");
        }
        if (file.Metadata.Keys.FirstOrDefault(key => key.StartsWith(Prefix, StringComparison.Ordinal) && !settings.ContainsKey(key[Prefix.Length..])) is { } more)
            throw Misfit($"its {more[Prefix.Length..]} is {file.Metadata[more]}, but here there is none");
    }

    public void RequireSameShapes(Dictionary<string, Tensor> saved, IReadOnlyList<Parameter> parameters)
    {
        foreach (var (name, tensor) in parameters)
        {
            if (!saved.TryGetValue(name, out var other) || other.Shape != tensor.Shape)
                throw Misfit($"its {name} is {other?.Shape.ToString() ?? "missing"}, but here it is {tensor.Shape}");
        }
        if (saved.Count > parameters.Count)
            throw Misfit($"its model has {saved.Count} parameters, but here it has {parameters.Count}");
    }

    public int Whole(string name) => int.TryParse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Broken(name);

    public double Number(string name) => double.TryParse(Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : throw Broken(name);

    /// <summary>The states of as many sources of randomness as the training has.</summary>
    public RandomState[] States(string name, int count)
    {
        var words = Text(name).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length != count)
            throw Misfit($"it has {words.Length} sources of randomness, but here there are {count}: those of the layers, and FitOptions.RandomSources");
        return [.. words.Select(word => word.Length == 64 && word.All(char.IsAsciiHexDigit) && word.Any(digit => digit != '0')
            ? new RandomState(Part(word, 0), Part(word, 1), Part(word, 2), Part(word, 3))
            : throw Broken(name))];

        static ulong Part(string word, int index) => ulong.Parse(word.AsSpan(index * 16, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    /// <summary>Rows of float64 numbers that lie as two float32 each.</summary>
    public IEnumerable<double[]> Doubles(string name, int columns) =>
        (file.Tensors.TryGetValue(name, out var tensor) ? Float64Bits.Read(tensor, columns) : null) ?? throw Broken(name);

    /// <summary>The error for a checkpoint that is whole, but of another training.</summary>
    public CheckpointException Misfit(string what, Exception? inner = null) =>
        new($"The checkpoint '{path}' is of another training: {what}. Go on with the model, the data and the options that it was made with, or name another file.", inner!);

    private string Text(string name) => file.Metadata.TryGetValue(name, out var text) ? text : throw Broken(name);

    private CheckpointException Broken(string name) => new($"The file '{path}' is not a checkpoint of CourseKit: its {name} is missing or cannot be used. Name another file.");
}
