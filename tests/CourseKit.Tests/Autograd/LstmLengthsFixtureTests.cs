using CourseKit.Autograd;
using CourseKit.Tensors;
using CourseKit.Tests.Fixtures;
using CourseKit.Tests.Tensors;

namespace CourseKit.Tests.Autograd;

/// <summary>Sequences of different lengths through masks, against PyTorch's packed sequences: outputs, final states, loss, every gradient.</summary>
public class LstmLengthsFixtureTests
{
    [Theory]
    [InlineData("lstm_l1_lengths")]
    [InlineData("lstm_l2_bi_lengths")]
    [InlineData("Projection/lstm_projection")]
    public void LstmWithMask_AgainstPyTorchsPackedSequences_Agrees(string name)
    {
        var fixture = Fixture.Load(name);
        var (layers, directions) = (fixture.Int("layers"), fixture["bidirectional"].GetBoolean() ? 2 : 1);
        var weights = Enumerable.Range(0, layers * directions).Select(i => Weights(fixture, Suffix(i, directions))).ToArray();
        var x = fixture.Tensor("x").SwapFirstTwo().ToTensor(requiresGradient: true);
        var (hidden, cell) = (States(fixture, "h0"), States(fixture, "c0"));
        var projections = weights.Select((_, i) => fixture.Has("projection") ? fixture.Tensor("weights", "weight_hr" + Suffix(i, directions)).ToTensor(requiresGradient: true) : null).ToArray();
        var options = new RecurrentOptions { Mask = Mask(fixture.Ints("lengths"), x.Shape[1]) };

        Tape.Step(() =>
        {
            var loss = Tensor.Zeros();
            var input = x;
            for (var first = 0; first < weights.Length; first += directions)
            {
                Tensor Run(int i, Tensor from)
                {
                    var (output, h, c) = Ops.Lstm(from, hidden[i], cell[i], weights[i], reverse: i % directions == 1, options, new() { Projection = projections[i] });
                    Close.To(fixture.Tensor("hn").Part(i), h, $"hn[{i}]");
                    Close.To(fixture.Tensor("cn").Part(i), c, $"cn[{i}]");
                    loss += Weighted(h, fixture.Tensor("loss_weight_h").Part(i)) + Weighted(c, fixture.Tensor("loss_weight_c").Part(i));
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
            Close.To(fixture.Tensor("grad_c0").Part(i), cell[i].Gradient, $"grad_c0[{i}]");
            var suffix = Suffix(i, directions);
            Close.To(fixture.Tensor("grad_weights", "weight_ih" + suffix), weights[i].WeightIh.Gradient, "weight_ih" + suffix);
            Close.To(fixture.Tensor("grad_weights", "weight_hh" + suffix), weights[i].WeightHh.Gradient, "weight_hh" + suffix);
            Close.To(fixture.Tensor("grad_weights", "bias_ih" + suffix), weights[i].BiasIh!.Gradient, "bias_ih" + suffix);
            Close.To(fixture.Tensor("grad_weights", "bias_hh" + suffix), weights[i].BiasHh!.Gradient, "bias_hh" + suffix);
            if (projections[i] is { } projection)
                Close.To(fixture.Tensor("grad_weights", "weight_hr" + suffix), projection.Gradient, "weight_hr" + suffix);
        }
    }

    private static string Suffix(int i, int directions) => $"_l{i / directions}" + (i % directions == 1 ? "_reverse" : "");

    private static Tensor Mask(int[] lengths, int steps) =>
        Tensor.From([.. lengths.SelectMany(length => Enumerable.Range(0, steps).Select(t => t < length ? 1f : 0))], lengths.Length, steps);

    private static RecurrentWeights Weights(Fixture fixture, string suffix)
    {
        Tensor Of(string name) => fixture.Tensor("weights", name + suffix).ToTensor(requiresGradient: true);
        return new(Of("weight_ih"), Of("weight_hh"), Of("bias_ih"), Of("bias_hh"));
    }

    private static Tensor[] States(Fixture fixture, string name)
    {
        var golden = fixture.Tensor(name);
        return [.. Enumerable.Range(0, golden.Shape[0]).Select(i => golden.Part(i).ToTensor(requiresGradient: true))];
    }

    private static Tensor Weighted(Tensor y, GoldenTensor weights) => (y * weights.ToTensor()).Sum();
}
