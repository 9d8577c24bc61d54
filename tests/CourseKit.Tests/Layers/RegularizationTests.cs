using CourseKit.Autograd;
using CourseKit.Layers;
using CourseKit.Tensors;
using CourseKit.Tests.Autograd;
using CourseKit.Training;

namespace CourseKit.Tests.Layers;

public class RegularizationTests
{
    [Theory]
    [MemberData(nameof(RecurrentKinds.Names), MemberType = typeof(RecurrentKinds))]
    public void Dropout_OutsideAStep_ChangesNothing(string kind)
    {
        var x = GradientCheck.Draw(1, 2, 5, 3);
        var (plain, dropped) = (RecurrentKinds.Make(kind, 3, 4, layers: 2), With(RecurrentKinds.Make(kind, 3, 4, layers: 2), 0.5f));
        foreach (var (one, other) in plain.Parameters.Zip(dropped.Parameters))
            other.Tensor.CopyFrom(one.Tensor);
        Assert.Equal(plain.Forward(x).Output.ToArray(), dropped.Forward(x).Output.ToArray());
        Assert.Equal(plain.Forward(x).Output.ToArray(), Tape.Inference(() => dropped.Forward(x).Output.ToArray()));
        Assert.NotEqual(plain.Forward(x).Output.ToArray(), Tape.Step(() => dropped.Forward(x).Output.ToArray()));
    }

    [Theory]
    [MemberData(nameof(RecurrentKinds.Names), MemberType = typeof(RecurrentKinds))]
    public void Dropout_InAStep_IsFixedByTheSeedAndItsSavedState(string kind)
    {
        var layer = With(RecurrentKinds.Make(kind, 3, 4, layers: 2, bidirectional: true), 0.5f);
        var x = GradientCheck.Draw(1, 2, 5, 3);
        float[] Run() => Tape.Step(() => layer.Forward(x).Output.ToArray());
        var saved = layer.Random!.State;
        var (first, second) = (Run(), Run());
        Assert.NotEqual(first, second);
        layer.Random.State = saved;
        Assert.Equal(first, Run());
        Assert.Equal(second, Run());
        layer.Initialize(new RandomSource(5));
        var fresh = Run();
        layer.Initialize(new RandomSource(5));
        Assert.Equal(fresh, Run());
    }

    [Fact]
    public void RecurrentDropout_SameNumbersAtEveryStep_KeepsThemOutOfTheProduct()
    {
        // h_t = relu(x_t + W·(m∘h_{t-1})) with W the identity sums what each neuron saw, or only the last of it when its mask is 0; 1/(1 − p) weighs the past.
        var layer = new SimpleRnn(40, 40, activation: CourseKit.Backends.Activation.Relu) { RecurrentDropout = 0.5f, Initialization = RecurrentInitialization.Irnn };
        Initializer.Identity().Fill(layer.WeightIh(), new RandomSource(0));
        var x = Tensor.From(Enumerable.Repeat(1f, 10 * 4 * 40).ToArray(), 10, 4, 40);
        var (y, final) = Tape.Step(() =>
        {
            var (output, state) = layer.Forward(x);
            return (output.ToArray(), state.Hidden[0].ToArray());
        });
        Assert.All(final, h => Assert.True(h is 1 or 15, $"h is {h}"));
        Assert.InRange(final.Count(h => h == 1), 140, 260);
        Assert.All(Enumerable.Range(0, 400), i => Assert.Equal(final[i] == 1 ? [1f, 1, 1, 1] : [1f, 3, 7, 15], Enumerable.Range(0, 4).Select(t => y[(i / 40 * 160) + (t * 40) + (i % 40)])));
    }

    [Fact]
    public void Zoneout_InAStepAndOutside_HoldsNumbersOrTheirMean()
    {
        // The same sum: x is 1 at every step, and a step that is held adds nothing.
        var layer = new SimpleRnn(50, 50, activation: CourseKit.Backends.Activation.Relu) { HiddenZoneout = 0.25f, Initialization = RecurrentInitialization.Irnn };
        Initializer.Identity().Fill(layer.WeightIh(), new RandomSource(0));
        var x = Tensor.From(Enumerable.Repeat(1f, 40 * 50).ToArray(), 1, 40, 50);
        var final = Tape.Step(() => layer.Forward(x).State.Hidden[0].ToArray());
        Assert.All(final, h => Assert.Equal(Math.Round(h), h));
        Assert.Equal(30, final.Average(), 1.5f);
        Assert.True(final.Distinct().Count() > 5);

        Assert.All(layer.Forward(x).State.Hidden[0].ToArray(), h => Assert.Equal(30, h, 1e-3f));
    }

