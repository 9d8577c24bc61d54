using System.Text.Json;
using CourseKit.Backends;
using CourseKit.Inspection;
using CourseKit.Interchange;
using CourseKit.Layers;
using CourseKit.Tensors;
using CourseKit.Tests.Tensors;
using CourseKit.Training;
using static CourseKit.Tests.Interchange.PeerTensors;

namespace CourseKit.Tests.Interchange;

/// <summary>What is exported runs in a real ONNX Runtime and gives the same numbers, whatever the batch and the length.</summary>
public sealed class OnnxTests : IDisposable
{
    private static readonly (string Name, bool States, bool Softmax, Func<Layer[]> Make)[] Cases =
    [
        ("rnn", true, false, () => [new SimpleRnn(3, 5)]),
        ("rnn relu stack both", true, false, () => [new SimpleRnn(3, 5, layers: 3, activation: Activation.Relu, bidirectional: true)]),
        ("lstm", true, false, () => [new Lstm(3, 5)]),
        ("lstm stack", true, false, () => [new Lstm(3, 5, layers: 2)]),
        ("lstm stack both", true, false, () => [new Lstm(4, 3, layers: 2, bidirectional: true)]),
        ("lstm both, last", true, false, () => [new Lstm(4, 3, bidirectional: true, returnSequences: false)]),
        ("lstm peephole both", true, false, () => [new Lstm(4, 3, layers: 2, bidirectional: true, peephole: true)]),
        ("lstm coupled", true, false, () => [new Lstm(3, 5, layers: 2, coupled: true)]),
        ("lstm coupled peephole", true, false, () => [new Lstm(3, 5, peephole: true, coupled: true)]),
        ("gru", true, false, () => [new Gru(3, 5)]),
        ("gru reset before", true, false, () => [new Gru(3, 5, resetAfter: false)]),
        ("gru stack both, last", true, false, () => [new Gru(4, 3, layers: 2, bidirectional: true, returnSequences: false)]),
        ("simplified gru", true, false, () => [new SimplifiedGru(3, 5, layers: 2)]),
        ("minimal gated unit", true, false, () => [new MinimalGatedUnit(3, 5, layers: 2)]),
        ("gru sum", false, false, () => [new Gru(4, 3, layers: 2, bidirectional: true, merge: BidirectionalMerge.Sum)]),
        ("gru multiply, last", false, false, () => [new Gru(4, 3, bidirectional: true, returnSequences: false, merge: BidirectionalMerge.Multiply)]),
        ("gru average", false, false, () => [new Gru(4, 3, bidirectional: true, merge: BidirectionalMerge.Average)]),
        ("gru none", false, false, () => [new Gru(4, 3, bidirectional: true, merge: BidirectionalMerge.None)]),
        ("character model", false, true, () => [new Embedding(11, 4), new Dropout(0.5f), new Lstm(4, 6, layers: 2), new Linear(6, 11)]),
        ("classifier", false, false, () => [new Embedding(11, 4), new Gru(4, 6, returnSequences: false), new Linear(6, 5), new ActivationLayer(Activation.Relu), new Linear(5, 1, bias: false), new ActivationLayer(Activation.Sigmoid)]),
        ("two recurrent layers", true, false, () => [new SimpleRnn(3, 4), new Lstm(4, 5, returnSequences: false)]),
        ("residuals and norms", true, false, () =>
            [new Residual(new Linear(4, 4), new ActivationLayer(Activation.Tanh)), new RecurrentResidual(new LayerNorm(4), new Gru(4, 3, layers: 2), new Linear(3, 4)), new TimeDistributed(new Linear(4, 2))]),
        ("no recurrent layer", false, true, () => [new Linear(3, 4), new ActivationLayer(Activation.Tanh), new Linear(4, 3)]),
    ];

