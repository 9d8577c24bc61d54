using CourseKit.Autograd;
using CourseKit.Backends;
using CourseKit.Tensors;

namespace CourseKit.Tests.Autograd;

/// <summary>What operations say about wrong input, word for word.</summary>
public class OpsErrorTests
{
    private static readonly RecurrentWeights Lstm = Weights(4, 6, 5);

    [Fact]
    public void Elementwise_ShapesDiffer_ThrowsNamingBoth()
    {
        var (a, b) = (Tensor.Zeros(2, 3), Tensor.Zeros(3));
        Assert.Equal("Add: both tensors must have the same shape, but got [2, 3] and [3].", Shape(() => a + b));
        Assert.Equal("Subtract: both tensors must have the same shape, but got [2, 3] and [3].", Shape(() => a - b));
        Assert.Equal("Multiply: both tensors must have the same shape, but got [2, 3] and [3].", Shape(() => a * b));
    }

    [Fact]
    public void Linear_WrongShapes_ThrowsNamingThem()
    {
        var weight = Tensor.Zeros(5, 8);
        Assert.Equal("Linear: x must be [..., 8], but got [4, 6]. The last dimension must equal the inputSize of weight, which is [5, 8].",
            Shape(() => Ops.Linear(Tensor.Zeros(4, 6), weight)));
        Assert.Equal("Linear: weight must be [outputSize, inputSize], but got [8].", Shape(() => Ops.Linear(Tensor.Zeros(4, 8), Tensor.Zeros(8))));
        Assert.Equal("Linear: bias must be [5], but got [4]. Its length must equal the outputSize of weight.",
            Shape(() => Ops.Linear(Tensor.Zeros(4, 8), weight, Tensor.Zeros(4))));
    }

    [Fact]
    public void MatMul_WrongShapes_ThrowsNamingThem()
    {
        Assert.Equal("MatMul: a must be [..., 4], but got [2, 3]. The last dimension must equal the first of b, which is [4, 5].",
            Shape(() => Ops.MatMul(Tensor.Zeros(2, 3), Tensor.Zeros(4, 5))));
        Assert.Equal("MatMul: b must be [k, n], but got [4].", Shape(() => Ops.MatMul(Tensor.Zeros(2, 4), Tensor.Zeros(4))));
    }

    [Fact]
    public void Embedding_WeightNoMatrix_Throws() =>
        Assert.Equal("Embedding: weight must be [vocabularySize, embeddingSize], but got [4].", Shape(() => Ops.Embedding(IntTensor.From([0]), Tensor.Zeros(4))));

    [Fact]
    public void Concat_PartsDiffer_ThrowsNamingBoth()
    {
        Assert.Equal("Concat: all tensors must be alike but for the last dimension, but got [2, 3] and [3, 3].",
            Shape(() => Ops.Concat(Tensor.Zeros(2, 3), Tensor.Zeros(3, 3))));
        Assert.Equal("Concat: there must be at least one tensor, but got none.", Shape(() => Ops.Concat()));
    }

    [Fact]
    public void SelectStep_Wrong_Throws()
    {
        Assert.Equal("SelectStep: x must be [batch, time, feature], but got [2, 3].", Shape(() => Ops.LastStep(Tensor.Zeros(2, 3))));
        Assert.Equal("SelectStep: timeStep must be from 0 to 3, but got 4. x is [2, 4, 3].", Range(() => Ops.SelectStep(Tensor.Zeros(2, 4, 3), 4)));
    }

    [Fact]
    public void Reshape_OtherCount_ThrowsNamingBoth() =>
        Assert.Equal("Reshape: [4, 2] holds 8 numbers, but x is [2, 3] and holds 6.", Shape(() => Tensor.Zeros(2, 3).Reshape(4, 2)));

    [Fact]
    public void Mean_NoNumbers_Throws() =>
        Assert.Equal("Mean: x must hold at least one number, but has shape [0, 3].", Shape(() => Tensor.Zeros(0, 3).Mean()));

    [Fact]
    public void Softmax_NoDimensions_Throws() => Assert.Equal("Softmax: x must be [..., classes], but got [].", Shape(() => Ops.Softmax(Tensor.Zeros())));

