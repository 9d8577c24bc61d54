using CourseKit.Autograd;
using CourseKit.Inspection;
using CourseKit.Layers;
using CourseKit.Losses;
using CourseKit.Tensors;
using CourseKit.Tests.Tensors;

namespace CourseKit.Tests.Layers;

/// <summary>Against numbers that PyTorch's AdaptiveLogSoftmaxWithLoss gave in float64 for the same weights and input.</summary>
public class AdaptiveSoftmaxTests
{
    private static readonly IntTensor Targets = IntTensor.From([0, 4, 5, 10, 11, 19]);
    private readonly AdaptiveSoftmax layer = new(8, 20, [5, 11], divisor: 2, headBias: true);
    private readonly Tensor x = Tensor.From([.. Enumerable.Range(0, 48).Select(i => (i / 8 * 7 + i % 8 * 3) % 11 / 5.5 - 1)], 6, 8);

    public AdaptiveSoftmaxTests()
    {
        foreach (var (name, tensor) in layer.Parameters)
            tensor.CopyFrom([.. Enumerable.Range(0, tensor.Length).Select(i => (i * 5 + name.Length * 3) % 13 / 13f - 0.5f)]);
        x.RequiresGradient = true;
    }

    [Fact]
    public void Loss_AgainstPyTorch_AgreesWithItsGradients()
    {
        Tape.Step(() =>
        {
            var loss = layer.Loss(x, Targets);
            Assert.Equal(3.3505275737556954, loss.Item(), 1e-5);
            loss.Backward();
        });
        var gradients = layer.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Tensor.Gradient!.ToArray());
        Row([0.005723881, -0.114824437, 0.034619743, -0.016903183, 0.034619743, 0.034619743, -0.07713301, 0.034619743], x.Gradient!.ToArray().AsSpan(0, 8), "x[0]");
        Row([-0.042925528, 0.006270498, -0.033521273, 0.086853373, -0.032104158, -0.034466016, -0.013751346, -0.033048901], x.Gradient!.ToArray().AsSpan(24, 8), "x[3]");
        Row([0.145415425, 0.092754197, -0.021682791, -0.13598504, 0.110242091, 0.028484056, -0.030426738, -0.144728988], gradients["head.weight"].AsSpan(0, 8), "head.weight[0]");
        Row([-0.04809171, 0.163280376, 0.200108275, 0.104061361, 0.003818684, -0.245290126, -0.177886861], gradients["head.bias"], "head.bias");
        Row([0.021234833, -0.003255995, -0.031939394, 0.040357099, 0.01586627, -0.012817128, -0.041500527, 0.030795966], gradients["tail.0.0.weight"].AsSpan(8, 8), "tail.0.0.weight[1]");
        Row([0.003671028, 0.000772038, 0.008146076, 0.005687069, 0.006997455, 0.004911653, 0.008914776, 0.006204307, 0.010000772, 0.006938275, 0.00857257, 0.005974871, 0.007359692, 0.005156249, 0.009384537, 0.006521193, -0.063046907, -0.042165655],
            gradients["tail.1.1.weight"], "tail.1.1.weight");
    }

    [Fact]
    public void Forward_Softmax_IsPyTorchsDistribution()
    {
        double[] logProbabilities = [-1.994311332, -1.728577066, -2.190115528, -2.833472171, -1.658646996, -4.121590593, -4.007550786, -4.110294197, -3.99625439, -4.399697102,
            -3.984957995, -3.571773333, -3.717012709, -3.862252085, -3.678820133, -3.523360208, -3.668599584, -3.81383896, -3.630407007, -3.775646383];
        Row([.. logProbabilities.Select(Math.Exp)], Ops.Softmax(layer.Forward(x)).ToArray().AsSpan(40, 20), "softmax[2]");
    }

    [Fact]
    public void Loss_SomeTargetsIgnored_IsCrossEntropyOfForward()
    {
        var targets = IntTensor.From([19, -100, 3, 7, -100, 12], 2, 3);
        var sequence = x.Reshape(2, 3, 8);
        Assert.Equal(Loss.CrossEntropy(layer.Forward(sequence), targets).Item(), layer.Loss(sequence, targets).Item(), 1e-5);
        Assert.Equal(float.NaN, layer.Loss(x, IntTensor.From(Enumerable.Repeat(-100, 6).ToArray())).Item());
    }

    /// <summary>What is ignored may be a class, and one with the number of a cluster in the head.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(19)]
    public void Loss_AClassIgnored_IsCrossEntropyOfForward(int ignoreIndex)
    {
        var targets = IntTensor.From([5, 6, 19, 10, 11, 0]);
        Assert.Equal(Loss.CrossEntropy(layer.Forward(x), targets, ignoreIndex).Item(), layer.Loss(x, targets, ignoreIndex).Item(), 1e-5);
    }

    [Fact]
    public void Gradients_InFloat64_AreTheDifferences()
    {
        GradientCheck.Of(layer, x).Throw();
        GradientCheck.Of(() => [layer.Loss(x, Targets)], [x, .. layer.Parameters.Select(parameter => parameter.Tensor)]).Throw();
    }

    [Fact]
    public void Parameters_AreNamedAndShapedAsPyTorchs()
    {
        Assert.Equal(["head.weight [7, 8]", "head.bias [7]", "tail.0.0.weight [4, 8]", "tail.0.1.weight [6, 4]", "tail.1.0.weight [2, 8]", "tail.1.1.weight [9, 2]"],
            layer.Parameters.Select(parameter => $"{parameter.Name} {parameter.Tensor.Shape}"));
        Assert.Equal("AdaptiveSoftmax(inputSize: 8, classes: 20, cutoffs: [5, 11], divisor: 2, headBias: true)", layer.ToString());
        Assert.Equal([5, 11], layer.Cutoffs);
    }

    [Fact]
    public void Mistakes_ThrowNamingThem()
    {
        Assert.Equal("AdaptiveSoftmax: cutoffs must be at least one number, rise, and lie in 1..classes-1, but got [5, 5] for 20 classes.",
            Assert.Throws<ArgumentOutOfRangeException>(() => new AdaptiveSoftmax(8, 20, [5, 5])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdaptiveSoftmax(8, 20, [20]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdaptiveSoftmax(8, 20, []));
        Assert.Equal("AdaptiveSoftmax: divisor must be at least 1 and leave cluster 1 at least one of the 8 numbers, but 4 leaves 0. Give a smaller divisor, fewer cutoffs or a larger inputSize.",
            Assert.Throws<ArgumentOutOfRangeException>(() => new AdaptiveSoftmax(8, 20, [5, 11])).Message);
        Assert.Equal($"{layer}.Loss: targets[1] = 20, but there are 20 classes (0..19).", Assert.Throws<ArgumentOutOfRangeException>(() => layer.Loss(x, IntTensor.From([0, 20, 0, 0, 0, 0]))).Message);
        Assert.Equal($"{layer}.Loss: targets must be [6], but got [5]. They take the shape of x, [6, 8], without its last dimension.", Assert.Throws<ShapeException>(() => layer.Loss(x, IntTensor.From([0, 0, 0, 0, 0]))).Message);
        Assert.Equal($"{layer}: x must be [..., 8], but got [6, 7]. The last dimension must equal inputSize.", Assert.Throws<ShapeException>(() => layer.Forward(Tensor.Zeros(6, 7))).Message);
    }

    private static void Row(double[] expected, ReadOnlySpan<float> actual, string what) => Close.To(expected, Tensor.From(actual), what);
}