    private readonly string folder = Directory.CreateTempSubdirectory("coursekit-onnx-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [OnnxRuntimeFact]
    public void Export_EveryKindAtTwoSizes_OnnxRuntimeGivesTheSame()
    {
        var random = new RandomSource(11);
        var expected = new Dictionary<string, Dictionary<string, Tensor>>();
        for (var i = 0; i < Cases.Length; i++)
        {
            foreach (var (batchSize, steps) in new[] { (1, 1), (3, 7) })
            {
                var model = new Model(i, Cases[i].Make());
                var path = Directory.CreateDirectory(Path.Combine(folder, $"{i:00} {Cases[i].Name} {batchSize} x {steps}")).FullName;
                model.ExportOnnx(Path.Combine(path, "model.onnx"), Cases[i].States, Cases[i].Softmax);
                var inputs = Inputs(model, Cases[i].States, batchSize, steps, random);
                File.WriteAllText(Path.Combine(path, "inputs.json"), JsonSerializer.Serialize(
                    inputs.ToDictionary(input => input.Key, input => new { shape = input.Value.Shape.Sizes.ToArray(), data = input.Value.ToArray(), ids = input.Key == "ids" })));
                expected[path] = Run(model, inputs, Cases[i].Softmax);
            }
        }

        var (code, error) = OnnxRuntimeFactAttribute.Run("onnx_peer.js", folder);
        Assert.True(code == 0, error);

        foreach (var (path, outputs) in expected)
        {
            var there = GoldenFile.Read(Path.Combine(path, "outputs.json"));
            Assert.Equal(outputs.Keys, there["outputs"].EnumerateObject().Select(output => output.Name).Order(StringComparer.Ordinal));
            foreach (var (name, tensor) in outputs)
                Close.To(there.Tensor("outputs", name), tensor, $"{Path.GetFileName(path)}: {name}");
        }
    }

    [Fact]
    public void Export_LayerThatOnnxLacks_ThrowsNamingItAndWritesNothing()
    {
        var path = Path.Combine(folder, "model.onnx");
        var error = Assert.Throws<ArgumentException>(() => Onnx.Export([new Linear(2, 3), new Embedding(2, 2)], path));
        Assert.StartsWith("Onnx.Export: Embedding(vocabularySize: 2, embeddingSize: 2) cannot be written in ONNX. What can: ", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }

    public static TheoryData<string> Unwritten => [.. UnwrittenLayers.Keys];

    private static readonly Dictionary<string, Func<Layer>> UnwrittenLayers = new()
    {
        ["padding"] = () => new Embedding(3, 2, paddingId: 0),
        ["projection"] = () => new Lstm(3, 4, projectionSize: 2),
        ["layer norm"] = () => new Lstm(3, 4, layerNorm: true),
        ["zoneout"] = () => new Gru(3, 4) { HiddenZoneout = 0.1f },
        ["cell zoneout"] = () => new Lstm(3, 4) { CellZoneout = 0.1f },
        ["none in a stack"] = () => new Gru(3, 4, layers: 2, bidirectional: true, merge: BidirectionalMerge.None),
        ["depth-gated"] = () => new DepthGatedLstm(3, 4, layers: 2),
    };

    [Theory]
    [MemberData(nameof(Unwritten))]
    public void Export_FormThatOnnxLacks_ThrowsNamingIt(string name)
    {
        var layer = UnwrittenLayers[name]();
        var error = Assert.Throws<ArgumentException>(() => Onnx.Export([layer], Path.Combine(folder, "model.onnx")));
        Assert.StartsWith($"Onnx.Export: {layer} cannot be written in ONNX. What can: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Export_NoLayer_Throws() =>
        Assert.Equal("Onnx.Export: give at least one layer.", Assert.Throws<ArgumentException>(() => Onnx.Export([], "model.onnx")).Message);

    [Fact]
    public void Export_TwoLayersOfOneName_Throws() =>
        Assert.Equal(
            "Onnx.Export: every layer must have a name of its own, but \"linear\" comes twice. Set Name, or put the layers into a Model, which does.",
            Assert.Throws<ArgumentException>(() => Onnx.Export([new Linear(1, 1), new Linear(1, 1)], "model.onnx")).Message);

    [Fact]
    public void Export_NoLayerWithASize_Throws() =>
        Assert.StartsWith("Onnx.Export: the layers must tell the size of their input", Assert.Throws<ArgumentException>(() => Onnx.Export([new Dropout(0.5f)], "model.onnx")).Message, StringComparison.Ordinal);

    [Fact]
    public void Export_NoFolder_ThrowsNamingTheFile()
    {
        var path = Path.Combine(folder, "none", "model.onnx");
        Assert.Equal(
            $"'{path}' cannot be written: there is no such folder. Choose another place, or make room and try again.",
            Assert.Throws<IOException>(() => Onnx.Export([new Linear(1, 1)], path)).Message);
    }

    private static Dictionary<string, Tensor> Inputs(Model model, bool states, int batchSize, int steps, RandomSource random)
    {
        var inputs = new Dictionary<string, Tensor>();
        switch (model.Layers[0])
        {
            case Embedding embedding:
                inputs["ids"] = Tensor.From([.. Enumerable.Range(0, batchSize * steps).Select(i => (float)(i * 5 % embedding.VocabularySize))], batchSize, steps);
                break;
            case Linear linear:
                inputs["x"] = Normal(random, batchSize, linear.InputSize);
                break;
            case SequenceLayer recurrent:
                inputs["x"] = Normal(random, batchSize, steps, recurrent.InputSize);
                break;
            default:
                inputs["x"] = Normal(random, batchSize, steps, 4);
                break;
        }

        foreach (var (name, layer) in model.Layers.Select(Recurrent).OfType<(string, RecurrentLayer)>().Where(_ => states))
        {
            var parts = layer.Layers * (layer.Bidirectional ? 2 : 1);
            inputs[$"{name}.h0"] = Normal(random, parts, batchSize, layer.HiddenSize);
            if (layer is Lstm)
                inputs[$"{name}.c0"] = Normal(random, parts, batchSize, layer.HiddenSize);
        }

        return inputs;
    }

    private static Dictionary<string, Tensor> Run(Model model, Dictionary<string, Tensor> inputs, bool softmax)
    {
        var before = new ModelState([.. model.Layers.Select(layer => Recurrent(layer) is var (name, _) && inputs.TryGetValue($"{name}.h0", out var hidden)
            ? new RecurrentState(Parts(hidden), inputs.TryGetValue($"{name}.c0", out var cell) ? Parts(cell) : null)
            : null)]);
        var (y, after) = inputs.TryGetValue("ids", out var ids)
            ? model.Forward(IntTensor.From(Array.ConvertAll(ids.ToArray(), id => (int)id), [.. ids.Shape.Sizes]), before)
            : model.Forward(inputs["x"], before);
        var outputs = new SortedDictionary<string, Tensor>(StringComparer.Ordinal) { ["y"] = softmax ? CourseKit.Autograd.Ops.Softmax(y) : y };
        for (var i = 0; i < model.Layers.Count; i++)
        {
            if (after.Layers[i] is not { } state || Recurrent(model.Layers[i]) is not var (name, _))
                continue;
            outputs[$"{name}.hn"] = Stacked(state.Hidden);
            if (state.Cell is not null)
                outputs[$"{name}.cn"] = Stacked(state.Cell);
        }

        return new(outputs);
    }

    // The layer itself, or the one inside it, under the name that it has in the file.
    private static (string Name, RecurrentLayer Layer)? Recurrent(Layer layer) => layer switch
    {
        RecurrentLayer recurrent => (layer.Name, recurrent),
        RecurrentResidual => ($"{layer.Name}.{layer.Parts.OfType<RecurrentLayer>().Single().Name}", layer.Parts.OfType<RecurrentLayer>().Single()),
        _ => null,
    };
}
