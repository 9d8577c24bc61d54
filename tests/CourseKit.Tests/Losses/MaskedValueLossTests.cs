using CourseKit.Autograd;
using CourseKit.Data;
using CourseKit.Losses;
using CourseKit.Tensors;
using CourseKit.Training;
using GradientCheck = CourseKit.Tests.Autograd.GradientCheck;

namespace CourseKit.Tests.Losses;

/// <summary>Losses of values where sequences are padded: the mean over the time steps that there are, whatever the padding holds.</summary>
public class MaskedValueLossTests
{
    private readonly Tensor x = GradientCheck.Draw(1, 2, 3, 4);
    private readonly Tensor targets = Tensor.From([.. Enumerable.Range(0, 24).Select(i => i % 5 / 4f)], 2, 3, 4);

    // Two and one time steps of three.
    private static Tensor Steps => Mask.FromLengths([2, 1], 3);

    public static TheoryData<Func<Tensor, Tensor, Tensor?, Tensor>> Losses => [Loss.BinaryCrossEntropyWithLogits, Loss.MeanSquaredError];

    [Theory]
    [MemberData(nameof(Losses))]
    public void Loss_Padding_IsTheMeanOfTheTakenSteps(Func<Tensor, Tensor, Tensor?, Tensor> loss)
    {
        static Tensor Taken(Tensor of)
        {
            var values = of.ToArray();
            return Tensor.From([.. values[..8], .. values[12..16]], 3, 4);
        }

        var expected = loss(Taken(x), Taken(targets), null).Item();
        Assert.Equal(expected, loss(x, targets, Steps).Item(), 1e-6);
        var values = x.ToArray();
        values.AsSpan(8, 4).Fill(float.NaN);
        values.AsSpan(16).Fill(float.PositiveInfinity);
        Assert.Equal(expected, loss(Tensor.From(values, 2, 3, 4), targets, Steps).Item(), 1e-6);
        Assert.Equal(float.NaN, loss(x, targets, Tensor.Zeros(2, 3)).Item());
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Loss_Gradient_IsTheDifferenceAndZeroInPadding(Func<Tensor, Tensor, Tensor?, Tensor> loss)
    {
        GradientCheck.Of(() => loss(x, targets, Steps), x);
        Tape.Step(() => loss(x, targets, Steps).Backward());
        var gradient = x.Gradient!.ToArray();
        Assert.All(gradient[8..12].Concat(gradient[16..]), number => Assert.Equal(0, number));
        Assert.All(gradient[..8], number => Assert.NotEqual(0, number));
    }

    [Fact]
    public void DefaultLoss_PaddedValues_CountsOnlyTheTakenSteps()
    {
        var batch = new Batch(Tensor.Zeros(2, 3, 1), targets) { Mask = Steps };
        Assert.Equal(3 * 4, batch.TargetCount);
        Assert.Equal(Loss.MeanSquaredError(x, targets, Steps).Item(), FitOptions.DefaultLoss(x, batch).Item());
        Assert.Equal(8, new Batch(Tensor.Zeros(2, 3, 1), Tensor.Zeros(2, 4)) { Mask = Steps }.TargetCount);
    }
}
