using CourseKit.Data;
using CourseKit.Interchange;
using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.Tests.Training;

/// <summary>A saved character model, and files that only look like one.</summary>
public sealed class CharacterFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("coursekit-model-").FullName;

    private string FilePath => Path.Combine(folder, "model.safetensors");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(CellKind.Rnn, 1)]
    [InlineData(CellKind.Lstm, 2)]
    [InlineData(CellKind.Gru, 3)]
    public void SaveThenLoad_AnyCell_IsTheSameModel(CellKind cell, int layers)
    {
        var model = CharacterModel.Create(Vocabulary.OfCharacters("ab\n\"\\😀\u0001é"), new() { Cell = cell, Layers = layers, Hidden = 9, Embedding = 4, Seed = 11 });
        model.Save(FilePath);

        var loaded = CharacterModel.Load(FilePath);

        Assert.Equal(model.ToString(), loaded.ToString());
        Assert.Equal(model.Vocabulary.Symbols, loaded.Vocabulary.Symbols);
        Assert.Equal((cell, layers, 9, 4), (loaded.Cell, loaded.Layers, loaded.Hidden, loaded.Embedding));
        Assert.Equal(model.Model.Parameters.SelectMany(parameter => parameter.Tensor.ToArray()), loaded.Model.Parameters.SelectMany(parameter => parameter.Tensor.ToArray()));
        Assert.Equal(model.Sample("a", 100), loaded.Sample("a", 100));
    }

    [Fact]
    public void Save_Twice_GivesTheSameBytes()
    {
        var model = Make();
        model.Save(FilePath);
        var first = File.ReadAllBytes(FilePath);
        CharacterModel.Load(FilePath).Save(FilePath);

        Assert.Equal(first, File.ReadAllBytes(FilePath));
    }

    [Theory]
    [InlineData("format", null, "its metadata has no \"format\"")]
    [InlineData("format", "pt", "its format is \"pt\", not \"coursekit-character-model\"")]
    [InlineData("version", "2", "its version is \"2\", but this program reads version 1. Update the program")]
    [InlineData("cell", null, "its metadata has no \"cell\"")]
    [InlineData("cell", "1", "its cell is \"1\", not rnn, lstm or gru")]
    [InlineData("cell", "LSTM", "its cell is \"LSTM\", not rnn, lstm or gru")]
    [InlineData("cell", "gru", "the tensor \"rnn.weight_ih_l0\" must be [15, 4], but is [20, 4]")]
    [InlineData("hidden", "0", "its hidden must be a whole number of at least 1, but is \"0\"")]
    [InlineData("hidden", "-5", "its hidden must be a whole number of at least 1, but is \"-5\"")]
    [InlineData("hidden", "5.0", "its hidden must be a whole number of at least 1, but is \"5.0\"")]
    [InlineData("hidden", "99999999999", "its hidden must be a whole number of at least 1, but is \"99999999999\"")]
    [InlineData("hidden", "2147483647", "the tensor \"decoder.weight\" must be [3, 2147483647], but is [3, 5]")]
    [InlineData("embedding", "2147483647", "the tensor \"embedding.weight\" must be [3, 2147483647], but is [3, 4]")]
    [InlineData("layers", "2147483647", "such a model has 8589934591 tensors, but the file has 7")]
    [InlineData("layers", "2", "such a model has 11 tensors, but the file has 7")]
    [InlineData("vocabulary", null, "its metadata has no \"vocabulary\"")]
    [InlineData("vocabulary", "abc", "its vocabulary cannot be used ('a' is an invalid start of a value.")]
    [InlineData("vocabulary", "null", "its vocabulary cannot be used (Vocabulary: there must be at least 2 different symbols, but there are none.")]
    [InlineData("vocabulary", "[\"a\",null,\"c\"]", "its vocabulary cannot be used (null among the symbols)")]
    [InlineData("vocabulary", "[\"a\",\"b\",\"a\"]", "its vocabulary cannot be used (Vocabulary: the symbol 'a' comes twice, as 0 and 2.")]
    [InlineData("vocabulary", "[\"a\",\"b\",\"\\ud800\"]", "its vocabulary cannot be used (")]
    [InlineData("vocabulary", "[\"a\",\"b\",\"c\",\"d\"]", "the tensor \"embedding.weight\" must be [4, 4], but is [3, 4]")]
    public void Load_MetadataThatDoesNotFit_ThrowsNamingFileAndMend(string key, string? value, string why)
    {
        Make().Save(FilePath);
        var file = Safetensors.Read(FilePath);
        var metadata = new Dictionary<string, string>(file.Metadata);
        metadata.Remove(key);
        if (value is not null)
            metadata[key] = value;
        Safetensors.Write(FilePath, file.Tensors, metadata);

        var error = Assert.Throws<SafetensorsException>(() => CharacterModel.Load(FilePath));

        Assert.StartsWith($"'{FilePath}' is not a character model of CourseKit: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.EndsWith(". Train one with the train verb, or CharacterModel.Train.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_TensorOfAnotherName_ThrowsNamingTheMissingOne()
    {
        Assert.Contains("the tensor \"decoder.bias\" [3] is missing", Refused(tensors =>
        {
            tensors["decoder.bios"] = tensors["decoder.bias"];
            tensors.Remove("decoder.bias");
        }), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_TensorNotFinite_ThrowsNamingIt()
    {
        Assert.Contains("the tensor \"decoder.bias\" holds numbers that are not finite", Refused(tensors =>
            tensors["decoder.bias"] = Tensor.From([0f, float.NaN, 1f], 3)), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_CutAnywhere_ThrowsNamingTheFile()
    {
        Make().Save(FilePath);
        var whole = File.ReadAllBytes(FilePath);
        for (var length = 0; length < whole.Length; length += 13)
        {
            File.WriteAllBytes(FilePath, whole[..length]);
            Assert.StartsWith($"'{FilePath}' is not a whole safetensors file: ", Assert.Throws<SafetensorsException>(() => CharacterModel.Load(FilePath)).Message, StringComparison.Ordinal);
        }
    }

    private static CharacterModel Make() => CharacterModel.Create(Vocabulary.OfCharacters("abc"), new() { Hidden = 5, Embedding = 4 });

    private string Refused(Action<Dictionary<string, Tensor>> change)
    {
        Make().Save(FilePath);
        var file = Safetensors.Read(FilePath);
        var tensors = new Dictionary<string, Tensor>(file.Tensors);
        change(tensors);
        Safetensors.Write(FilePath, tensors, file.Metadata);
        return Assert.Throws<SafetensorsException>(() => CharacterModel.Load(FilePath)).Message;
    }
}