    [Theory]
    [InlineData(1f, "1")]
    [InlineData(-0.1f, "-0.1")]
    [InlineData(float.NaN, "NaN")]
    public void Dropout_ProbabilityOutside_Throws(float p, string shown) =>
        Assert.Equal($"Dropout: p must be at least 0 and below 1, but got {shown}.", Range(() => Ops.Dropout(Tensor.Zeros(2), p, new RandomSource(1))));

    [Fact]
    public void Recurrent_WrongX_ThrowsNamingBoth()
    {
        Assert.Equal("Lstm: x must be [batch, time, 6], but got [4, 20, 8]. The last dimension must equal the inputSize of weightIh.",
            Shape(() => Ops.Lstm(Tensor.Zeros(4, 20, 8), null, null, Lstm)));
        Assert.Equal("Lstm: x must be [batch, time, 6], but got [4, 6]. The last dimension must equal the inputSize of weightIh.",
            Shape(() => Ops.Lstm(Tensor.Zeros(4, 6), null, null, Lstm)));
        Assert.Equal("Lstm: x must hold at least one sequence of at least one time step, but got [4, 0, 6].",
            Shape(() => Ops.Lstm(Tensor.Zeros(4, 0, 6), null, null, Lstm)));
    }

    [Fact]
    public void Recurrent_WrongState_ThrowsNamingBoth()
    {
        var x = Tensor.Zeros(4, 20, 6);
        Assert.Equal("Lstm: hidden must be [4, 5], but got [1, 5]. It is [batch, hiddenSize].", Shape(() => Ops.Lstm(x, Tensor.Zeros(1, 5), null, Lstm)));
        Assert.Equal("Lstm: cell must be [4, 5], but got [4, 6]. It is [batch, hiddenSize].", Shape(() => Ops.Lstm(x, null, Tensor.Zeros(4, 6), Lstm)));
    }

    [Fact]
    public void Recurrent_WrongWeights_ThrowsNamingBoth()
    {
        var x = Tensor.Zeros(4, 20, 6);
        Assert.Equal("Gru: weightHh must be [15, 5], but got [20, 5]. It is [3*hiddenSize, hiddenSize].", Shape(() => Ops.Gru(x, null, Lstm)));
        Assert.Equal("SimpleRnn: weightIh must be [5, 6], but got [4, 6]. It is [hiddenSize, inputSize], and weightHh is [5, 5].",
            Shape(() => Ops.SimpleRnn(x, null, Weights(1, 6, 5) with { WeightIh = Tensor.Zeros(4, 6) })));
        Assert.Equal("Lstm: biasIh must be [20], but got [5]. It is [4*hiddenSize].", Shape(() => Ops.Lstm(x, null, null, Lstm with { BiasIh = Tensor.Zeros(5) })));
        Assert.Equal("Lstm: biasHh must be [20], but got [5]. It is [4*hiddenSize].", Shape(() => Ops.Lstm(x, null, null, Lstm with { BiasHh = Tensor.Zeros(5) })));
        Assert.Equal("Lstm: weightHh must be [4*hiddenSize, hiddenSize], but got [5].", Shape(() => Ops.Lstm(x, null, null, Lstm with { WeightHh = Tensor.Zeros(5) })));
    }

    [Fact]
    public void SimpleRnn_SigmoidInside_Throws() =>
        Assert.Equal("SimpleRnn: activation must be Tanh or Relu, but got Sigmoid.",
            Range(() => Ops.SimpleRnn(Tensor.Zeros(1, 1, 6), null, Weights(1, 6, 5), Activation.Sigmoid)));

    private static RecurrentWeights Weights(int gates, int inputSize, int hiddenSize) =>
        new(Tensor.Zeros(gates * hiddenSize, inputSize), Tensor.Zeros(gates * hiddenSize, hiddenSize), Tensor.Zeros(gates * hiddenSize), Tensor.Zeros(gates * hiddenSize));

    private static string Shape(Func<object> wrong) => Assert.Throws<ShapeException>(wrong).Message;

    private static string Range(Func<object> wrong) => Assert.Throws<ArgumentOutOfRangeException>(wrong).Message;
}
