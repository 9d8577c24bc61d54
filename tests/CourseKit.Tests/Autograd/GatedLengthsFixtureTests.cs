using CourseKit.Autograd;
using CourseKit.Backends;
using CourseKit.Tensors;
using CourseKit.Tests.Fixtures;
using CourseKit.Tests.Tensors;

namespace CourseKit.Tests.Autograd;

/// <summary>Simple recurrent layers and GRUs with masks against PyTorch's packed sequences (outputs, final states, loss, every gradient) and against Keras's Masking layer.</summary>
public class GatedLengthsFixtureTests
{
    [Theory]
    [InlineData("rnn_l1_lengths")]
    [InlineData("rnn_l2_bi_lengths")]
    [InlineData("gru_l1_lengths")]
    [InlineData("gru_l2_bi_lengths")]
    public void WithMask_AgainstPyTorchsPackedSequences_Agrees(string name)
    {
        var fixture = Fixture.Load(name);
        var (layers, directions, isGru) = (fixture.Int("layers"), fixture["bidirectional"].GetBoolean() ? 2 : 1, fixture.Text("kind") == "GRU");
        var weights = Enumerable.Range(0, layers * directions).Select(i => Weights(fixture, Suffix(i, directions))).ToArray();
        var x = fixture.Tensor("x").SwapFirstTwo().ToTensor(requiresGradient: true);
        var hidden = Enumerable.Range(0, weights.Length).Select(i => fixture.Tensor("h0").Part(i).ToTensor(requiresGradient: true)).ToArray();
        var mask = fixture.Ints("lengths").SelectMany(length => Enumerable.Range(0, x.Shape[1]).Select(t => t < length ? 1f : 0));
        var options = new RecurrentOptions { Mask = Tensor.From([.. mask], x.Shape[0], x.Shape[1]) };

        Tape.Step(() =>
        {
            var (loss, input) = (Tensor.Zeros(), x);
            for (var first = 0; first < weights.Length; first += directions)
            {
                Tensor Run(int i, Tensor from)
                {
                    var reverse = i % directions == 1;
                    var (output, h) = isGru ? Ops.Gru(from, hidden[i], weights[i], GruForm.ResetAfter, reverse, options) : Ops.SimpleRnn(from, hidden[i], weights[i], Activation.Tanh, reverse, options);
                    Close.To(fixture.Tensor("hn").Part(i), h, $"hn[{i}]");
                    loss += Weighted(h, fixture.Tensor("loss_weight_h").Part(i));
                    return output;
                }

                var forward = Run(first, input);
                input = directions == 1 ? forward : Ops.Concat(forward, Run(first + 1, input));
            }

            Close.To(fixture.Tensor("y").SwapFirstTwo(), input, "y");
            loss += Weighted(input, fixture.Tensor("loss_weight_y").SwapFirstTwo());
            Assert.Equal(fixture.Number("loss"), loss.Item(), 1e-5);
            loss.Backward();
        });

        Close.To(fixture.Tensor("grad_x").SwapFirstTwo(), x.Gradient, "grad_x");
        for (var i = 0; i < weights.Length; i++)
        {
            Close.To(fixture.Tensor("grad_h0").Part(i), hidden[i].Gradient, $"grad_h0[{i}]");
            var suffix = Suffix(i, directions);
            Close.To(fixture.Tensor("grad_weights", "weight_ih" + suffix), weights[i].WeightIh.Gradient, "weight_ih" + suffix);
            Close.To(fixture.Tensor("grad_weights", "weight_hh" + suffix), weights[i].WeightHh.Gradient, "weight_hh" + suffix);
            Close.To(fixture.Tensor("grad_weights", "bias_ih" + suffix), weights[i].BiasIh!.Gradient, "bias_ih" + suffix);
            Close.To(fixture.Tensor("grad_weights", "bias_hh" + suffix), weights[i].BiasHh!.Gradient, "bias_hh" + suffix);
        }
    }

    [Theory]
    [InlineData("keras_gru_masked", new[] { 1, 0, 2 })]
    [InlineData("keras_simplernn_masked", new[] { 0 })]
    public void WithMask_AgainstKerasMaskingLayer_Agrees(string name, int[] gateOrder)
    {
        var fixture = Fixture.Load(name);
        var x = fixture.Tensor("x");
        var (kernel, recurrent, bias) = (fixture.Tensor("weights", 0), fixture.Tensor("weights", 1), fixture.Tensor("weights", 2));
        Tensor FromKeras(GoldenTensor keras) => Tensor.From(Rows(keras, gateOrder), keras.Shape[1], keras.Shape[0]);
        var weights = new RecurrentWeights(FromKeras(kernel), FromKeras(recurrent), FromKeras(bias with { Shape = [1, bias.Shape[0]] }).Reshape(bias.Shape[0]));

        // Masking passes over a time step whose numbers are all 0; in these files at the front, in the middle and at the back.
        var mask = x.Data.Chunk(x.Shape[2]).Select(step => step.All(value => value == 0) ? 0f : 1).ToArray();
        Assert.Contains(0f, mask);
        var options = new RecurrentOptions { Mask = Tensor.From(mask, x.Shape[0], x.Shape[1]) };
        var (_, final) = gateOrder.Length == 3
            ? Ops.Gru(x.ToTensor(), null, weights, GruForm.ResetBefore, options: options)
            : Ops.SimpleRnn(x.ToTensor(), null, weights, options: options);

        Close.To(fixture.Tensor("y"), final, "y");
    }

    private static string Suffix(int i, int directions) => $"_l{i / directions}" + (i % directions == 1 ? "_reverse" : "");

    private static RecurrentWeights Weights(Fixture fixture, string suffix)
    {
        Tensor Of(string name) => fixture.Tensor("weights", name + suffix).ToTensor(requiresGradient: true);
        return new(Of("weight_ih"), Of("weight_hh"), Of("bias_ih"), Of("bias_hh"));
    }

    private static Tensor Weighted(Tensor y, GoldenTensor weights) => (y * weights.ToTensor()).Sum();

    // Keras: [rows, gates·units] with the gates z, r, h; ours: [gates·units, rows] with r, z, n.
    private static float[] Rows(GoldenTensor keras, int[] order)
    {
        var (rows, units) = (keras.Shape[0], keras.Shape[1] / order.Length);
        return [.. order.SelectMany(gate => Enumerable.Range(gate * units, units)).SelectMany(column => Enumerable.Range(0, rows).Select(row => (float)keras.Data[(row * keras.Shape[1]) + column]))];
    }
}
