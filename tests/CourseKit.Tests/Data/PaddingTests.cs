using CourseKit.Data;
using CourseKit.Tensors;

namespace CourseKit.Tests.Data;

public class PaddingTests
{
    private static readonly int[][] Three = [[1, 2, 3, 4], [5], []];

    [Theory]
    [InlineData(PadSide.Back, new[] { 1f, 1, 0, 0, 0, 0, 1, 1, 1 })]
    [InlineData(PadSide.Front, new[] { 0f, 1, 1, 0, 0, 0, 1, 1, 1 })]
    public void FromLengths_EitherSide_IsOneWhereASequenceHasATimeStep(PadSide side, float[] expected)
    {
        var mask = Mask.FromLengths([2, 0, 3], 3, side);
        Assert.Equal(new Shape(3, 3), mask.Shape);
        Assert.Equal(expected, mask.ToArray());
        Assert.Equal([2, 0, 3], Mask.Lengths(mask));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(-1)]
    public void FromLengths_LengthOutside_ThrowsNamingIt(int length)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Mask.FromLengths([3, length], 3));
        Assert.StartsWith($"Mask.FromLengths: lengths[1] must be in 0..3, but got {length}. No sequence is longer than steps.", error.Message);
    }

    [Fact]
    public void FromIds_PadIdAnywhere_IsZeroThere() =>
        Assert.Equal([0f, 1, 1, 1, 0, 0], Mask.FromIds(IntTensor.From([9, 0, 1, 2, 9, 9], 2, 3), padId: 9).ToArray());

    [Fact]
    public void Lengths_NotAMatrix_Throws() =>
        Assert.Equal("Mask.Lengths: mask must be [batch, time], but got [3].", Assert.Throws<ShapeException>(() => Mask.Lengths(Tensor.Zeros(3))).Message);

    public static TheoryData<PadOptions?, int[], float[]> Pads => new()
    {
        { null, [1, 2, 3, 4, 5, 0, 0, 0, 0, 0, 0, 0], [1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0] },
        { new() { Padding = PadSide.Front, PadId = 7 }, [1, 2, 3, 4, 7, 7, 7, 5, 7, 7, 7, 7], [1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0] },
        { new() { Steps = 2 }, [1, 2, 5, 0, 0, 0], [1, 1, 1, 0, 0, 0] },
        { new() { Steps = 2, Truncation = PadSide.Front }, [3, 4, 5, 0, 0, 0], [1, 1, 1, 0, 0, 0] },
        { new() { Steps = 3, Truncation = PadSide.Front, Padding = PadSide.Front }, [2, 3, 4, 0, 0, 5, 0, 0, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0] },
        { new() { Steps = 5 }, [1, 2, 3, 4, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0], [1, 1, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0] },
    };

    [Theory]
    [MemberData(nameof(Pads))]
    public void Ids_EachOption_PadsAndCuts(PadOptions? options, int[] expected, float[] expectedMask)
    {
        var (ids, mask) = Padding.Ids(Three, options);
        Assert.Equal(expected, ids.ToArray());
        Assert.Equal(expectedMask, mask.ToArray());
        Assert.Equal(new Shape(3, expected.Length / 3), ids.Shape);
        Assert.Equal(ids.Shape, mask.Shape);
    }

    [Fact]
    public void Ids_AllEmpty_HasOneTimeStepOfPadding()
    {
        var (ids, mask) = Padding.Ids([[], []]);
        Assert.Equal(new Shape(2, 1), ids.Shape);
        Assert.Equal([0f, 0], mask.ToArray());
    }

    [Fact]
    public void Ids_NoSteps_Throws() =>
        Assert.Equal("PadOptions: Steps must be at least 1, but is 0.", Assert.Throws<ArgumentOutOfRangeException>(() => Padding.Ids(Three, new() { Steps = 0 })).Message);

    [Fact]
    public void Features_FrontAndCut_PadsWholeTimeSteps()
    {
        Tensor[] sequences = [Tensor.From([1f, 2, 3, 4, 5, 6], 3, 2), Tensor.From([7f, 8], 1, 2)];
        var (features, mask) = Padding.Features(sequences, new() { Steps = 2, Padding = PadSide.Front, Truncation = PadSide.Front });
        Assert.Equal(new Shape(2, 2, 2), features.Shape);
        Assert.Equal([3f, 4, 5, 6, 0, 0, 7, 8], features.ToArray());
        Assert.Equal([1f, 1, 0, 1], mask.ToArray());
    }

    [Fact]
    public void Features_SizesDiffer_ThrowsNamingBoth()
    {
        var error = Assert.Throws<ShapeException>(() => Padding.Features([Tensor.Zeros(3, 2), Tensor.Zeros(3, 4)]));
        Assert.Equal("Padding.Features: every sequence must be [time, 2] as the first is, but got [3, 4].", error.Message);
        Assert.Equal("Padding.Features: there must be at least one sequence, but got none.", Assert.Throws<ShapeException>(() => Padding.Features([])).Message);
    }
}
