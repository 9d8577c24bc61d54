using CourseKit.Autograd;
using CourseKit.Backends;
using CourseKit.Layers;
using CourseKit.Tensors;
using CourseKit.Tests.Autograd;

namespace CourseKit.Tests.Layers;

public class RecurrentLayerTests
{
    public static TheoryData<string> Kinds => ["rnn", "lstm", "gru", "gru before"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Forward_StateCarriedBetweenHalves_EqualsTheWholeSequence(string kind)
    {
        var layer = Make(kind, layers: 2);
        var x = GradientCheck.Draw(1, 3, 7, 4);
        var (whole, wholeState) = layer.Forward(x);

        var (first, carried) = layer.Forward(Steps(x, 0, 3));
        var (second, state) = layer.Forward(Steps(x, 3, 7), carried.Detach());

        Assert.Equal(Steps(whole, 0, 3).ToArray(), first.ToArray());
        Assert.Equal(Steps(whole, 3, 7).ToArray(), second.ToArray(), Near);
        Assert.Equal(wholeState.Hidden[1].ToArray(), state.Hidden[1].ToArray(), Near);
        Assert.Equal(kind == "lstm", state.Cell is not null);
        if (state.Cell is not null)
            Assert.Equal(wholeState.Cell![0].ToArray(), state.Cell[0].ToArray(), Near);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Forward_SequenceTurnedRound_SwapsTheDirections(string kind)
    {
        var layer = Make(kind, bidirectional: true);
        foreach (var (name, tensor) in layer.Parameters.Where(p => p.Name.EndsWith("_reverse", StringComparison.Ordinal)))
            tensor.CopyFrom(layer.Parameters.Single(p => p.Name + "_reverse" == name).Tensor);
        var x = GradientCheck.Draw(1, 2, 5, 4);
        var (y, _) = layer.Forward(x);
        var (turned, _) = layer.Forward(Turned(x));
        for (var b = 0; b < 2; b++)
            for (var t = 0; t < 5; t++)
                for (var h = 0; h < 3; h++)
                    Assert.Equal(y[b, t, h], turned[b, 4 - t, 3 + h], 1e-6);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Forward_ReturnSequencesFalse_GivesTheFinalStates(bool bidirectional)
    {
        var all = new Lstm(4, 3, layers: 2, bidirectional);
        var last = new Lstm(4, 3, layers: 2, bidirectional, returnSequences: false);
        var x = GradientCheck.Draw(1, 2, 5, 4);
        var (y, state) = all.Forward(x);
        var (final, _) = last.Forward(x);
        var expected = bidirectional ? Ops.Concat(state.Hidden[2], state.Hidden[3]) : Ops.LastStep(y);
        Assert.Equal(expected.ToArray(), final.ToArray());
        Assert.Equal(new Shape(2, bidirectional ? 6 : 3), final.Shape);
        Assert.Equal(final.Shape, last.OutputShape(x.Shape));
        Assert.Equal(y.Shape, all.OutputShape(x.Shape));
    }

    [Fact]
    public void Forward_LastDimensionWrong_ThrowsNamingBothShapes() =>
        Assert.Equal("Lstm(inputSize: 8, hiddenSize: 32): x must be [batch, time, 8], but got [4, 20, 6]. The last dimension must equal inputSize.",
            Shape(() => new Lstm(8, 32).Forward(Tensor.Zeros(4, 20, 6))));

    [Fact]
    public void Forward_TwoDimensions_ThrowsNamingTheForm() =>
        Assert.Equal("Gru(inputSize: 8, hiddenSize: 3, resetAfter: false): x must be [batch, time, 8], but got [4, 8]. It must have three dimensions.",
            Shape(() => new Gru(8, 3, resetAfter: false).Forward(Tensor.Zeros(4, 8))));

    [Fact]
    public void Forward_NoTimeStep_Throws() =>
        Assert.Equal("SimpleRnn(inputSize: 2, hiddenSize: 3): x must hold at least one sequence of at least one time step, but got [4, 0, 2].",
            Shape(() => new SimpleRnn(2, 3).Forward(Tensor.Zeros(4, 0, 2))));

    [Fact]
    public void Forward_StateDoesNotFit_ThrowsNamingThePart()
    {
        var (lstm, x) = (new Lstm(2, 3), Tensor.Zeros(4, 5, 2));
        Tensor[] fits = [Tensor.Zeros(4, 3)];
        const string Who = "Lstm(inputSize: 2, hiddenSize: 3): ";
        Assert.Equal(Who + "state's hidden[0] must be [4, 3], but got [1, 3]. It is [batch, hiddenSize], with the batch of x.",
            Shape(() => lstm.Forward(x, new RecurrentState([Tensor.Zeros(1, 3)], fits))));
        Assert.Equal(Who + "state's cell[0] must be [4, 3], but got [4, 2]. It is [batch, hiddenSize], with the batch of x.",
            Shape(() => lstm.Forward(x, new RecurrentState(fits, [Tensor.Zeros(4, 2)]))));
        Assert.Equal("Lstm(inputSize: 2, hiddenSize: 3, projectionSize: 1): state's hidden[0] must be [4, 1], but got [4, 3]. It is [batch, projectionSize], with the batch of x.",
            Shape(() => new Lstm(2, 3, projectionSize: 1).Forward(x, new RecurrentState(fits, fits))));
        Assert.Equal(Who + "state must have 1 hidden tensors, one a layer and direction, but got 2.",
            Shape(() => lstm.Forward(x, new RecurrentState([.. fits, .. fits], fits))));
        Assert.Equal(Who + "state.Cell must be given, but is null. An LSTM carries hidden and cell.", Shape(() => lstm.Forward(x, new RecurrentState(fits))));
        Assert.Equal("Gru(inputSize: 2, hiddenSize: 3): state.Cell must be null, but is given. Only an LSTM carries a cell.",
            Shape(() => new Gru(2, 3).Forward(x, new RecurrentState(fits, fits))));
    }

    [Fact]
    public void Constructor_WrongNumbers_Throws()
    {
        Assert.Equal("Lstm: inputSize must be at least 1, but got 0.", Range(() => new Lstm(0, 3)));
        Assert.Equal("Gru: hiddenSize must be at least 1, but got -2.", Range(() => new Gru(3, -2)));
        Assert.Equal("SimpleRnn: layers must be at least 1, but got 0.", Range(() => new SimpleRnn(3, 2, layers: 0)));
        Assert.Equal("SimpleRnn: activation must be Tanh or Relu, but got Sigmoid.", Range(() => new SimpleRnn(3, 2, activation: Activation.Sigmoid)));
    }

    [Fact]
    public void Weights_NoSuchLayerOrDirection_Throws()
    {
        var lstm = new Lstm(2, 3, layers: 2);
        Assert.Equal("Lstm(inputSize: 2, hiddenSize: 3, layers: 2): layer must be from 0 to 1, but got 2.", Range(() => lstm.WeightIh(2)));
        Assert.Equal("Lstm(inputSize: 2, hiddenSize: 3, layers: 2): there is no reverse direction. Make the layer with bidirectional: true.",
            Range(() => lstm.BiasHh(0, reverse: true)));
    }

    [Fact]
    public void Parameters_StackedInBothDirections_AreNamedAsInPyTorch()
    {
        var gru = new Gru(2, 3, layers: 2, bidirectional: true);
        string[] expected =
        [
            "weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0",
            "weight_ih_l0_reverse", "weight_hh_l0_reverse", "bias_ih_l0_reverse", "bias_hh_l0_reverse",
            "weight_ih_l1", "weight_hh_l1", "bias_ih_l1", "bias_hh_l1",
            "weight_ih_l1_reverse", "weight_hh_l1_reverse", "bias_ih_l1_reverse", "bias_hh_l1_reverse",
        ];
        Assert.Equal(expected, gru.Parameters.Select(p => p.Name));
        Assert.Same(gru.Parameters[12].Tensor, gru.WeightIh(1, reverse: true));
        Assert.Same(gru.Parameters[9].Tensor, gru.WeightHh(1));
        Assert.Same(gru.Parameters[2].Tensor, gru.BiasIh());
        Assert.Same(gru.Parameters[7].Tensor, gru.BiasHh(0, reverse: true));
        Assert.Equal(new Shape(9, 6), gru.WeightIh(1).Shape);
        Assert.All(gru.Parameters, p => Assert.True(p.Tensor.RequiresGradient));
    }

    [Fact]
    public void ToString_OptionsSet_ShowsThem()
    {
        Assert.Equal("Lstm(inputSize: 2, hiddenSize: 3, layers: 2, bidirectional: true, returnSequences: false)",
            new Lstm(2, 3, layers: 2, bidirectional: true, returnSequences: false).ToString());
        Assert.Equal("SimpleRnn(inputSize: 2, hiddenSize: 3, activation: Relu)", new SimpleRnn(2, 3, activation: Activation.Relu).ToString());
        Assert.Equal("gru", new Gru(2, 3).Name);
    }

    [Fact]
    public void Initialize_Drawn_FillsTheRangeOfOneOverRootHiddenSize()
    {
        var (lstm, other) = (new Lstm(4, 16), new Lstm(4, 16));
        lstm.Initialize(new RandomSource(5));
        float[] numbers = [.. lstm.Parameters.SelectMany(p => p.Tensor.ToArray())];
        Assert.All(numbers, number => Assert.InRange(number, -0.25f, 0.25f));
        Assert.InRange(numbers.Max(), 0.24f, 0.25f);
        Assert.InRange(numbers.Min(), -0.25f, -0.24f);
        other.Initialize(new RandomSource(5));
        Assert.Equal(numbers, other.Parameters.SelectMany(p => p.Tensor.ToArray()));
    }

    private static readonly IEqualityComparer<float> Near = EqualityComparer<float>.Create((a, b) => Math.Abs(a - b) <= 1e-6, _ => 0);

    private static RecurrentLayer Make(string kind, int layers = 1, bool bidirectional = false) => kind switch
    {
        "lstm" => new Lstm(4, 3, layers, bidirectional),
        "gru" => new Gru(4, 3, layers, bidirectional: bidirectional),
        "gru before" => new Gru(4, 3, layers, resetAfter: false, bidirectional),
        _ => new SimpleRnn(4, 3, layers, bidirectional: bidirectional),
    };

    private static Tensor Steps(Tensor x, int from, int to)
    {
        var part = Tensor.Zeros(x.Shape[0], to - from, x.Shape[2]);
        for (var b = 0; b < x.Shape[0]; b++)
            for (var t = from; t < to; t++)
                for (var i = 0; i < x.Shape[2]; i++)
                    part[b, t - from, i] = x[b, t, i];
        return part;
    }

    private static Tensor Turned(Tensor x)
    {
        var turned = Tensor.Zeros(x.Shape);
        for (var b = 0; b < x.Shape[0]; b++)
            for (var t = 0; t < x.Shape[1]; t++)
                for (var i = 0; i < x.Shape[2]; i++)
                    turned[b, x.Shape[1] - 1 - t, i] = x[b, t, i];
        return turned;
    }

    private static string Shape(Func<object> wrong) => Assert.Throws<ShapeException>(wrong).Message;

    private static string Range(Func<object> wrong) => Assert.Throws<ArgumentOutOfRangeException>(wrong).Message;
}