    [Fact]
    public void CellZoneout_NearlyOne_HoldsTheCell()
    {
        var layer = new Lstm(3, 4) { CellZoneout = 0.999f };
        var x = GradientCheck.Draw(1, 1, 6, 3);
        var start = new RecurrentState([Tensor.Zeros(1, 4)], [Tensor.From([1f, -1, 2, -2], 1, 4)]);
        Assert.Equal([1f, -1, 2, -2], layer.Forward(x, start).State.Cell![0].ToArray().Select(c => MathF.Round(c, 1)));
        Assert.Equal("Gru: CellZoneout must be 0, but got 0.5. Only an LSTM has a cell; set HiddenZoneout.", Assert.Throws<ArgumentException>(() => new Gru(3, 4) { CellZoneout = 0.5f }).Message);
    }

    [Fact]
    public void InputLayerAndOutputDropout_SameOverTimeOrNot_DropWhereTheySay()
    {
        var x = Tensor.From(Enumerable.Repeat(1f, 8 * 6 * 30).ToArray(), 8, 6, 30);
        float[] Run(RecurrentLayer layer)
        {
            // Without a past, tanh of the input: what is dropped shows.
            Initializer.Identity().Fill(layer.WeightIh(), new RandomSource(0));
            foreach (var zero in layer.Parameters.Where(p => !p.Name.StartsWith("weight_ih", StringComparison.Ordinal)))
                Initializer.Zeros.Fill(zero.Tensor, new RandomSource(0));
            if (layer.Layers == 2)
                Initializer.Identity().Fill(layer.WeightIh(1), new RandomSource(0));
            return Tape.Step(() => layer.Forward(x).Output.ToArray());
        }

        bool Same(float[] y) => Enumerable.Range(0, 8).All(b => Enumerable.Range(1, 5).All(t => y.AsSpan(b * 180, 30).SequenceEqual(y.AsSpan((b * 180) + (t * 30), 30))));
        foreach (var same in new[] { false, true })
        {
            foreach (var (layer, kept) in new[]
            {
                (new SimpleRnn(30, 30) { InputDropout = 0.25f, SameOverTime = same }, Math.Tanh(1 / 0.75)),
                (new SimpleRnn(30, 30, layers: 2) { LayerDropout = 0.25f, SameOverTime = same }, Math.Tanh(Math.Tanh(1) / 0.75)),
                (new SimpleRnn(30, 30) { OutputDropout = 0.25f, SameOverTime = same }, Math.Tanh(1) / 0.75),
            })
            {
                var y = Run(layer);
                Assert.All(y, value => Assert.True(value == 0 || Math.Abs(value - kept) < 1e-6, $"{layer}: {value}"));
                Assert.InRange(y.Count(value => value == 0) / (double)y.Length, 0.18, 0.32);
                Assert.Equal(same, Same(y));
            }
        }
    }

    [Fact]
    public void LayerDropout_OneLayer_DropsNothing()
    {
        var layer = new Gru(3, 4) { LayerDropout = 0.9f };
        var x = GradientCheck.Draw(1, 2, 5, 3);
        Assert.Equal(layer.Forward(x).Output.ToArray(), Tape.Step(() => layer.Forward(x).Output.ToArray()));
    }

    [Theory]
    [MemberData(nameof(RecurrentKinds.Names), MemberType = typeof(RecurrentKinds))]
    public void Backward_EverythingOn_MatchesFiniteDifferencesUnderTheSameMasks(string kind)
    {
        var layer = With(RecurrentKinds.Make(kind, 2, 3, layers: 2), 0.25f);
        var x = GradientCheck.Draw(1, 2, 3, 2);
        var saved = layer.Random!.State;
        var mask = Tensor.From([1f, 0, 1, 1, 1, 1], 2, 3);
        GradientCheck.Of(() =>
        {
            layer.Random.State = saved;
            var (y, state) = layer.Forward(x, null, mask);
            return [y, state.Hidden[1]];
        }, kind == "rnn relu" ? [x] : [x, layer.WeightIh(), layer.WeightHh(1), .. layer.Parameters.Skip(4).Take(1).Select(p => p.Tensor)]);
    }

