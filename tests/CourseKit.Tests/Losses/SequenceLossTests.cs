using CourseKit.Autograd;
using CourseKit.Data;
using CourseKit.Losses;
using CourseKit.Tensors;
using GradientCheck = CourseKit.Tests.Autograd.GradientCheck;

namespace CourseKit.Tests.Losses;

public class SequenceLossTests
{
    // Sequences of 3, 1 and 0 time steps of 4; what stands in padding is no class.
    private static readonly IntTensor Targets = IntTensor.From(new[,] { { 2, 0, 4, 99 }, { 1, 77, 77, 77 }, { -5, -5, -5, -5 } });
    private static readonly Tensor Steps = Mask.FromLengths([3, 1, 0], 4);
    private readonly Tensor logits = GradientCheck.Draw(1, 3, 4, 5);

    [Fact]
    public void SequenceCrossEntropy_EachReduction_IsThatMeanOfTheTakenSteps()
    {
        double Step(int row, int time)
        {
            var x = Enumerable.Range(0, 5).Select(j => (double)logits[row, time, j]).ToArray();
            return Math.Log(x.Sum(Math.Exp)) - x[Targets[row, time]];
        }

        var (first, second) = (Step(0, 0) + Step(0, 1) + Step(0, 2), Step(1, 0));
        Assert.Equal((first + second) / 4, Loss.SequenceCrossEntropy(logits, Targets, Steps).Item(), 1e-6);
        Assert.Equal((first / 3 + second) / 2, Loss.SequenceCrossEntropy(logits, Targets, Steps, SequenceReduction.MeanOfSequences).Item(), 1e-6);
        Assert.Equal((first + second) / 2, Loss.SequenceCrossEntropy(logits, Targets, Steps, SequenceReduction.SumOfSteps).Item(), 1e-6);
        var each = Loss.SequenceCrossEntropy(logits, Targets, Steps, SequenceReduction.EachSequence);
        Assert.Equal(new Shape(3), each.Shape);
        Assert.Equal(first / 3, each[0], 1e-6);
        Assert.Equal(second, each[1], 1e-6);
        Assert.Equal(0, each[2]);
    }

    [Theory]
    [InlineData(SequenceReduction.MeanOfSteps)]
    [InlineData(SequenceReduction.MeanOfSequences)]
    [InlineData(SequenceReduction.SumOfSteps)]
    [InlineData(SequenceReduction.EachSequence)]
    public void SequenceCrossEntropy_Gradient_IsTheDifferenceAndZeroInPadding(SequenceReduction reduction)
    {
        GradientCheck.Of(() => Loss.SequenceCrossEntropy(logits, Targets, Steps, reduction, labelSmoothing: 0.1f), logits);
        Tape.Step(() => Loss.SequenceCrossEntropy(logits, Targets, Steps, reduction, labelSmoothing: 0.1f).Sum().Backward());
        var gradient = logits.Gradient!.ToArray();
        Assert.All(gradient[15..20].Concat(gradient[25..]), number => Assert.Equal(0, number));
    }

    [Fact]
    public void SequenceCrossEntropy_PaddingHoldsAnything_ChangesNothing()
    {
        var values = logits.ToArray();
        var expected = Loss.SequenceCrossEntropy(logits, Targets, Steps).Item();
        values.AsSpan(15, 5).Fill(float.NaN);
        values.AsSpan(25).Fill(float.PositiveInfinity);
        Assert.Equal(expected, Loss.SequenceCrossEntropy(Tensor.From(values, 3, 4, 5), Targets, Steps).Item());
    }

    [Fact]
    public void SequenceCrossEntropy_NoMask_IsCrossEntropyWithIgnoredTargets()
    {
        var targets = IntTensor.From(new[,] { { 2, 0, 4, -100 }, { 1, -100, -100, -100 }, { -100, -100, -100, -100 } });
        Assert.Equal(Loss.CrossEntropy(logits, targets).Item(), Loss.SequenceCrossEntropy(logits, targets).Item(), 1e-6);
        Assert.Equal(Loss.SequenceCrossEntropy(logits, Targets, Steps).Item(), Loss.SequenceCrossEntropy(logits, targets).Item());
    }

    [Fact]
    public void SequenceCrossEntropy_NothingTaken_IsNotANumberWithoutGradient() => Tape.Step(() =>
    {
        var loss = Loss.SequenceCrossEntropy(logits, Targets, Tensor.Zeros(3, 4));
        Assert.Equal(float.NaN, loss.Item());
        Assert.Equal([0f, 0, 0], Loss.SequenceCrossEntropy(logits, Targets, Tensor.Zeros(3, 4), SequenceReduction.EachSequence).ToArray());
    });

    [Fact]
    public void SequenceCrossEntropy_Mistakes_ThrowNamingThem()
    {
        Assert.Equal("SequenceCrossEntropy: logits must be [batch, time, classes], but got [4, 5].",
            Assert.Throws<ShapeException>(() => Loss.SequenceCrossEntropy(Tensor.Zeros(4, 5), Targets)).Message);
        Assert.Equal("SequenceCrossEntropy: mask must be [3, 4], but got [4]. It takes the shape of targets.",
            Assert.Throws<ShapeException>(() => Loss.SequenceCrossEntropy(logits, Targets, Tensor.Zeros(4))).Message);
        Assert.Equal("SequenceCrossEntropy: targets[0, 3] = 99, but logits have 5 classes (0..4).",
            Assert.Throws<ArgumentOutOfRangeException>(() => Loss.SequenceCrossEntropy(logits, Targets)).Message);
        var mask = Tensor.Zeros(3, 4);
        mask[1, 2] = -1;
        Assert.Equal("SequenceCrossEntropy: mask[1, 2] must be finite and at least 0, but is -1.",
            Assert.Throws<ArgumentOutOfRangeException>(() => Loss.SequenceCrossEntropy(logits, Targets, mask)).Message);
        Assert.Equal("SequenceCrossEntropy: labelSmoothing must be in [0, 1], but got 1.5.",
            Assert.Throws<ArgumentOutOfRangeException>(() => Loss.SequenceCrossEntropy(logits, Targets, Steps, labelSmoothing: 1.5f)).Message);
    }
}
