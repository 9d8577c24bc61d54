using CourseKit.Autograd;
using CourseKit.Backends;
using CourseKit.Tensors;

namespace CourseKit.Tests.Autograd;

/// <summary>Every operation's gradient against finite differences.</summary>
public class OpsGradientTests
{
    private readonly Tensor _a = GradientCheck.Draw(1, 3, 5);
    private readonly Tensor _b = GradientCheck.Draw(2, 3, 5);

    [Fact]
    public void Add_Gradient_IsTheDifference() => GradientCheck.Of(() => Ops.Add(_a, _b), _a, _b);

    [Fact]
    public void Subtract_Gradient_IsTheDifference() => GradientCheck.Of(() => _a - _b, _a, _b);

    [Fact]
    public void Multiply_Gradient_IsTheDifference() => GradientCheck.Of(() => _a * _b, _a, _b);

    [Fact]
    public void Scale_Gradient_IsTheDifference() => GradientCheck.Of(() => _a * -2.5f, _a);

    [Theory]
    [InlineData(Activation.Tanh)]
    [InlineData(Activation.Sigmoid)]
    [InlineData(Activation.Relu)]
    public void Activate_Gradient_IsTheDifference(Activation function)
    {
        // No number so near 0 that relu's corner lies between the points of the difference.
        var x = Tensor.From([-1.5f, -0.7f, -0.1f, 0.1f, 0.4f, 0.9f, 1.7f]);
        x.RequiresGradient = true;
        GradientCheck.Of(() => Ops.Activate(x, function), x);
    }

    [Fact]
    public void Activations_ByName_AreThoseFunctions()
    {
        var x = Tensor.From([-1f, 0f, 2f]);
        Assert.Equal([0f, 0f, 2f], Ops.Relu(x).ToArray());
        Assert.Equal(Math.Tanh(-1), Ops.Tanh(x)[0], 1e-6);
        Assert.Equal(1 / (1 + Math.Exp(-2)), Ops.Sigmoid(x)[2], 1e-6);
    }

    [Fact]
    public void Sum_Gradient_IsTheDifference() => GradientCheck.Of(() => _a.Sum(), _a);

    [Fact]
    public void Mean_Gradient_IsTheDifference() => GradientCheck.Of(() => _a.Mean(), _a);

    [Fact]
    public void Softmax_Gradient_IsTheDifference() => GradientCheck.Of(() => Ops.Softmax(_a), _a);

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 5, 2)]
    [InlineData(2, 17, 7)]
    public void MatMul_Gradient_IsTheDifference(int rows, int k, int n)
    {
        var (a, b) = (GradientCheck.Draw(3, rows, k), GradientCheck.Draw(4, k, n));
        GradientCheck.Of(() => Ops.MatMul(a, b), a, b);
    }

    [Fact]
    public void MatMul_Sequence_MultipliesTheLastDimension()
    {
        var (a, b) = (GradientCheck.Draw(3, 2, 3, 4), GradientCheck.Draw(4, 4, 5));
        GradientCheck.Of(() => Ops.MatMul(a, b), a, b);
        Assert.Equal(new Shape(2, 3, 5), Ops.MatMul(a, b).Shape);
    }

    [Theory]
    [InlineData(1, 1, 1, true)]
    [InlineData(4, 3, 5, false)]
    [InlineData(6, 9, 17, true)]
    public void Linear_Gradient_IsTheDifference(int rows, int inputSize, int outputSize, bool hasBias)
    {
        var (x, weight) = (GradientCheck.Draw(5, rows, inputSize), GradientCheck.Draw(6, outputSize, inputSize));
        var bias = hasBias ? GradientCheck.Draw(7, outputSize) : null;
        GradientCheck.Of(() => Ops.Linear(x, weight, bias), hasBias ? [x, weight, bias!] : [x, weight]);
    }

    [Fact]
    public void Embedding_IdTwice_CollectsBothGradients()
    {
        var weight = GradientCheck.Draw(8, 4, 3);
        GradientCheck.Of(() => Ops.Embedding(IntTensor.From([1, 3, 1, 0], 2, 2), weight), weight);
        Tape.Step(() => Ops.Embedding(IntTensor.From([1, 3, 1, 0], 2, 2), weight).Sum().Backward());
        Assert.Equal(0, weight.Gradient![2, 0]);
    }

    [Fact]
    public void Dropout_Gradient_IsTheDifference() => GradientCheck.Of(() => Ops.Dropout(_a, 0.4f, new RandomSource(5)), _a);

    [Fact]
    public void Concat_Gradient_IsTheDifference()
    {
        var (a, b, c) = (GradientCheck.Draw(1, 2, 3, 4), GradientCheck.Draw(2, 2, 3, 1), GradientCheck.Draw(3, 2, 3, 2));
        GradientCheck.Of(() => Ops.Concat(a, b, c, a), a, b, c);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void SelectStep_Gradient_IsTheDifference(int timeStep)
    {
        var x = GradientCheck.Draw(1, 2, 4, 3);
        GradientCheck.Of(() => new[] { Ops.SelectStep(x, timeStep), Ops.LastStep(x) }, x);
        Assert.Equal(x[1, timeStep, 2], Ops.SelectStep(x, timeStep)[1, 2]);
        Assert.Equal(x[1, 3, 2], Ops.LastStep(x)[1, 2]);
    }

    [Fact]
    public void Reshape_Gradient_IsTheDifference() => GradientCheck.Of(() => Ops.Tanh(_a.Reshape(5, 3)), _a);

    [Fact]
    public void CrossEntropy_Gradient_IsTheDifference()
    {
        var logits = GradientCheck.Draw(9, 2, 3, 7);
        GradientCheck.Of(() => Ops.CrossEntropy(logits, IntTensor.From([0, 6, -100, 3, 3, 1], 2, 3)), logits);
    }

    [Fact]
    public void BinaryCrossEntropyWithLogits_Gradient_IsTheDifference() =>
        GradientCheck.Of(() => Ops.BinaryCrossEntropyWithLogits(_a, Tensor.From(Enumerable.Range(0, 15).Select(i => i / 14f).ToArray(), 3, 5)), _a);

    [Fact]
    public void MeanSquaredError_Gradient_IsTheDifference() => GradientCheck.Of(() => Ops.MeanSquaredError(_a, _b.Detach()), _a);

    [Fact]
    public void DiamondGraph_Gradient_IsTheDifference()
    {
        var x = GradientCheck.Draw(11, 4);
        GradientCheck.Of(
            () =>
            {
                var shared = Ops.Tanh(x);
                var left = shared * x;
                var right = Ops.Sigmoid(shared) - x;
                return (left * right) + shared;
            },
            x);
    }
}
