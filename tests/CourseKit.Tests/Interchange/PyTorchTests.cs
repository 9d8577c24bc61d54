using System.Text.Json;
using CourseKit.Backends;
using CourseKit.Interchange;
using CourseKit.Layers;
using CourseKit.Tensors;
using CourseKit.Tests.Architecture;
using CourseKit.Tests.Tensors;
using CourseKit.Training;
using static CourseKit.Tests.Interchange.PeerTensors;

namespace CourseKit.Tests.Interchange;

/// <summary>Weights go to a real PyTorch and come from it; both sides must compute the same from them.</summary>
public sealed class PyTorchTests : IDisposable
{
    private static readonly Case[] Cases =
    [
        new("RNN", 3, 5), new("RNN", 4, 6, Layers: 2, Bidirectional: true, Nonlinearity: "relu"),
        new("LSTM", 3, 5), new("LSTM", 3, 5, Layers: 3), new("LSTM", 5, 4, Layers: 2, Bidirectional: true, Double: true), new("LSTM", 3, 6, Layers: 2, Bidirectional: true, Projection: 2),
        new("GRU", 3, 5), new("GRU", 2, 7, Bidirectional: true), new("GRU", 5, 4, Layers: 2, Bidirectional: true),
        new("Model", 11, 6), new("Model", 11, 6, Tied: true),
    ];

    private readonly string folder = Directory.CreateTempSubdirectory("coursekit-pytorch-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [PyTorchFact]
    public void SaveAndLoad_EveryKind_BothSidesComputeTheSame()
    {
        var random = new RandomSource(5);
        for (var i = 0; i < Cases.Length; i++)
        {
            Directory.CreateDirectory(PathOf(i, ""));
            File.WriteAllText(PathOf(i, "case.json"), JsonSerializer.Serialize(Cases[i], JsonSerializerOptions.Web));
            Make(Cases[i], seed: 3).Save(PathOf(i, "ours.safetensors"));
            Safetensors.Write(PathOf(i, "inputs.safetensors"), Inputs(Cases[i], random));
        }

        var (code, error) = PyTorchFactAttribute.Run(Path.Combine(Repository.Root, "tests", "CourseKit.Tests", "Interchange", "pytorch_peer.py"), folder);
        Assert.True(code == 0, error);

        for (var i = 0; i < Cases.Length; i++)
        {
            CheckRun(i, Make(Cases[i], seed: 3), "ours-run-there.safetensors");
            var theirs = Make(Cases[i], seed: 4);
            theirs.Load(PathOf(i, "theirs.safetensors"));
            CheckRun(i, theirs, "theirs-run-there.safetensors");
        }
    }

    private void CheckRun(int i, Runner ours, string file)
    {
        var there = Safetensors.Read(PathOf(i, file)).Tensors;
        var here = ours.Run(Safetensors.Read(PathOf(i, "inputs.safetensors")).Tensors);
        Assert.Equal(there.Keys.Order(StringComparer.Ordinal), here.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, tensor) in here)
        {
            Assert.Equal(there[name].Shape, tensor.Shape);
            Close.To(Array.ConvertAll(there[name].ToArray(), number => (double)number), tensor, $"{Cases[i]}: {name}");
        }
    }

    private string PathOf(int i, string file) => Path.Combine(folder, $"{i:00}", file);

    private static Dictionary<string, Tensor> Inputs(Case of, RandomSource random)
    {
        if (of.Kind == "Model")
            return new() { ["x"] = Tensor.From([.. Enumerable.Range(0, 12).Select(i => (float)(i * 7 % of.Input))], 3, 4) };
        int[] states = [of.Layers * (of.Bidirectional ? 2 : 1), 3, of.Projection > 0 ? of.Projection : of.Hidden];
        var inputs = new Dictionary<string, Tensor> { ["x"] = Normal(random, 3, 6, of.Input), ["h0"] = Normal(random, states) };
        if (of.Kind == "LSTM")
            inputs.Add("c0", Normal(random, states[0], 3, of.Hidden));
        return inputs;
    }

    private static Runner Make(Case of, int seed)
    {
        if (of.Kind == "Model")
        {
            var embedding = new Embedding(of.Input, of.Hidden);
            var model = new Model(seed, embedding, new Lstm(of.Hidden, of.Hidden), of.Tied ? Linear.TiedTo(embedding) : new Linear(of.Hidden, of.Input));
            return new(path => model.Save(path), path => model.Load(path), inputs => new() { ["y"] = model.Predict(IntTensor.From(Array.ConvertAll(inputs["x"].ToArray(), id => (int)id), [.. inputs["x"].Shape.Sizes])) });
        }

        RecurrentLayer layer = of.Kind switch
        {
            "LSTM" => new Lstm(of.Input, of.Hidden, of.Layers, of.Bidirectional, projectionSize: of.Projection > 0 ? of.Projection : null),
            "GRU" => new Gru(of.Input, of.Hidden, of.Layers, bidirectional: of.Bidirectional),
            _ => new SimpleRnn(of.Input, of.Hidden, of.Layers, of.Nonlinearity == "relu" ? Activation.Relu : Activation.Tanh, of.Bidirectional),
        };
        layer.Initialize(new RandomSource(seed));
        return new(path => StateDict.Save(layer.Parameters, path), path => StateDict.Load(layer.Parameters, path), inputs =>
        {
            var (y, state) = layer.Forward(inputs["x"], new RecurrentState(Parts(inputs["h0"]), inputs.TryGetValue("c0", out var cell) ? Parts(cell) : null));
            var outputs = new Dictionary<string, Tensor> { ["y"] = y, ["hn"] = Stacked(state.Hidden) };
            if (state.Cell is not null)
                outputs.Add("cn", Stacked(state.Cell));
            return outputs;
        });
    }

    private sealed record Case(string Kind, int Input, int Hidden, int Layers = 1, bool Bidirectional = false, string Nonlinearity = "tanh", bool Double = false, int Projection = 0, bool Tied = false);

    private sealed record Runner(Action<string> Save, Action<string> Load, Func<IReadOnlyDictionary<string, Tensor>, Dictionary<string, Tensor>> Run);
}
