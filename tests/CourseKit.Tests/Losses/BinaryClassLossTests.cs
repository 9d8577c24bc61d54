using CourseKit.Data;
using CourseKit.Layers;
using CourseKit.Losses;
using CourseKit.Tensors;
using CourseKit.Training;
using GradientCheck = CourseKit.Tests.Autograd.GradientCheck;

namespace CourseKit.Tests.Losses;

/// <summary>Binary cross-entropy with targets as classes 0 and 1, as data sets of two classes have them.</summary>
public class BinaryClassLossTests
{
    private readonly Tensor x = GradientCheck.Draw(1, 4, 1);

    [Fact]
    public void BinaryCrossEntropyWithLogits_Classes_IsThatOfNumbers()
    {
        var expected = Loss.BinaryCrossEntropyWithLogits(x, Tensor.From([1f, 0f, 0f, 1f], 4, 1)).Item();
        Assert.Equal(expected, Loss.BinaryCrossEntropyWithLogits(x, IntTensor.From([1, 0, 0, 1], 4)).Item());
        Assert.Equal(expected, Loss.BinaryCrossEntropyWithLogits(x, IntTensor.From([1, 0, 0, 1], 4, 1)).Item());
    }

    [Fact]
    public void BinaryCrossEntropyWithLogits_IgnoredClass_TakesNoPart()
    {
        var classes = IntTensor.From([1, 0, -100, 1], 4);
        var values = x.ToArray();
        Assert.Equal(
            Loss.BinaryCrossEntropyWithLogits(Tensor.From([values[0], values[1], values[3]], 3, 1), Tensor.From([1f, 0f, 1f], 3, 1)).Item(),
            Loss.BinaryCrossEntropyWithLogits(x, classes).Item(), 1e-6);
        GradientCheck.Of(() => Loss.BinaryCrossEntropyWithLogits(x, classes), x);
    }

    [Fact]
    public void BinaryCrossEntropyWithLogits_NotTwoClasses_ThrowsNamingTheTarget()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Loss.BinaryCrossEntropyWithLogits(x, IntTensor.From([1, 0, 2, 1], 4)));
        Assert.Equal("BinaryCrossEntropyWithLogits: targets[2] = 2, but there are two classes (0 and 1). For more, give a logit for each and use CrossEntropy.", error.Message);
    }

    [Fact]
    public void BinaryCrossEntropyWithLogits_ClassesOfAnotherShape_ThrowsNamingBoth()
    {
        var error = Assert.Throws<ShapeException>(() => Loss.BinaryCrossEntropyWithLogits(x, IntTensor.From([1, 0], 2)));
        Assert.Equal("BinaryCrossEntropyWithLogits: targets must be [4], but got [2]. They take the shape of logits, [4, 1], without its last dimension, or with it.", error.Message);
        Assert.Throws<ShapeException>(() => Loss.BinaryCrossEntropyWithLogits(Tensor.Zeros(4, 2), IntTensor.From([1, 0, 0, 1], 4)));
    }

    [Fact]
    public void DefaultLoss_OneLogitForClasses_IsBinaryCrossEntropy()
    {
        var classes = IntTensor.From([1, 0, 0, 1], 4);
        Assert.Equal(Loss.BinaryCrossEntropyWithLogits(x, classes).Item(), FitOptions.DefaultLoss(x, new Batch(Tensor.Zeros(4, 2), classes)).Item());
    }

    [Fact]
    public void Fit_OneLogitForTwoClasses_LearnsThemWithoutALossOfOnesOwn()
    {
        var data = new Sequences([[1, 2, 1], [3, 4], [2, 1], [4, 3, 4, 3]], [0, 1, 0, 1]);
        var model = new Model(1, new Embedding(5, 4, paddingId: 0), new Gru(4, 8, returnSequences: false), new Linear(8, 1));
        model.Fit(data.Batches(4), new FitOptions { Optimizer = new CourseKit.Optimizers.Adam(0.05), Epochs = 40, Progress = null });
        Assert.InRange(model.Evaluate(data.Batches(4)), 0, 0.1);
        Assert.Equal(1, model.Accuracy(data.Batches(4)));
    }
}
