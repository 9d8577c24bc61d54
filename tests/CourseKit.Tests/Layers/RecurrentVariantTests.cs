using CourseKit.Autograd;
using CourseKit.Backends.Reference;
using CourseKit.Layers;
using CourseKit.Tensors;
using CourseKit.Tests.Autograd;
using Check = CourseKit.Inspection.GradientCheck;

namespace CourseKit.Tests.Layers;

/// <summary>What holds for every recurrent layer and form of it.</summary>
public class RecurrentVariantTests
{
    private const int Batch = 2, Steps = 3, Size = 2, Hidden = 3;

    // By hand, for inputSize 5 and hiddenSize 7: gates·7·(5 + 7 + 2), a projection to 2: 4·7·(5 + 2 + 2) + 2·7, and so on.
    [Theory]
    [InlineData("rnn", 98)]
    [InlineData("lstm", 392)]
    [InlineData("lstm peephole", 392 + 21)]
    [InlineData("lstm coupled", 294)]
    [InlineData("lstm projected", 252 + 14)]
    [InlineData("lstm norm", 392 + 28 + 28 + 7 + 7)]
    [InlineData("lstm all", (3 * 7 * 9) + 14 + 14 + 21 + 21 + 7 + 7)]
    [InlineData("depth-gated", 392 + 21)]
    [InlineData("gru", 294)]
    [InlineData("gru before", 294)]
    [InlineData("simplified gru", 196)]
    [InlineData("minimal", 196)]
    public void Parameters_OneLayer_AreAsManyAsByHand(string kind, int count) =>
        Assert.Equal(count, RecurrentKinds.Make(kind, 5, 7).Parameters.Sum(p => p.Tensor.Length));

    // Two layers, two directions: the second layer reads twice the state.
    [Theory]
    [InlineData("rnn", 2 * (98 + (7 * (14 + 7 + 2))))]
    [InlineData("lstm projected", 2 * (266 + (28 * (4 + 2 + 2)) + 14))]
    [InlineData("depth-gated", 2 * (413 + (28 * (14 + 7 + 2)) + 21 + (7 * 14) + 7 + 7 + 7))]
    [InlineData("minimal", 2 * (196 + (14 * (14 + 7 + 2))))]
    public void Parameters_StackedInBothDirections_AreAsManyAsByHand(string kind, int count) =>
        Assert.Equal(count, RecurrentKinds.Make(kind, 5, 7, layers: 2, bidirectional: true).Parameters.Sum(p => p.Tensor.Length));

    [Fact]
    public void Parameters_OfVariants_HaveTheNamesThatAreDocumented()
    {
        string[] plain = ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"];
        Assert.Equal([.. plain, "weight_peephole_l0", "weight_hr_l0", "weight_norm_ih_l0", "weight_norm_hh_l0", "weight_norm_cell_l0", "bias_norm_cell_l0"],
            RecurrentKinds.Make("lstm all", 5, 7).Parameters.Select(p => p.Name));
        Assert.Equal(["weight_depth_l1_reverse", "bias_depth_l1_reverse", "weight_depth_cell_l1_reverse", "weight_depth_below_l1_reverse"],
            RecurrentKinds.Make("depth-gated plain", 5, 7, layers: 2, bidirectional: true).Parameters.Select(p => p.Name).TakeLast(4));
        Assert.Equal(plain, RecurrentKinds.Make("depth-gated plain", 5, 7).Parameters.Select(p => p.Name));
        var lstm = new Lstm(5, 7, projectionSize: 2, peephole: true);
        Assert.Same(lstm.Parameters[4].Tensor, lstm.Peephole());
        Assert.Same(lstm.Parameters[5].Tensor, lstm.Projection());
        Assert.Equal(new Shape(2, 7), lstm.Projection()!.Shape);
        Assert.Equal(new Shape(28, 2), lstm.WeightHh().Shape);
        Assert.Null(new Lstm(5, 7).Peephole());
        Assert.Equal("Lstm(inputSize: 5, hiddenSize: 7, projectionSize: 2, peephole: true)", lstm.ToString());
        Assert.Equal("Lstm: projectionSize must be at least 1, but got 0.", Assert.Throws<ArgumentOutOfRangeException>(() => new Lstm(5, 7, projectionSize: 0)).Message);
    }

    [Fact]
    public void Initialize_LayerNorm_StartsAtOneAndZero()
    {
        var lstm = (Lstm)RecurrentKinds.Make("lstm norm", 5, 7);
        lstm.Initialize(new RandomSource(9));
        foreach (var (name, tensor) in lstm.Parameters.Skip(4))
            Assert.All(tensor.ToArray(), value => Assert.Equal(name.StartsWith("weight", StringComparison.Ordinal) ? 1 : 0, value));
    }

    [Fact]
    public void ForgetBias_Coupled_IsTheNegativeOfTheInputGates()
    {
        var lstm = new Lstm(2, 3, coupled: true) { Initialization = RecurrentInitialization.Keras };
        Assert.Equal([-1f, -1, -1, 0, 0, 0, 0, 0, 0], lstm.BiasIh().ToArray());
    }

