using CourseKit.Autograd;
using CourseKit.Tensors;

namespace CourseKit.Tests.Autograd;

public class TapeTests
{
    [Fact]
    public void Backward_TensorUsedTwice_CollectsBothGradients()
    {
        var x = Leaf(3, -2);
        Tape.Step(() => ((x * x) + x).Sum().Backward());
        Assert.Equal([7f, -3f], x.Gradient!.ToArray());
    }

    [Fact]
    public void Backward_StepAfterStep_AddsUpUntilZeroGradient()
    {
        var x = Leaf(1, 2);
        for (var i = 0; i < 3; i++)
            Tape.Step(() => x.Sum().Backward());
        Assert.Equal([3f, 3f], x.Gradient!.ToArray());

        x.ZeroGradient();
        Assert.Null(x.Gradient);
        Tape.Step(() => x.Sum().Backward());
        Assert.Equal([1f, 1f], x.Gradient!.ToArray());
    }

    [Fact]
    public void Backward_GradientOfAResult_CanBeReadInsideTheStep()
    {
        var x = Leaf(2);
        Tape.Step(() =>
        {
            var middle = x * 3f;
            (middle * middle).Sum().Backward();
            Assert.Equal(12, middle.Gradient!.Item());
        });
        Assert.Equal(36, x.Gradient!.Item());
    }

    [Fact]
    public void Backward_InputThatNeedsNone_GetsNoGradient()
    {
        var (x, data) = (Leaf(2), Tensor.From([5f]));
        Tape.Step(() => (x * data).Sum().Backward());
        Assert.Null(data.Gradient);
        Assert.Equal(5, x.Gradient!.Item());
    }

    [Fact]
    public void Backward_ThroughDetach_Stops()
    {
        var x = Leaf(2);
        Tape.Step(() => (x * (x * 3f).Detach()).Sum().Backward());
        Assert.Equal(6, x.Gradient!.Item());
    }

    [Fact]
    public void Backward_LossOfSeveralNumbers_ThrowsNamingTheMend()
    {
        var x = Tensor.Zeros(4, 20);
        x.RequiresGradient = true;
        var error = Assert.Throws<ShapeException>(() => Tape.Step(() => (x * 2f).Backward()));
        Assert.Equal("Backward: loss must be one number, but has shape [4, 20]. Call Mean() first.", error.Message);
    }

