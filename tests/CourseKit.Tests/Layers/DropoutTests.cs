using CourseKit.Autograd;
using CourseKit.Layers;
using CourseKit.Tensors;

namespace CourseKit.Tests.Layers;

public class DropoutTests
{
    private static readonly Tensor Ones = Tensor.From(Enumerable.Repeat(1f, 10_000).ToArray());

    [Fact]
    public void Forward_OutsideAStep_IsTheInputItself() => Assert.Same(Ones, new Dropout(0.5f).Forward(Ones));

    [Fact]
    public void Forward_InAStep_DropsAboutPAndScalesTheRest()
    {
        var y = Tape.Step(() => new Dropout(0.2f).Forward(Ones).ToArray());
        Assert.InRange(y.Count(value => value == 0), 1850, 2150);
        Assert.All(y, value => Assert.True(value is 0 or 1.25f));
    }

    [Fact]
    public void Forward_ZeroProbability_IsTheInputItself() => Tape.Step(() => Assert.Same(Ones, new Dropout(0).Forward(Ones)));

    [Fact]
    public void Forward_StepAfterStep_DrawsNewMasksThatTheSeedFixes()
    {
        float[][] Masks(long seed)
        {
            var dropout = new Dropout(0.5f);
            dropout.Initialize(new RandomSource(seed));
            return [.. Enumerable.Range(0, 2).Select(_ => Tape.Step(() => dropout.Forward(Ones).ToArray()))];
        }

        var masks = Masks(1);
        Assert.NotEqual(masks[0], masks[1]);
        Assert.Equal(masks, Masks(1));
        Assert.NotEqual(masks[0], Masks(2)[0]);
    }

    [Fact]
    public void Forward_StateOfRandomSetBack_DrawsTheSameMask()
    {
        var dropout = new Dropout(0.5f);
        var state = dropout.Random.State;
        var first = Tape.Step(() => dropout.Forward(Ones).ToArray());
        dropout.Random.State = state;
        Assert.Equal(first, Tape.Step(() => dropout.Forward(Ones).ToArray()));
    }

    [Fact]
    public void Forward_SameOverTime_DropsAFeatureOfASequenceAtEveryStep()
    {
        var dropout = new Dropout(0.5f, sameOverTime: true);
        Assert.Equal("Dropout(0.5, sameOverTime: true)", dropout.ToString());
        var x = Tensor.From(Enumerable.Repeat(1f, 20 * 7 * 50).ToArray(), 20, 7, 50);
        x.RequiresGradient = true;
        var y = Tape.Step(() =>
        {
            var dropped = dropout.Forward(x);
            dropped.Sum().Backward();
            return dropped.ToArray();
        });
        Assert.Equal(y, x.Gradient!.ToArray());
        for (var b = 0; b < 20; b++)
            for (var t = 1; t < 7; t++)
                Assert.Equal(y.AsSpan(b * 350, 50).ToArray(), y.AsSpan((b * 350) + (t * 50), 50).ToArray());
        Assert.InRange(y.Count(value => value == 0), 0.45 * y.Length, 0.55 * y.Length);
        Assert.NotEqual(y.AsSpan(0, 50).ToArray(), y.AsSpan(350, 50).ToArray());
        Assert.Equal("Dropout: x must be [batch, time, feature], but got [2, 3].", Assert.Throws<ShapeException>(() => dropout.Forward(Tensor.Zeros(2, 3))).Message);
    }

    [Fact]
    public void Constructor_ProbabilityOne_Throws() =>
        Assert.Equal("Dropout: p must be at least 0 and below 1, but got 1.", Assert.Throws<ArgumentOutOfRangeException>(() => new Dropout(1)).Message);
}
