using CourseKit.Autograd;
using CourseKit.Losses;
using CourseKit.Tensors;
using CourseKit.Tests.Tensors;
using GradientCheck = CourseKit.Tests.Autograd.GradientCheck;

namespace CourseKit.Tests.Losses;

/// <summary>Against numbers that PyTorch's cross_entropy gave in float64 for the same input.</summary>
public class LabelSmoothingTests
{
    private static readonly IntTensor Targets = IntTensor.From([2, -100, 0, 4]);
    private readonly Tensor logits = Tensor.From([.. Enumerable.Range(0, 20).Select(i => (i / 5 * 7 + i % 5 * 3) % 11 / 4f - 1.25f)], 4, 5);
    private readonly Tensor weights = Tensor.From([0.5f, 1, 2, 0, 1.5f]);

    [Theory]
    [InlineData(0.1f, false, LossReduction.Mean, new[] { 2.265935465694421 }, new[] { 0.011478416, 0.031746473, -0.22534605, 0.165489081, 0.01663208 }, new[] { -0.27153918, 0.067698223, 0.150763807, 0.014639231, 0.038437919 })]
    [InlineData(0.1f, true, LossReduction.Mean, new[] { 2.131502662426483 }, new[] { 0.023356742, 0.049738724, -0.344118121, 0.24532194, 0.025700714 }, new[] { -0.100509912, 0.025675517, 0.05494007, 0.008788683, 0.011105642 })]
    [InlineData(0f, true, LossReduction.Mean, new[] { 2.204230558332668 }, new[] { 0.027217623, 0.057619709, -0.378019074, 0.258233621, 0.03494812 }, new[] { -0.111827192, 0.027886834, 0.059036427, 0.007989712, 0.01691422 })]
    [InlineData(0.3f, true, LossReduction.Sum, new[] { 7.9441874824564485 }, new[] { 0.06253992, 0.135907012, -1.105264853, 0.877994313, 0.028823609 }, new[] { -0.311501401, 0.085011535, 0.186989423, 0.0415465, -0.002046058 })]
    [InlineData(0.1f, true, LossReduction.None, new[] { 2.7479124864032443, 0, 1.1550874880833457, 4.623010675219341 }, new[] { 0.093426969, 0.198954895, -1.376472483, 0.981287761, 0.102802857 }, new[] { -0.402039647, 0.102702068, 0.219760281, 0.035154731, 0.044422566 })]
    public void CrossEntropy_SmoothedAndWeighed_AgreesWithPyTorch(float smoothing, bool weighClasses, LossReduction reduction, double[] expected, double[] firstRow, double[] thirdRow)
    {
        logits.RequiresGradient = true;
        Tape.Step(() =>
        {
            var loss = Loss.CrossEntropy(logits, Targets, labelSmoothing: smoothing, classWeights: weighClasses ? weights : null, reduction: reduction);
            Close.To(expected, loss, "loss");
            loss.Sum().Backward();
        });
        var gradient = logits.Gradient!.ToArray();
        Close.To(firstRow, Tensor.From(gradient.AsSpan(0, 5)), "first row");
        Close.To(new double[5], Tensor.From(gradient.AsSpan(5, 5)), "ignored row");
        Close.To(thirdRow, Tensor.From(gradient.AsSpan(10, 5)), "third row");
    }

    [Theory]
    [InlineData(LossReduction.Mean)]
    [InlineData(LossReduction.Sum)]
    [InlineData(LossReduction.None)]
    public void CrossEntropy_SmoothedAndWeighed_HasTheGradientOfTheDifference(LossReduction reduction)
    {
        logits.RequiresGradient = true;
        GradientCheck.Of(() => Loss.CrossEntropy(logits, Targets, labelSmoothing: 0.2f, classWeights: weights, reduction: reduction), logits);
    }

    [Fact]
    public void CrossEntropy_SmoothedWholly_IsTheMeanOverAllClasses() =>
        Assert.Equal(Math.Log(4), Loss.CrossEntropy(Tensor.Zeros(3, 4), IntTensor.From([0, 1, 2]), labelSmoothing: 1).Item(), 1e-6);

    [Fact]
    public void CrossEntropy_NoReduction_HasTheShapeOfTargets()
    {
        var loss = Loss.CrossEntropy(Tensor.Zeros(2, 3, 4), IntTensor.From(new int[2, 3]), reduction: LossReduction.None);
        Assert.Equal(new Shape(2, 3), loss.Shape);
        Assert.All(loss.ToArray(), number => Assert.Equal(Math.Log(4), number, 1e-6));
    }

    [Fact]
    public void CrossEntropy_SumOfIgnored_IsZeroAndItsMeanNotANumber()
    {
        var ignored = IntTensor.From([-100, -100, -100, -100]);
        Assert.Equal(0, Loss.CrossEntropy(logits, ignored, reduction: LossReduction.Sum).Item());
        Assert.Equal(float.NaN, Loss.CrossEntropy(logits, ignored, classWeights: weights).Item());
        Assert.Equal(float.NaN, Loss.CrossEntropy(logits, IntTensor.From([3, 3, 3, 3]), classWeights: weights).Item());
    }

    [Fact]
    public void CrossEntropy_Mistakes_ThrowNamingThem()
    {
        Assert.Equal("CrossEntropy: labelSmoothing must be in [0, 1], but got -0.1.",
            Assert.Throws<ArgumentOutOfRangeException>(() => Loss.CrossEntropy(logits, Targets, labelSmoothing: -0.1f)).Message);
        Assert.Equal("CrossEntropy: classWeights must be [5], but got [4]. There is one weight for each class of logits, [4, 5].",
            Assert.Throws<ShapeException>(() => Loss.CrossEntropy(logits, Targets, classWeights: Tensor.Zeros(4))).Message);
        Assert.Equal("CrossEntropy: targets[0] = 5, but logits have 5 classes (0..4).",
            Assert.Throws<ArgumentOutOfRangeException>(() => Loss.CrossEntropy(logits, IntTensor.From([5, 0, 0, 0]), classWeights: weights)).Message);
    }
}