    [Fact]
    public void Backward_OutsideAStep_Throws()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Leaf(1).Sum().Backward());
        Assert.Equal("Backward: no step is being recorded. Call it inside Tape.Step, together with the operations that made the loss.", error.Message);
    }

    [Fact]
    public void Backward_Twice_Throws()
    {
        var x = Leaf(1);
        var error = Assert.Throws<InvalidOperationException>(() => Tape.Step(() =>
        {
            var loss = x.Sum();
            loss.Backward();
            loss.Backward();
        }));
        Assert.Equal("Backward: this step has already gone backward. Add the losses first, or take one Tape.Step for each.", error.Message);
    }

    [Fact]
    public void Backward_LossThatDependsOnNothing_Throws()
    {
        var madeOutside = Leaf(1).Sum();
        var error = Assert.Throws<InvalidOperationException>(() => Tape.Step(() => madeOutside.Backward()));
        Assert.Equal("Backward: loss depends on no tensor that requires a gradient. Set RequiresGradient on the tensors to be learned, and compute the loss inside this step.", error.Message);
    }

    [Fact]
    public void Step_InsideAStep_Throws()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Tape.Step(() => Tape.Step(() => 1)));
        Assert.Equal("Tape.Step: a step is already running on this thread, and steps do not nest. End it first.", error.Message);
        Assert.False(Tape.IsActive);
    }

    [Fact]
    public void Step_ResultTouchedAfterwards_ThrowsNamingTheMend()
    {
        var x = Leaf(1, 2);
        var gone = Tape.Step(() => x * 2f);
        var error = Assert.Throws<InvalidOperationException>(() => gone.ToArray());
        Assert.Equal("Tensor [2]: its memory went back to the pool when Tape.Step ended. Call Detach() inside the step to keep the numbers.", error.Message);
        Assert.Throws<InvalidOperationException>(() => gone[0]);
        Assert.Throws<InvalidOperationException>(() => gone.Detach());
        Assert.Throws<InvalidOperationException>(() => gone * 2f);
        Assert.Throws<InvalidOperationException>(() => gone.Reshape(2, 1));
    }

    [Fact]
    public void Step_LossOfAnEarlierStep_Throws()
    {
        var x = Leaf(1);
        var gone = Tape.Step(() => x.Sum());
        Assert.Throws<InvalidOperationException>(() => Tape.Step(() => gone.Backward()));
    }

    [Fact]
    public void Step_GradientOfAResultAfterwards_IsGoneToo()
    {
        var x = Leaf(1);
        var gradient = Tape.Step(() =>
        {
            var middle = x * 2f;
            middle.Sum().Backward();
            return middle.Gradient!;
        });
        Assert.Throws<InvalidOperationException>(() => gradient.Item());
    }

    [Fact]
    public void Step_DetachedAndMadeByHandInside_Last()
    {
        var x = Leaf(1, 2);
        var (detached, made) = Tape.Step(() => ((x * 2f).Detach(), Tensor.From([5f])));
        Tape.Step(() => x * 100f);
        Assert.Equal([2f, 4f], detached.ToArray());
        Assert.False(detached.RequiresGradient);
        Assert.Equal(5, made.Item());
    }

    [Fact]
    public void Step_ViewOfALastingTensor_GoesButTheTensorStays()
    {
        var x = Leaf(1, 2);
        var view = Tape.Step(() => x.Reshape(2, 1));
        Assert.Throws<InvalidOperationException>(() => view.ToArray());
        Tape.Step(() => x * 100f);
        Assert.Equal([1f, 2f], x.ToArray());
    }

    [Fact]
    public void Step_ThatThrows_LeavesTheThreadReady()
    {
        var x = Leaf(1);
        Assert.Throws<FormatException>(() => Tape.Step<int>(() =>
        {
            x.Sum().Backward();
            throw new FormatException();
        }));
        Assert.False(Tape.IsActive);
        x.ZeroGradient();
        Tape.Step(() => x.Sum().Backward());
        Assert.Equal(1, x.Gradient!.Item());
    }

    [Fact]
    public void OutsideAStep_Operations_RecordNothingAndLast()
    {
        var x = Leaf(1, 2);
        var y = x * 2f;
        Tape.Step(() => (x * 3f).Sum().Backward());
        Assert.False(y.RequiresGradient);
        Assert.Equal([2f, 4f], y.ToArray());
    }

    [Fact]
    public void Inference_InsideAStep_RecordsNothingAndDropsNothing()
    {
        var x = Leaf(1, 2);
        Tape.Step(() =>
        {
            var kept = Tape.Inference(() =>
            {
                Assert.False(Tape.IsActive);
                var y = Ops.Dropout(x * 2f, 0.9f, new RandomSource(1));
                Assert.False(y.RequiresGradient);
                Assert.Equal([2f, 4f], y.ToArray());
                return y.Detach();
            });
            Assert.True(Tape.IsActive);
            (x * kept).Sum().Backward();
        });
        Assert.Equal([2f, 4f], x.Gradient!.ToArray());
    }

    [Fact]
    public void Inference_ResultTouchedAfterwards_Throws()
    {
        var gone = Tape.Inference(() => Leaf(1) * 2f);
        Assert.Throws<InvalidOperationException>(() => gone.Item());
    }

    [Fact]
    public void Step_OnTwoThreads_EachHasItsOwnTape()
    {
        float Train(float start)
        {
            var x = Leaf(start);
            for (var i = 0; i < 200; i++)
            {
                x.ZeroGradient();
                Tape.Step(() => (x * x).Sum().Backward());
                x.CopyFrom([x.Item() - (0.1f * x.Gradient!.Item())]);
            }

            return x.Item();
        }

        var alone = new[] { Train(3), Train(-7) };
        var together = new float[2];
        Parallel.Invoke(() => together[0] = Train(3), () => together[1] = Train(-7));
        Assert.Equal(alone, together);
    }

    [Fact]
    public void RequiresGradient_SetOnAResult_Throws()
    {
        var y = Leaf(1) * 2f;
        var error = Assert.Throws<InvalidOperationException>(() => y.RequiresGradient = true);
        Assert.Equal("Tensor [1]: RequiresGradient can be set on tensors made by hand only, and an operation made this one.", error.Message);
    }

    private static Tensor Leaf(params float[] values)
    {
        var x = Tensor.From(values);
        x.RequiresGradient = true;
        return x;
    }
}
