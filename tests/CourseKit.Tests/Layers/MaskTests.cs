using CourseKit.Autograd;
using CourseKit.Data;
using CourseKit.Layers;
using CourseKit.Tensors;
using CourseKit.Tests.Autograd;
using CourseKit.Tests.Fixtures;
using CourseKit.Tests.Tensors;
using CourseKit.Training;

namespace CourseKit.Tests.Layers;

/// <summary>Sequences of different length: padding changes no result and no gradient.</summary>
public class MaskTests
{
    [Theory]
    [InlineData("rnn_l1_lengths")]
    [InlineData("rnn_l2_bi_lengths")]
    [InlineData("lstm_l1_lengths")]
    [InlineData("lstm_l2_bi_lengths")]
    [InlineData("gru_l1_lengths")]
    [InlineData("gru_l2_bi_lengths")]
    public void Forward_LengthsAgainstPyTorchsPackedSequences_Agrees(string name)
    {
        var fixture = Fixture.Load(name);
        var (inputSize, hiddenSize, layers, bidirectional) = (fixture.Int("input"), fixture.Int("hidden"), fixture.Int("layers"), fixture["bidirectional"].GetBoolean());
        RecurrentLayer layer = fixture.Text("kind") switch
        {
            "LSTM" => new Lstm(inputSize, hiddenSize, layers, bidirectional),
            "GRU" => new Gru(inputSize, hiddenSize, layers, bidirectional: bidirectional),
            _ => new SimpleRnn(inputSize, hiddenSize, layers, bidirectional: bidirectional),
        };
        foreach (var (parameter, tensor) in layer.Parameters)
            tensor.CopyFrom(fixture.Tensor("weights", parameter).Floats);
        var x = fixture.Tensor("x").SwapFirstTwo().ToTensor(requiresGradient: true);
        var state = new RecurrentState(States(fixture, "h0"), layer is Lstm ? States(fixture, "c0") : null);

        Tape.Step(() =>
        {
            var (y, final) = layer.Forward(x, state, Mask.FromLengths(fixture.Ints("lengths"), x.Shape[1]));
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
    [MemberData(nameof(RecurrentKinds.Names), MemberType = typeof(RecurrentKinds))]
    public void Forward_PaddedWithNotANumber_EqualsEachSequenceAlone(string kind)
    {
        const int Batch = 4, Steps = 5, Size = 3;
        foreach (var (bidirectional, sequences) in new[] { (false, true), (false, false), (true, true), (true, false) })
        {
            var layer = RecurrentKinds.Make(kind, Size, 3, layers: 2, bidirectional, sequences);

            // Padding at the back, at the front, none, and holes.
            float[] mask = [1, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 0, 1];
            var values = GradientCheck.Draw(1, Batch, Steps, Size).ToArray();
            for (var i = 0; i < values.Length; i++)
                values[i] = mask[i / Size] > 0 ? values[i] : float.NaN;
            var x = Tensor.From(values, Batch, Steps, Size);
            x.RequiresGradient = true;
            var (y, final, gradients) = Run(layer, x, Tensor.From(mask, Batch, Steps));

            var dX = x.Gradient!.ToArray();
            var sums = gradients.Select(gradient => new double[gradient.Length]).ToArray();
            var row = y.Length / Batch;
            for (var b = 0; b < Batch; b++)
            {
                int[] taken = [.. Enumerable.Range(0, Steps).Where(t => mask[(b * Steps) + t] > 0)];
                var alone = Tensor.From([.. taken.SelectMany(t => values.AsSpan(((b * Steps) + t) * Size, Size).ToArray())], 1, taken.Length, Size);
                alone.RequiresGradient = true;
                var (y1, final1, gradients1) = Run(layer, alone, null);
                var expected = y1;
                if (sequences)
                {
                    expected = new float[row];
                    for (var t = 0; t < taken.Length; t++)
                        y1.AsSpan(t * row / Steps, row / Steps).CopyTo(expected.AsSpan(taken[t] * row / Steps));
                }

                Near(expected, y.AsSpan(b * row, row).ToArray(), "y", RecurrentKinds.Tolerance(kind));
                for (var i = 0; i < final.Length; i++)
                    Near(final1[i], final[i].AsSpan(b * final1[i].Length, final1[i].Length).ToArray(), $"state {i}", RecurrentKinds.Tolerance(kind));
                var dAlone = alone.Gradient!.ToArray();
                for (var t = 0; t < taken.Length; t++)
                    Near(dAlone.AsSpan(t * Size, Size).ToArray(), dX.AsSpan(((b * Steps) + taken[t]) * Size, Size).ToArray(), "dX", RecurrentKinds.Tolerance(kind));
                for (var p = 0; p < sums.Length; p++)
                    for (var i = 0; i < sums[p].Length; i++)
                        sums[p][i] += gradients1[p][i];
            }

            Assert.All(dX.Where((_, i) => mask[i / Size] == 0), d => Assert.Equal(0, d));
            for (var p = 0; p < sums.Length; p++)
                Near([.. sums[p].Select(sum => (float)sum)], gradients[p], layer.Parameters[p].Name, RecurrentKinds.Tolerance(kind));
        }
    }

    [Fact]
    public void Fit_PaddingId_TrainsAsWithoutPadding()
    {
        // The same sequences, once padded to seven steps and once each in a batch of its own length; one update with the sum of all gradients.
        int[][] texts = [[1, 2, 3, 4, 1], [3, 2], [4, 4, 1, 2, 3, 1, 2]];
        static Model Make() => new(3, new Embedding(5, 4, paddingId: 0), new Gru(4, 6, bidirectional: true, returnSequences: false), new Linear(12, 2));
        var (padded, apart) = (Make(), Make());
        var ids = IntTensor.From([.. texts.SelectMany(text => text.Concat(Enumerable.Repeat(0, 7 - text.Length)))], 3, 7);
        int[] classes = [1, 0, 1];
        padded.Fit([new Batch(ids, IntTensor.From(classes))], new FitOptions { Optimizer = new CourseKit.Optimizers.Sgd(0.3), Progress = null });

        Tape.Step(() =>
        {
            var loss = Tensor.Zeros();
            for (var b = 0; b < 3; b++)
                loss += Ops.CrossEntropy(apart.Forward(IntTensor.From(texts[b], 1, texts[b].Length)).Output, IntTensor.From([classes[b]])) * (1f / 3);
            loss.Backward();
        });
        new CourseKit.Optimizers.Sgd(0.3).Step(apart.Parameters);
        foreach (var (one, other) in padded.Parameters.Zip(apart.Parameters))
            Near(other.Tensor.ToArray(), one.Tensor.ToArray(), one.Name);
    }

    [Fact]
    public void EvaluateAndPredict_BatchWithMask_IgnoreWhatIsPadded()
    {
        var model = new Model(1, new Lstm(2, 4, returnSequences: false), new Linear(4, 1));
        var x = GradientCheck.Draw(1, 2, 4, 2);
        var (other, mask) = (x.Detach(), Mask.FromLengths([4, 2], 4));
        for (var i = 0; i < 2; i++)
            other[1, 2 + i, 1] = 100;
        var values = Tensor.From([0.5f, -0.5f], 2, 1);
        Assert.Equal(model.Evaluate([new Batch(x, values) { Mask = mask }]), model.Evaluate([new Batch(other, values) { Mask = mask }]));
        Assert.NotEqual(model.Evaluate([new Batch(x, values)]), model.Evaluate([new Batch(other, values)]));
        Assert.Equal(model.Forward(x, mask: mask).Output.ToArray(), model.Forward(other, mask: mask).Output.ToArray());
    }

    [Fact]
    public void Forward_MaskOfAnotherShape_ThrowsNamingBoth() =>
        Assert.Equal("Gru(inputSize: 2, hiddenSize: 3): mask must be [4, 5], but got [5, 4]. It is [batch, time], as x is [4, 5, 2].",
            Assert.Throws<ShapeException>(() => new Gru(2, 3).Forward(Tensor.Zeros(4, 5, 2), mask: Tensor.Zeros(5, 4))).Message);

    // The loss weighs outputs and final states by their own size, so that every number has a gradient of its own.
    private static (float[] Y, float[][] Final, float[][] Gradients) Run(SequenceLayer layer, Tensor x, Tensor? mask)
    {
        foreach (var (_, tensor) in layer.Parameters)
            tensor.ZeroGradient();
        var (y, final) = Tape.Step(() =>
        {
            var (output, state) = layer.Forward(x, null, mask);
            Tensor[] states = [.. state.Hidden, .. state.Cell ?? []];
            var loss = (output * output).Sum();
            foreach (var part in states)
                loss += (part * part).Sum();
            loss.Backward();
            return (output.ToArray(), states.Select(part => part.ToArray()).ToArray());
        });
        return (y, final, [.. layer.Parameters.Select(p => p.Tensor.Gradient!.ToArray())]);
    }

    private static void Near(float[] expected, float[] actual, string what, double tolerance = 1e-5)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < actual.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance * (1 + Math.Abs(expected[i])), $"{what}[{i}]: expected {expected[i]:R}, but got {actual[i]:R}.");
    }

    private static Tensor[] States(Fixture fixture, string name)
    {
        var golden = fixture.Tensor(name);
        return [.. Enumerable.Range(0, golden.Shape[0]).Select(i => golden.Part(i).ToTensor(requiresGradient: true))];
    }

    private static Tensor Weighted(Tensor y, GoldenTensor weights) => (y * weights.ToTensor()).Sum();
}
