using CourseKit.Layers;
using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.Tests.Layers;

public class RecurrentInitializationTests
{
    [Fact]
    public void PyTorch_Default_DrawsAsBefore()
    {
        var (plain, named) = (new Gru(3, 4, layers: 2), new Gru(3, 4, layers: 2) { Initialization = RecurrentInitialization.PyTorch });
        Assert.Equal(Numbers(plain), Numbers(named));
        var random = new RandomSource(0);
        var first = new float[plain.WeightIh().Length];
        random.FillUniform(first, -0.5f, 0.5f);
        Assert.Equal(first, plain.WeightIh().ToArray());
    }

    [Fact]
    public void Keras_Lstm_IsGlorotOrthogonalZeroAndUnitForgetBias()
    {
        var lstm = new Lstm(6, 8, bidirectional: true) { Initialization = RecurrentInitialization.Keras };
        var limit = MathF.Sqrt(6f / (6 + 32));
        foreach (var reverse in new[] { false, true })
        {
            Assert.InRange(lstm.WeightIh(0, reverse).ToArray().Max(), 0.9f * limit, limit);
            AssertOrthonormalColumns(lstm.WeightHh(0, reverse).ToArray(), 32, 8, 0, 32);
            Assert.All(lstm.BiasHh(0, reverse).ToArray(), b => Assert.Equal(0, b));
            Assert.Equal([.. Enumerable.Range(0, 32).Select(i => i / 8 == 1 ? 1f : 0f)], lstm.BiasIh(0, reverse).ToArray());
        }
    }

    [Fact]
    public void RecurrentWeights_OrthogonalPerGate_MakesEachGatesSquareOrthogonal()
    {
        var gru = new Gru(6, 8) { Initialization = new() { RecurrentWeights = Initializer.Orthogonal() } };
        for (var gate = 0; gate < 3; gate++)
            AssertOrthonormalColumns(gru.WeightHh().ToArray(), 8, 8, gate * 8, (gate + 1) * 8);
        var limit = 1 / MathF.Sqrt(8);
        Assert.All(gru.WeightIh().ToArray(), w => Assert.InRange(w, -limit, limit));
    }

    [Fact]
    public void Irnn_Start_KeepsItsStateAndIsRelu()
    {
        var rnn = SimpleRnn.Irnn(2, 3);
        Assert.Equal("SimpleRnn(inputSize: 2, hiddenSize: 3, activation: Relu)", rnn.ToString());
        Assert.Equal([1f, 0, 0, 0, 1, 0, 0, 0, 1], rnn.WeightHh().ToArray());
        Assert.All(rnn.WeightIh().ToArray(), w => Assert.InRange(Math.Abs(w), 1e-9, 0.005));
        var start = new RecurrentState([Tensor.From([0.5f, 1, 2], 1, 3)]);
        Assert.Equal([0.5f, 1, 2], rnn.Forward(Tensor.Zeros(1, 50, 2), start).State.Hidden[0].ToArray());
    }

    [Fact]
    public void ForgetBias_OverPyTorch_SetsThatGatesSumAlone()
    {
        var (plain, layer) = (new Lstm(2, 3), new Lstm(2, 3) { Initialization = new() { ForgetBias = 2 } });
        Assert.Equal([2f, 2, 2], layer.BiasIh().ToArray()[3..6]);
        Assert.Equal([0f, 0, 0], layer.BiasHh().ToArray()[3..6]);
        Assert.Equal(plain.BiasIh().ToArray()[..3], layer.BiasIh().ToArray()[..3]);
        Assert.Equal(plain.BiasIh().ToArray()[6..], layer.BiasIh().ToArray()[6..]);
        Assert.Equal(plain.WeightHh().ToArray(), layer.WeightHh().ToArray());
    }

    [Fact]
    public void ChronoSteps_Lstm_SpreadsForgetBiasesUpToTheLogOfTheSpan()
    {
        var biases = new Lstm(2, 400) { Initialization = new() { Biases = Initializer.Zeros, ChronoSteps = 101 } }.BiasIh().ToArray();
        var forget = biases[400..800];
        Assert.All(forget, b => Assert.InRange(b, 0, MathF.Log(100)));
        Assert.Equal(50, forget.Average(b => Math.Exp(b)), 7.5);
        Assert.Equal([.. forget.Select(b => -b)], biases[..400]);
        Assert.Equal("RecurrentInitialization: ChronoSteps must be at least 3, but got 2.",
            Assert.Throws<ArgumentOutOfRangeException>(() => new RecurrentInitialization { ChronoSteps = 2 }).Message);
    }

    [Fact]
    public void Model_Seeded_DrawsEveryLayerByItsInitializers()
    {
        static Model Make(int seed) => new(seed,
            new Embedding(5, 4) { WeightInitializer = Initializer.Uniform(-0.05f, 0.05f) },
            new Lstm(4, 3) { Initialization = RecurrentInitialization.Keras },
            new Linear(3, 2) { WeightInitializer = Initializer.GlorotUniform(), BiasInitializer = Initializer.Zeros });
        var (one, same, other) = (Make(1), Make(1), Make(2));
        Assert.All(one.Parameters[0].Tensor.ToArray(), w => Assert.InRange(w, -0.05f, 0.05f));
        Assert.All(one.Parameters[^1].Tensor.ToArray(), b => Assert.Equal(0, b));
        Assert.All(one.Parameters[^2].Tensor.ToArray(), w => Assert.InRange(Math.Abs(w), 0, MathF.Sqrt(6f / 5)));
        Assert.Equal(one.Parameters.SelectMany(p => p.Tensor.ToArray()), same.Parameters.SelectMany(p => p.Tensor.ToArray()));
        Assert.NotEqual(one.Parameters[2].Tensor.ToArray(), other.Parameters[2].Tensor.ToArray());
    }

    private static void AssertOrthonormalColumns(float[] w, int rows, int columns, int from, int to)
    {
        Assert.Equal(rows, to - from);
        for (var i = 0; i < columns; i++)
            for (var j = 0; j < columns; j++)
                Assert.Equal(i == j ? 1 : 0, Enumerable.Range(from, rows).Sum(k => (double)w[(k * columns) + i] * w[(k * columns) + j]), 1e-5);
    }

    private static float[] Numbers(Layer layer) => [.. layer.Parameters.SelectMany(p => p.Tensor.ToArray())];
}
