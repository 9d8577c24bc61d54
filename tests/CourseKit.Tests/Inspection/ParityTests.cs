using System.Globalization;
using System.Text.Json.Nodes;
using CourseKit.Inspection;
using CourseKit.Tests.Fixtures;

namespace CourseKit.Tests.Inspection;

/// <summary>The library against the golden numbers of PyTorch and Keras: outputs, states, losses, gradients, weights after training.</summary>
public sealed class ParityTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("coursekit-parity-").FullName;

    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(FixtureFiles.Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [MemberData(nameof(Files))]
    public void Check_EveryGoldenFile_Agrees(string name)
    {
        var result = Parity.Check(Path.Combine(FixtureFiles.Folder, name + ".json"));

        Assert.True(result.Agrees, result.ToString());
        Assert.True(result.Numbers > 0);
    }

    [Theory]
    [InlineData("lstm_l1", "cn", "cn")]
    [InlineData("rnn_l1", "grad_weights.weight_hh_l0", "grad_weights.weight_hh_l0")]
    [InlineData("gru_l1_lengths", "grad_h0", "grad_h0")]
    [InlineData("keras_gru_masked", "y", "y")]
    [InlineData("keras_sentiment_lstm", "end.2", "end.lstm.weight_hh_l0")]
    [InlineData("train_gru", "end.decoder.bias", "end.decoder.bias")]
    [InlineData("optimizers", "runs.4.after_each_step.4", "runs.rmsprop.4")]
    [InlineData("optimizers", "clip.clipped.1", "clip.clipped.1")]
    [InlineData("losses", "grad_mse", "grad_mse")]
    [InlineData("layers", "additive_attention.grad_v", "additive_attention.grad_v")]
    [InlineData("ctc", "grad_logits_of_sum", "grad_logits_of_sum")]
    public void Check_OneResultMoved_IsSeenAndNamed(string name, string path, string place)
    {
        var root = JsonNode.Parse(File.ReadAllBytes(Path.Combine(FixtureFiles.Folder, name + ".json")))!;
        var data = Find(root, path)["data"]!.AsArray();
        data[^1] = data[^1]!.GetValue<double>() + 1e-3;
        File.WriteAllText(Path.Combine(folder, "moved.json"), root.ToJsonString());

        var result = Parity.Check(Path.Combine(folder, "moved.json"));

        Assert.False(result.Agrees);
        Assert.Null(result.Reason);
        Assert.Equal(place, result.Place);
        Assert.Equal(1e-3, result.LargestDifference, 1e-5);
    }

    [Theory]
    [InlineData("[]", "the file must hold one JSON object, but holds Array")]
    [InlineData("{}", "the file is none of the kinds that are known")]
    [InlineData("""{"logits":{"shape":[2],"data":[1]},"cross_entropy":1}""", "logits has shape [2] but 1 numbers")]
    [InlineData("""{"logits":{"shape":[1,1],"data":[1]},"cross_entropy":1}""", "targets is missing")]
    [InlineData("""{"logits":{"shape":[1,1],"data":["a"]},"cross_entropy":1}""", "logits.data must be finite numbers, but is a text")]
    [InlineData("""{"logits":{"shape":[-1],"data":[1]},"cross_entropy":1}""", "logits has shape [-1] but 1 numbers")]
    [InlineData("""{"layers":1000000000,"weights":{},"loss_weight_y":1,"kind":"LSTM","input":1,"hidden":1,"bidirectional":false}""", "layers must be from 1 to 100, but is 1000000000")]
    [InlineData("""{"layers":1,"weights":{},"loss_weight_y":1,"kind":"LSTM","input":1,"hidden":16777216,"bidirectional":false}""", "weights.weight_ih_l0 is missing")]
    [InlineData("""{"layers":1,"weights":{},"loss_weight_y":1,"kind":"other","input":1,"hidden":1,"bidirectional":false}""", "kind must be LSTM, GRU, RNN or simpleRNN, but is other")]
    public void Check_FileNotUnderstood_SaysWhy(string json, string reason)
    {
        File.WriteAllText(Path.Combine(folder, "some.json"), json);
        Assert.StartsWith(reason, Parity.Check(Path.Combine(folder, "some.json")).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void CheckFolder_SomeFiles_GivesOneResultEachInOrder()
    {
        File.WriteAllText(Path.Combine(folder, "b.json"), "{");
        File.Copy(Path.Combine(FixtureFiles.Folder, "losses.json"), Path.Combine(folder, "a.json"));
        File.WriteAllText(Path.Combine(folder, "c.txt"), "");

        var results = Parity.CheckFolder(folder);

        Assert.Equal(["a", "b"], results.Select(result => result.File));
        Assert.True(results[0].Agrees);
        Assert.StartsWith("b: the file is not whole JSON (", results[1].ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train_gru")]
    [InlineData("keras_sentiment_lstm")]
    public void Check_CultureWithADecimalComma_Agrees(string name)
    {
        var before = CultureInfo.CurrentCulture;
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (comma.NumberFormat.NumberDecimalSeparator, comma.NumberFormat.NumberGroupSeparator) = (",", ".");
        CultureInfo.CurrentCulture = comma;
        try
        {
            Check_EveryGoldenFile_Agrees(name);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("ctc", "grad_logits_of_sum", "{\"shape\": [1], \"data\": [1]}", "a tensor must have three dimensions, but is [1]")]
    [InlineData("train_gru", "start.rnn.weight_ih_l0", "{\"shape\": [], \"data\": [1]}", "start.rnn.weight_ih_l0 must be a matrix")]
    public void Check_APartOfAnotherForm_SaysSo(string name, string path, string json, string reason)
    {
        var root = JsonNode.Parse(File.ReadAllBytes(Path.Combine(FixtureFiles.Folder, name + ".json")))!;
        Find(root, path).ReplaceWith(JsonNode.Parse(json));
        Assert.Equal(reason, Check(root).Reason);
    }

    [Fact]
    public void Check_CtcOfNoRows_SaysSo()
    {
        var reason = Check(JsonNode.Parse("""{"logits": {"shape": [0, 0, 2], "data": []}, "input_lengths": [], "target_lengths": [], "targets": []}""")!).Reason;
        Assert.Equal("logits must be [time, batch, classes] with at least one row", reason);
    }

    [Fact]
    public void Check_KernelOfHugeLayerWithoutItsSquareMatrix_SaysSo()
    {
        var zeros = string.Join(',', Enumerable.Repeat('0', 4 * 30_000));
        var reason = Check(JsonNode.Parse($$"""
            {"kind": "lstm", "units": 30000, "x": {"shape": [1, 1, 1], "data": [1]}, "y": {"shape": [1], "data": [1]},
             "weights": [{"name": "kernel", "shape": [1, 120000], "data": [{{zeros}}]}]}
            """)!).Reason;
        Assert.Equal("weight 1 must be [30000, 120000]", reason);
    }

    [Fact]
    public void CheckFolder_NoFolder_Throws() => Assert.Equal(
        $"There is no folder '{folder}-'. Give one with golden files.",
        Assert.Throws<DirectoryNotFoundException>(() => Parity.CheckFolder(folder + "-")).Message);

    private ParityResult Check(JsonNode root)
    {
        var path = Path.Combine(folder, "changed.json");
        File.WriteAllText(path, root.ToJsonString());
        return Parity.Check(path);
    }

    private static JsonNode Find(JsonNode node, string path)
    {
        // A name may itself hold a point: decoder.bias.
        if (node is JsonObject && node[path] is { } whole)
            return whole;
        var point = path.IndexOf('.', StringComparison.Ordinal);
        var key = point < 0 ? path : path[..point];
        var next = node is JsonArray list ? list[int.Parse(key)]! : node[key]!;
        return point < 0 ? next : Find(next, path[(point + 1)..]);
    }
}
