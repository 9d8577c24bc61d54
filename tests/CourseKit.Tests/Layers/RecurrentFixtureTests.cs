using CourseKit.Autograd;
using CourseKit.Backends;
using CourseKit.Layers;
using CourseKit.Tensors;
using CourseKit.Tests.Fixtures;
using CourseKit.Tests.Tensors;

namespace CourseKit.Tests.Layers;

/// <summary>Recurrent layers against PyTorch's float64 numbers: outputs, final states, loss, every gradient.</summary>
public class RecurrentFixtureTests
{
    public static TheoryData<string> Names =>
    [
        "rnn_l1", "rnn_l1_bi", "rnn_l2", "rnn_l2_bi", "rnn_relu_l1", "rnn_relu_l2_bi",
        "lstm_l1", "lstm_l1_bi", "lstm_l2", "lstm_l2_bi", "gru_l1", "gru_l1_bi", "gru_l2", "gru_l2_bi",
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void ForwardAndBackward_AgainstPyTorch_Agree(string name)
    {
        var fixture = Fixture.Load(name);
        var layer = Layer(fixture);
        var x = fixture.Tensor("x").SwapFirstTwo().ToTensor(requiresGradient: true);
        var state = new RecurrentState(States(fixture, "h0"), fixture.Has("c0") ? States(fixture, "c0") : null);

        Tape.Step(() =>
        {
            var (y, final) = layer.Forward(x, state);
            Close.To(fixture.Tensor("y").SwapFirstTwo(), y, "y");
            var loss = Weighted(y, fixture.Tensor("loss_weight_y").SwapFirstTwo());
            for (var i = 0; i < final.Hidden.Count; i++)
            {
                Close.To(fixture.Tensor("hn").Part(i), final.Hidden[i], $"hn[{i}]");
                loss += Weighted(final.Hidden[i], fixture.Tensor("loss_weight_h").Part(i));
                if (final.Cell is null)
                    continue;
                Close.To(fixture.Tensor("cn").Part(i), final.Cell[i], $"cn[{i}]");
                loss += Weighted(final.Cell[i], fixture.Tensor("loss_weight_c").Part(i));
            }

            Assert.Equal(fixture.Number("loss"), loss.Item(), 1e-5);
            loss.Backward();
        });

        Close.To(fixture.Tensor("grad_x").SwapFirstTwo(), x.Gradient, "grad_x");
        for (var i = 0; i < state.Hidden.Count; i++)
        {
            Close.To(fixture.Tensor("grad_h0").Part(i), state.Hidden[i].Gradient, $"grad_h0[{i}]");
            if (state.Cell is not null)
                Close.To(fixture.Tensor("grad_c0").Part(i), state.Cell[i].Gradient, $"grad_c0[{i}]");
        }

        foreach (var (parameter, tensor) in layer.Parameters)
            Close.To(fixture.Tensor("grad_weights", parameter), tensor.Gradient, parameter);
    }

    [Theory]
    [InlineData("keras_gru_returnSequences", true)]
    [InlineData("keras_gru_last", false)]
    public void Forward_GruResetBeforeAgainstKeras_Agrees(string name, bool returnSequences)
    {
        var fixture = Fixture.Load(name);
        var (kernel, recurrent, bias) = (fixture.Tensor("weights", 0), fixture.Tensor("weights", 1), fixture.Tensor("weights", 2));
        var gru = new Gru(kernel.Shape[0], fixture.Int("units"), resetAfter: false, returnSequences: returnSequences);
        gru.WeightIh().CopyFrom(FromKeras(kernel));
        gru.WeightHh().CopyFrom(FromKeras(recurrent));
        gru.BiasIh().CopyFrom(FromKeras(bias with { Shape = [1, bias.Shape[0]] }));
        gru.BiasHh().CopyFrom(new float[bias.Shape[0]]);

        var (y, _) = gru.Forward(fixture.Tensor("x").ToTensor());

        Close.To(fixture.Tensor("y"), y, "y");
    }

    private static RecurrentLayer Layer(Fixture fixture)
    {
        var (inputSize, hiddenSize, layers, bidirectional) = (fixture.Int("input"), fixture.Int("hidden"), fixture.Int("layers"), fixture["bidirectional"].GetBoolean());
        RecurrentLayer layer = fixture.Text("kind") switch
        {
            "LSTM" => new Lstm(inputSize, hiddenSize, layers, bidirectional),
            "GRU" => new Gru(inputSize, hiddenSize, layers, bidirectional: bidirectional),
            _ => new SimpleRnn(inputSize, hiddenSize, layers, fixture.Text("nonlinearity") == "relu" ? Activation.Relu : Activation.Tanh, bidirectional),
        };
        foreach (var (name, tensor) in layer.Parameters)
            tensor.CopyFrom(fixture.Tensor("weights", name).Floats);
        return layer;
    }

    private static Tensor[] States(Fixture fixture, string name)
    {
        var golden = fixture.Tensor(name);
        return [.. Enumerable.Range(0, golden.Shape[0]).Select(i => golden.Part(i).ToTensor(requiresGradient: true))];
    }

    private static Tensor Weighted(Tensor y, GoldenTensor weights) => (y * weights.ToTensor()).Sum();

    // Keras: [rows, z r h] in columns; ours: [r z n, columns] in rows.
    private static float[] FromKeras(GoldenTensor keras)
    {
        var (rows, units) = (keras.Shape[0], keras.Shape[1] / 3);
        int[] order = [1, 0, 2];
        var ours = new List<float>();
        for (var gate = 0; gate < 3; gate++)
            for (var unit = 0; unit < units; unit++)
                for (var row = 0; row < rows; row++)
                    ours.Add((float)keras.Data[(row * 3 * units) + (order[gate] * units) + unit]);
        return [.. ours];
    }
}