    [Theory]
    [MemberData(nameof(RecurrentKinds.Names), MemberType = typeof(RecurrentKinds))]
    public void Forward_StateCarriedBetweenChunks_EqualsTheWholeSequence(string kind)
    {
        var layer = RecurrentKinds.Make(kind, Size, Hidden, layers: 2);
        var x = GradientCheck.Draw(1, 2, 6, Size);
        var (whole, final) = layer.Forward(x);
        var (y, state, chunks) = (new List<Tensor>(), (RecurrentState?)null, x.Reshape(2, 6 * Size));
        foreach (var (from, count) in new[] { (0, 1), (1, 3), (4, 2) })
        {
            var (part, after) = layer.Forward(Ops.Slice(chunks, from * Size, count * Size).Reshape(2, count, Size), state);
            y.Add(part.Reshape(2, count * layer.OutputSize));
            state = after;
        }

        Near(whole, Ops.Concat([.. y]), kind);
        foreach (var (one, other) in final.Hidden.Concat(final.Cell ?? []).Zip(state!.Hidden.Concat(state.Cell ?? [])))
            Near(one, other, kind);
        Assert.Equal(final.Hidden[0].Shape.Last, layer.StateSize);
    }

    [Theory]
    [MemberData(nameof(RecurrentKinds.Names), MemberType = typeof(RecurrentKinds))]
    public void Gradients_StatesMasksAndTwoDirections_AreRightToAMillionth(string kind)
    {
        var mask = Tensor.From([1f, 0, 1, 1, 1, 1], Batch, Steps);
        foreach (var (layers, bidirectional) in new[] { (1, false), (2, true) })
        {
            var layer = RecurrentKinds.Make(kind, Size, Hidden, layers, bidirectional);
            layer.Initialize(new RandomSource(7));
            var x = GradientCheck.Draw(1, Batch, Steps, Size);
            Check.Of(layer, x, StateOf(layer, 2)).Throw();
            Check.Of(layer, x, null, mask).Throw();
        }
    }

    [Theory]
    [MemberData(nameof(RecurrentKinds.Names), MemberType = typeof(RecurrentKinds))]
    public void Forward_Float32AgainstFloat64_AgreesToAHundredThousandth(string kind)
    {
        var layer = RecurrentKinds.Make(kind, 5, 17, layers: 2, bidirectional: true);
        var x = GradientCheck.Draw(1, 3, 7, 5);
        var (y, state) = layer.Forward(x);
        float[] single = [.. y.ToArray(), .. state.Hidden.Concat(state.Cell ?? []).SelectMany(part => part.ToArray())];
        var gradients = Gradients(layer, x);

        layer.To(new Float64Backend());
        x = GradientCheck.Draw(1, 3, 7, 5);
        x.MoveTo(layer.Parameters[0].Tensor.Backend);
        (y, state) = layer.Forward(x);
        Near([.. y.ToArray(), .. state.Hidden.Concat(state.Cell ?? []).SelectMany(part => part.ToArray())], single, "forward", RecurrentKinds.Tolerance(kind));
        Near(Gradients(layer, x), gradients, "gradients", RecurrentKinds.Tolerance(kind));
    }

    [Fact]
    public void Gradients_WrappersAndNorms_AreRightToAMillionth()
    {
        var x = GradientCheck.Draw(1, Batch, Steps, 4);
        Check.Of(new LayerNorm(4), x).Throw();
        Check.Of(new Residual(new LayerNorm(4), new Linear(4, 3), new ActivationLayer(CourseKit.Backends.Activation.Tanh), new Linear(3, 4)), x).Throw();
        Check.Of(new TimeDistributed(new Linear(4, 3)), x).Throw();
        Check.Of(new Dropout(0.25f, sameOverTime: true), x).Throw();
        Check.Of(new RecurrentResidual(new Lstm(4, 4), new Dropout(0.25f)), x, mask: Tensor.From([1f, 0, 1, 1, 1, 1], Batch, Steps)).Throw();
        Check.Of(new Embedding(5, 3, paddingId: 1), IntTensor.From([0, 1, 4, 4, 2, 1], 2, 3)).Throw();
        foreach (var merge in Enum.GetValues<BidirectionalMerge>())
            Check.Of(new Gru(4, 3, layers: 2, bidirectional: true, merge: merge), x).Throw();
    }

    [Theory]
    [InlineData("lstm all")]
    [InlineData("gru")]
    [InlineData("rnn")]
    [InlineData("minimal")]
    [InlineData("depth-gated")]
    public void Gradients_DropoutAndZoneout_AreRightToAMillionth(string kind) =>
        Check.Of(RegularizationTests.With(RecurrentKinds.Make(kind, Size, Hidden, layers: 2), 0.25f), GradientCheck.Draw(1, Batch, Steps, Size)).Throw();

    private static RecurrentState StateOf(RecurrentLayer layer, long seed)
    {
        var cell = layer.Forward(Tensor.Zeros(Batch, 1, Size)).State;
        return new([.. cell.Hidden.Select((h, i) => GradientCheck.Draw(seed + i, [.. h.Shape.Sizes]))], cell.Cell is null ? null : [.. cell.Cell.Select((c, i) => GradientCheck.Draw(seed + 50 + i, [.. c.Shape.Sizes]))]);
    }

    private static float[] Gradients(RecurrentLayer layer, Tensor x)
    {
        foreach (var (_, tensor) in layer.Parameters)
            tensor.ZeroGradient();
        x.ZeroGradient();
        x.RequiresGradient = true;
        Tape.Step(() =>
        {
            var y = layer.Forward(x).Output;
            (y * y).Mean().Backward();
        });
        return [.. x.Gradient!.ToArray(), .. layer.Parameters.SelectMany(p => p.Tensor.Gradient!.ToArray())];
    }

    private static void Near(Tensor expected, Tensor actual, string what) => Near(expected.ToArray(), actual.ToArray(), what);

    private static void Near(float[] expected, float[] actual, string what, double tolerance = 1e-5)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < actual.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"{what}[{i}]: expected {expected[i]:R}, but got {actual[i]:R}.");
    }
}
