using CourseKit.Autograd;
using CourseKit.Losses;
using CourseKit.Tensors;
using CourseKit.Tests.Fixtures;
using CourseKit.Tests.Tensors;

namespace CourseKit.Tests.Losses;

public class LossTests
{
    private static readonly Fixture Golden = Fixture.Load("losses");

    [Theory]
    [InlineData("targets", "cross_entropy", "grad_logits")]
    [InlineData("masked_targets", "masked_cross_entropy", "masked_grad")]
    public void CrossEntropy_AgainstPyTorch_Agrees(string targets, string value, string gradient) =>
        Check("logits", gradient, value, logits => Loss.CrossEntropy(logits, IntTensor.From(Golden.Ints(targets))));

    [Fact]
    public void BinaryCrossEntropyWithLogits_AgainstPyTorch_Agrees() =>
        Check("binary_logits", "grad_binary", "binary_cross_entropy", logits => Loss.BinaryCrossEntropyWithLogits(logits, Golden.Tensor("binary_targets").ToTensor()));

    [Fact]
    public void MeanSquaredError_AgainstPyTorch_Agrees() =>
        Check("mse_pred", "grad_mse", "mse", prediction => Loss.MeanSquaredError(prediction, Golden.Tensor("mse_target").ToTensor()));

    [Fact]
    public void CrossEntropy_SequenceOfLogits_TakesTheMeanOverAllTargets()
    {
        var logits = Tensor.Zeros(2, 3, 4);
        var loss = Loss.CrossEntropy(logits, IntTensor.From([0, 1, 2, 3, 0, 1], 2, 3));
        Assert.Equal(Math.Log(4), loss.Item(), 1e-6);
        Assert.Equal(Shape.Scalar, loss.Shape);
    }

    [Fact]
    public void CrossEntropy_AllTargetsIgnored_IsNotANumber() =>
        Assert.Equal(float.NaN, Loss.CrossEntropy(Tensor.Zeros(2, 3), IntTensor.From([-100, -100])).Item());

    [Fact]
    public void CrossEntropy_OwnIgnoreIndex_LeavesThoseTargetsOut()
    {
        var logits = Tensor.From([1f, 2f, 3f, 4f, 0f, 0f], 3, 2);
        var all = Loss.CrossEntropy(logits, IntTensor.From([0, 0, 1]), ignoreIndex: 0).Item();
        Assert.Equal(Math.Log(2), all, 1e-6);
    }

    [Fact]
    public void CrossEntropy_LossScaled_ScalesTheGradient()
    {
        var logits = Golden.Tensor("logits").ToTensor(requiresGradient: true);
        Tape.Step(() => (3f * Loss.CrossEntropy(logits, IntTensor.From(Golden.Ints("targets")))).Backward());
        Close.To([.. Golden.Tensor("grad_logits").Data.Select(g => 3 * g)], logits.Gradient, "gradient");
    }

    [Fact]
    public void CrossEntropy_TargetNoClass_ThrowsNamingTargetAndClasses()
    {
        var targets = new int[3, 7];
        targets[2, 5] = 91;
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Loss.CrossEntropy(Tensor.Zeros(3, 7, 90), IntTensor.From(targets)));
        Assert.Equal("CrossEntropy: targets[2, 5] = 91, but logits have 90 classes (0..89).", error.Message);
    }

    [Fact]
    public void CrossEntropy_TargetNegative_Throws()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Loss.CrossEntropy(Tensor.Zeros(2, 3), IntTensor.From([0, -1])));
        Assert.Equal("CrossEntropy: targets[1] = -1, but logits have 3 classes (0..2).", error.Message);
    }

    [Fact]
    public void CrossEntropy_ShapesDiffer_ThrowsNamingBoth()
    {
        var error = Assert.Throws<ShapeException>(() => Loss.CrossEntropy(Tensor.Zeros(2, 5, 3), IntTensor.From([0, 1, 2])));
        Assert.Equal("CrossEntropy: targets must be [2, 5], but got [3]. They take the shape of logits, [2, 5, 3], without its last dimension.", error.Message);
    }

    [Fact]
    public void CrossEntropy_LogitsWithoutDimensions_Throws()
    {
        var error = Assert.Throws<ShapeException>(() => Loss.CrossEntropy(Tensor.Zeros(), IntTensor.From([0])));
        Assert.Equal("CrossEntropy: logits must be [..., classes], but got [].", error.Message);
    }

    [Fact]
    public void MeanSquaredError_ShapesDiffer_ThrowsNamingBoth()
    {
        var error = Assert.Throws<ShapeException>(() => Loss.MeanSquaredError(Tensor.Zeros(4, 1), Tensor.Zeros(4)));
        Assert.Equal("MeanSquaredError: targets must be [4, 1], but got [4]. They take the shape of prediction.", error.Message);
    }

    [Fact]
    public void BinaryCrossEntropyWithLogits_NoNumbers_Throws()
    {
        var error = Assert.Throws<ShapeException>(() => Loss.BinaryCrossEntropyWithLogits(Tensor.Zeros(0, 2), Tensor.Zeros(0, 2)));
        Assert.Equal("BinaryCrossEntropyWithLogits: logits must hold at least one number, but has shape [0, 2].", error.Message);
    }

    [Fact]
    public void BinaryCrossEntropyWithLogits_HugeLogits_StaysFinite()
    {
        var loss = Loss.BinaryCrossEntropyWithLogits(Tensor.From([1000f, -1000f]), Tensor.From([0f, 0f]));
        Assert.Equal(500, loss.Item(), 1e-3);
    }

    private static void Check(string input, string gradient, string value, Func<Tensor, Tensor> lossOf)
    {
        var x = Golden.Tensor(input).ToTensor(requiresGradient: true);
        Tape.Step(() =>
        {
            var loss = lossOf(x);
            Assert.Equal(Golden.Number(value), loss.Item(), 1e-5);
            loss.Backward();
        });
        Close.To(Golden.Tensor(gradient), x.Gradient, gradient);
        Assert.Equal(Golden.Number(value), lossOf(x).Item(), 1e-5);
    }
}
