using CourseKit.Backends.Reference;
using CourseKit.Interchange;
using CourseKit.Layers;
using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.Tests.Interchange;

public sealed class StateDictTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("coursekit-statedict-").FullName;

    private string FilePath => Path.Combine(folder, "some.safetensors");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void SaveThenLoad_Model_GivesTheSameBits()
    {
        var (one, other) = (Make(1), Make(2));
        one.Save(FilePath);
        other.Load(FilePath);

        Assert.Equal(Bits(one), Bits(other));
        Assert.Equal(
            ["embedding.weight", "linear.bias", "linear.weight", "lstm.bias_hh_l0", "lstm.bias_ih_l0", "lstm.weight_hh_l0", "lstm.weight_ih_l0"],
            Safetensors.Read(FilePath).Tensors.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Load_ModelOnAnotherBackend_GivesTheSameNumbers()
    {
        var (one, other) = (Make(1), Make(2));
        one.Save(FilePath);
        other.To(new Float64Backend());
        other.Load(FilePath);
        Assert.Equal(Bits(one), Bits(other));
    }

    [Fact]
    public void SaveThenLoad_NamesMapped_TakesTheNamesOfTheFile()
    {
        static string There(string name) => name.Replace("lstm.", "encoder.rnn.", StringComparison.Ordinal);
        var (one, other) = (Make(1), Make(2));
        one.Save(FilePath, There);

        Assert.Contains("encoder.rnn.weight_ih_l0", Safetensors.Read(FilePath).Tensors.Keys);
        Assert.Throws<SafetensorsException>(() => other.Load(FilePath));
        other.Load(FilePath, There);
        Assert.Equal(Bits(one), Bits(other));
    }

    [Fact]
    public void Load_NamesAndShapesDiffer_ThrowsListingThemAndChangesNothing()
    {
        Safetensors.Write(FilePath, new Dictionary<string, Tensor> { ["weight"] = Tensor.Zeros(2, 4), ["beta"] = Tensor.Zeros(3) });
        var linear = new Linear(3, 2);
        var before = linear.Weight.ToArray();

        var error = Assert.Throws<SafetensorsException>(() => StateDict.Load(linear.Parameters, FilePath));

        Assert.Equal(
            $"'{FilePath}' does not hold these parameters. Missing: bias [2]. Unexpected: beta [3]. Of another shape: weight must be [2, 3], but is [2, 4]. "
            + "Load it into the layers that it was saved from, or give nameInFile when only the names differ.",
            error.Message);
        Assert.Equal(before, linear.Weight.ToArray());
    }

    [Fact]
    public void Load_ManyMissing_ListsFiveAndCountsTheRest()
    {
        Safetensors.Write(FilePath, []);
        var error = Assert.Throws<SafetensorsException>(() => StateDict.Load(new Gru(2, 3, bidirectional: true).Parameters, FilePath));
        Assert.Contains("Missing: weight_ih_l0 [9, 2], weight_hh_l0 [9, 3], bias_ih_l0 [9], bias_hh_l0 [9], weight_ih_l0_reverse [9, 2] and 3 more. ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_TwoParametersOfOneName_Throws()
    {
        var error = Assert.Throws<ArgumentException>(() => StateDict.Load(new Linear(2, 2).Parameters, FilePath, _ => "same"));
        Assert.StartsWith("StateDict.Load: every parameter must have a name of its own in the file, but \"same\" comes twice.", error.Message, StringComparison.Ordinal);
    }

    private static Model Make(int seed) => new(seed, new Embedding(5, 3), new Lstm(3, 4), new Linear(4, 5));

    private static float[] Bits(Model model) => [.. model.Parameters.SelectMany(parameter => parameter.Tensor.ToArray())];
}
