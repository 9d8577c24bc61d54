using CourseKit.Autograd;
using CourseKit.Tensors;

namespace CourseKit.Tests.Autograd;

public class SliceAndMaskTests
{
    [Fact]
    public void Slice_MiddleColumns_CopiesThem()
    {
        var y = Ops.Slice(Tensor.From([1f, 2, 3, 4, 5, 6, 7, 8], 2, 4), 1, 2);
        Assert.Equal(new Shape(2, 2), y.Shape);
        Assert.Equal([2f, 3, 6, 7], y.ToArray());
    }

    [Fact]
    public void Slice_Gradient_MatchesFiniteDifferences()
    {
        var x = GradientCheck.Draw(1, 2, 3, 5);
        GradientCheck.Of(() => Ops.Slice(x, 2, 3), x);
        GradientCheck.Of(() => Ops.Multiply(Ops.Slice(x, 0, 2), Ops.Slice(x, 1, 2)), x);
    }

    [Fact]
    public void Split_ThenConcat_IsTheInput()
    {
        var x = GradientCheck.Draw(1, 2, 3, 6);
        var parts = Ops.Split(x, 3);
        Assert.All(parts, part => Assert.Equal(new Shape(2, 3, 2), part.Shape));
        Assert.Equal(x.ToArray(), Ops.Concat(parts).ToArray());
    }

    [Fact]
    public void SliceAndSplit_NoSuchColumns_ThrowsNamingThem()
    {
        var x = Tensor.Zeros(2, 4);
        Assert.Equal("Slice: from 3 and count 2 must lie within the 4 columns of x, which is [2, 4].", Assert.Throws<ArgumentOutOfRangeException>(() => Ops.Slice(x, 3, 2)).Message);
        Assert.Equal("Slice: from 0 and count 0 must lie within the 4 columns of x, which is [2, 4].", Assert.Throws<ArgumentOutOfRangeException>(() => Ops.Slice(x, 0, 0)).Message);
        Assert.Equal("Slice: x must be [..., feature], but got [].", Assert.Throws<ShapeException>(() => Ops.Slice(Tensor.Zeros(), 0, 1)).Message);
        Assert.Equal("Split: the last dimension of x must be a multiple of the 3 parts, but x is [2, 4].", Assert.Throws<ShapeException>(() => Ops.Split(x, 3)).Message);
        Assert.Throws<ShapeException>(() => Ops.Split(x, 0));
    }

    [Fact]
    public void ApplyMask_NotANumberWhereMasked_GivesZeroAndPassesNoGradient()
    {
        var x = Tensor.From([1f, 2, float.NaN, float.PositiveInfinity, 5, 6], 1, 3, 2);
        x.RequiresGradient = true;
        var mask = Tensor.From([1f, 0, 1], 1, 3);
        Tape.Step(() =>
        {
            var y = Ops.ApplyMask(x, mask);
            Assert.Equal([1f, 2, 0, 0, 5, 6], y.ToArray());
            (y * Tensor.From([1f, 2, 3, 4, 5, 6], 1, 3, 2)).Sum().Backward();
        });
        Assert.Equal([1f, 2, 0, 0, 5, 6], x.Gradient!.ToArray());
    }

    [Fact]
    public void ApplyMask_ShapesDiffer_ThrowsNamingBoth()
    {
        Assert.Equal("ApplyMask: mask must be [2, 3], but got [3]. It takes the shape of x, [2, 3, 4], without its last dimension.",
            Assert.Throws<ShapeException>(() => Ops.ApplyMask(Tensor.Zeros(2, 3, 4), Tensor.Zeros(3))).Message);
        Assert.Equal("ApplyMask: x must be [..., feature], but got [].", Assert.Throws<ShapeException>(() => Ops.ApplyMask(Tensor.Zeros(), Tensor.Zeros())).Message);
    }
}
