using CourseKit.Backends;
using CourseKit.Layers;
using CourseKit.Tensors;

namespace CourseKit.Tests.Layers;

public class LinearTests
{
    [Fact]
    public void Forward_KnownWeights_GivesXTimesTransposedWeightPlusBias()
    {
        var linear = new Linear(3, 2);
        linear.Weight.CopyFrom([1, 2, 3, -1, 0, 1]);
        linear.Bias!.CopyFrom([10, 20]);
        var y = linear.Forward(Tensor.From([1f, 1, 1, 0, 1, 2], 2, 3));
        Assert.Equal([16f, 20f, 18f, 22f], y.ToArray());
    }

    [Fact]
    public void Forward_NoBias_HasOneParameter()
    {
        var linear = new Linear(2, 1, bias: false);
        linear.Weight.CopyFrom([2, 3]);
        Assert.Equal(5, linear.Forward(Tensor.From([1f, 1f], 1, 2)).Item());
        Assert.Equal(["weight"], linear.Parameters.Select(p => p.Name));
        Assert.Equal("Linear(inputSize: 2, outputSize: 1, bias: false)", linear.ToString());
    }

    [Fact]
    public void Forward_LastDimensionWrong_ThrowsNamingBothShapes() =>
        Assert.Equal("Linear(inputSize: 8, outputSize: 3): x must be [..., 8], but got [4, 20, 6]. The last dimension must equal inputSize.",
            Assert.Throws<ShapeException>(() => new Linear(8, 3).Forward(Tensor.Zeros(4, 20, 6))).Message);

    [Fact]
    public void Initialize_Drawn_FillsTheRangeOfOneOverRootInputSize()
    {
        var linear = new Linear(16, 200);
        linear.Initialize(new RandomSource(3));
        float[] numbers = [.. linear.Weight.ToArray(), .. linear.Bias!.ToArray()];
        Assert.All(numbers, number => Assert.InRange(number, -0.25f, 0.25f));
        Assert.InRange(numbers.Max(), 0.24f, 0.25f);
        Assert.InRange(numbers.Min(), -0.25f, -0.24f);
        Assert.Equal(0, numbers.Average(), 0.01);
    }

    [Fact]
    public void Constructor_SizeZero_Throws()
    {
        Assert.Equal("Linear: inputSize must be at least 1, but got 0.", Assert.Throws<ArgumentOutOfRangeException>(() => new Linear(0, 3)).Message);
        Assert.Equal("Linear: outputSize must be at least 1, but got -1.", Assert.Throws<ArgumentOutOfRangeException>(() => new Linear(3, -1)).Message);
    }

    [Fact]
    public void OutputShape_EachKind_TellsWhatForwardGives()
    {
        Assert.Equal(new Shape(4, 20, 3), new Linear(8, 3).OutputShape(new Shape(4, 20, 8)));
        Assert.Equal(new Shape(4, 20, 16), new Embedding(90, 16).OutputShape(new Shape(4, 20)));
        Assert.Equal(new Shape(4, 20), new Dropout(0.5f).OutputShape(new Shape(4, 20)));
        Assert.Equal(new Shape(4, 20), new ActivationLayer(Activation.Tanh).OutputShape(new Shape(4, 20)));
        Assert.Throws<ShapeException>(() => new Linear(8, 3).OutputShape(new Shape(4, 9)));
    }

    [Fact]
    public void ActivationLayer_Forward_AppliesTheFunction()
    {
        var layer = new ActivationLayer(Activation.Relu);
        Assert.Equal([0f, 2f], layer.Forward(Tensor.From([-1f, 2f])).ToArray());
        Assert.Equal("ActivationLayer(Relu)", layer.ToString());
        Assert.Equal("activationlayer", layer.Name);
    }
}