    [Fact]
    public void Random_NothingToDraw_IsNullAndTakesNothingFromTheSeed()
    {
        Assert.Null(new Lstm(3, 4).Random);
        var (one, two) = (new Model(1, new Lstm(3, 4), new Linear(4, 2)), new Model(1, new Lstm(3, 4) { OutputDropout = 0.5f }, new Linear(4, 2)));
        Assert.Equal(one.Parameters[0].Tensor.ToArray(), two.Parameters[0].Tensor.ToArray());
        Assert.Empty(one.RandomSources);
        Assert.Same(two.Layers[0].Random, Assert.Single(two.RandomSources));
    }

    [Fact]
    public void ToString_Regularized_ShowsWhatIsSet()
    {
        Assert.Equal("Lstm(inputSize: 3, hiddenSize: 4, layers: 2) { LayerDropout = 0.2, RecurrentDropout = 0.25, SameOverTime = true, HiddenZoneout = 0.05, CellZoneout = 0.5 }",
            new Lstm(3, 4, layers: 2) { LayerDropout = 0.2f, RecurrentDropout = 0.25f, SameOverTime = true, HiddenZoneout = 0.05f, CellZoneout = 0.5f }.ToString());
        Assert.Equal("Gru.InputDropout: p must be at least 0 and below 1, but got 1.", Assert.Throws<ArgumentOutOfRangeException>(() => new Gru(3, 4) { InputDropout = 1 }).Message);
    }

    internal static RecurrentLayer With(RecurrentLayer layer, float p) => layer switch
    {
        Lstm lstm => new Lstm(lstm.InputSize, lstm.HiddenSize, lstm.Layers, lstm.Bidirectional, lstm.ReturnSequences, lstm.Merge, lstm.ProjectionSize, lstm.HasPeephole, lstm.IsCoupled, lstm.HasLayerNorm)
        { InputDropout = p, LayerDropout = p, OutputDropout = p, RecurrentDropout = p, HiddenZoneout = Held(p), CellZoneout = Held(p) },
        DepthGatedLstm deep => new DepthGatedLstm(deep.InputSize, deep.HiddenSize, deep.Layers, deep.Bidirectional, deep.ReturnSequences, deep.Merge, deep.HasPeephole)
        { InputDropout = p, LayerDropout = p, OutputDropout = p, RecurrentDropout = p, HiddenZoneout = Held(p), CellZoneout = Held(p) },
        Gru gru => new Gru(gru.InputSize, gru.HiddenSize, gru.Layers, gru.ResetAfter, gru.Bidirectional, gru.ReturnSequences)
        { InputDropout = p, LayerDropout = p, OutputDropout = p, RecurrentDropout = p, HiddenZoneout = Held(p) },
        SimplifiedGru => new SimplifiedGru(layer.InputSize, layer.HiddenSize, layer.Layers, layer.Bidirectional)
        { InputDropout = p, LayerDropout = p, OutputDropout = p, RecurrentDropout = p, HiddenZoneout = Held(p) },
        MinimalGatedUnit => new MinimalGatedUnit(layer.InputSize, layer.HiddenSize, layer.Layers, layer.Bidirectional)
        { InputDropout = p, LayerDropout = p, OutputDropout = p, RecurrentDropout = p, HiddenZoneout = Held(p) },
        SimpleRnn rnn => new SimpleRnn(rnn.InputSize, rnn.HiddenSize, rnn.Layers, rnn.Activation, rnn.Bidirectional)
        { InputDropout = p, LayerDropout = p, OutputDropout = p, RecurrentDropout = p, HiddenZoneout = Held(p) },
        _ => throw new ArgumentOutOfRangeException(nameof(layer)),
    };

    // Zoneout is at work outside of a step too; the test of that leaves it off.
    private static float Held(float p) => p == 0.5f ? 0 : p;
}
