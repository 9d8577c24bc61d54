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
    public void Constructor_ProbabilityOne_Throws() =>
        Assert.Equal("Dropout: p must be at least 0 and below 1, but got 1.", Assert.Throws<ArgumentOutOfRangeException>(() => new Dropout(1)).Message);
}
