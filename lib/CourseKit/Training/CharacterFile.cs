using System.Globalization;
using System.Text.Json;
using CourseKit.Data;
using CourseKit.Interchange;

namespace CourseKit.Training;

/// <summary>How a character model lies in a safetensors file. A file comes from anywhere, so all that it says is checked before a layer is made.</summary>
internal static class CharacterFile
{
    private const string Format = "coursekit-character-model", Version = "1";

    public static void Save(CharacterModel model, string path) => Safetensors.Write(
        path,
        model.Model.Parameters.Select(parameter => KeyValuePair.Create(parameter.Name, parameter.Tensor)),
        new Dictionary<string, string>
        {
            ["format"] = Format,
            ["version"] = Version,
            ["cell"] = NameOf(model.Cell),
            ["embedding"] = model.Embedding.ToString(CultureInfo.InvariantCulture),
            ["hidden"] = model.Hidden.ToString(CultureInfo.InvariantCulture),
            ["layers"] = model.Layers.ToString(CultureInfo.InvariantCulture),
            ["vocabulary"] = JsonSerializer.Serialize(model.Vocabulary.Symbols),
        });

    public static CharacterModel Load(string path)
    {
        var file = Safetensors.Read(path);
        var format = Text(path, file, "format");
        if (format != Format)
            throw Wrong(path, $"its format is \"{format}\", not \"{Format}\"");
        var version = Text(path, file, "version");
        if (version != Version)
            throw Wrong(path, $"its version is \"{version}\", but this program reads version {Version}. Update the program");

        var cellName = Text(path, file, "cell");
        if (Enum.GetValues<CellKind>().Where(kind => NameOf(kind) == cellName).ToArray() is not [var cell])
            throw Wrong(path, $"its cell is \"{cellName}\", not rnn, lstm or gru");
        var vocabulary = ReadVocabulary(path, Text(path, file, "vocabulary"));
        var (embedding, hidden, layers) = (Size(path, file, "embedding"), Size(path, file, "hidden"), Size(path, file, "layers"));

        // The sizes are only words until the tensors that are there bear them out.
        CheckShapes(path, file, Shapes(cell, vocabulary.Count, embedding, hidden, layers), 3 + (4L * layers));
        var model = CharacterModel.OfSizes(vocabulary, cell, embedding, hidden, layers);
        foreach (var (name, tensor) in model.Model.Parameters)
            tensor.CopyFrom(file.Tensors[name]);
        return model;
    }

    public static string NameOf(CellKind cell) => cell switch
    {
        CellKind.Rnn => "rnn",
        CellKind.Lstm => "lstm",
        _ => "gru",
    };

    private static IEnumerable<(string Name, long[] Sizes)> Shapes(CellKind cell, long vocabulary, long embedding, long hidden, long layers)
    {
        var rows = hidden * cell switch { CellKind.Rnn => 1, CellKind.Lstm => 4, _ => 3 };
        yield return ("embedding.weight", [vocabulary, embedding]);
        yield return ("decoder.weight", [vocabulary, hidden]);
        yield return ("decoder.bias", [vocabulary]);
        for (long layer = 0; layer < layers; layer++)
        {
            yield return ($"rnn.weight_ih_l{layer}", [rows, layer == 0 ? embedding : hidden]);
            yield return ($"rnn.weight_hh_l{layer}", [rows, hidden]);
            yield return ($"rnn.bias_ih_l{layer}", [rows]);
            yield return ($"rnn.bias_hh_l{layer}", [rows]);
        }
    }

    private static void CheckShapes(string path, SafetensorsFile file, IEnumerable<(string Name, long[] Sizes)> shapes, long count)
    {
        if (file.Tensors.Count != count)
            throw Wrong(path, $"such a model has {count} tensors, but the file has {file.Tensors.Count}");
        foreach (var (name, sizes) in shapes)
        {
            var form = $"[{string.Join(", ", sizes)}]";
            if (!file.Tensors.TryGetValue(name, out var tensor))
                throw Wrong(path, $"the tensor \"{name}\" {form} is missing");
            if (tensor.Shape.ToString() != form)
                throw Wrong(path, $"the tensor \"{name}\" must be {form}, but is {tensor.Shape}");
            if (tensor.ToArray().Any(value => !float.IsFinite(value)))
                throw Wrong(path, $"the tensor \"{name}\" holds numbers that are not finite");
        }
    }

    private static Vocabulary ReadVocabulary(string path, string json)
    {
        try
        {
            var symbols = JsonSerializer.Deserialize<string?[]>(json) ?? [];
            return symbols.Contains(null) ? throw new JsonException("null among the symbols") : Vocabulary.OfSymbols(symbols!);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or DataException)
        {
            throw new SafetensorsException(Message(path, $"its vocabulary cannot be used ({e.Message.TrimEnd('.')})"), e);
        }
    }

    private static int Size(string path, SafetensorsFile file, string key) =>
        int.TryParse(Text(path, file, key), NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size >= 1
            ? size
            : throw Wrong(path, $"its {key} must be a whole number of at least 1, but is \"{file.Metadata[key]}\"");

    private static string Text(string path, SafetensorsFile file, string key) =>
        file.Metadata.TryGetValue(key, out var text) ? text : throw Wrong(path, $"its metadata has no \"{key}\"");

    private static SafetensorsException Wrong(string path, string what) => new(Message(path, what));

    private static string Message(string path, string what) => $"'{path}' is not a character model of CourseKit: {what}. Train one with the train verb, or CharacterModel.Train.";
}
