using CourseKit.SequenceToSequence;
using CourseKit.Tensors;

namespace CourseKit.Tests.SequenceToSequence;

public class SequencePairsTests
{
    [Fact]
    public void All_PairsOfDifferentLength_ShiftsByOneAndPadsAtTheBack()
    {
        var batch = new SequencePairs([([5, 6], [7, 8, 9]), ([4, 3, 5], [])]).All();
        Assert.Equal([5, 6, 0, 4, 3, 5], batch.Ids!.ToArray());
        Assert.Equal([1, 1, 0, 1, 1, 1], batch.Mask!.ToArray());
        Assert.Equal([1, 7, 8, 9, 1, 0, 0, 0], batch.DecoderIds!.ToArray());
        Assert.Equal([7, 8, 9, 2, 2, -100, -100, -100], batch.Classes!.ToArray());
        Assert.Equal(new Shape(2, 4), batch.Classes!.Shape);
        Assert.Equal(5, batch.TargetCount);
    }

    [Fact]
    public void All_OwnSymbols_UsesThem()
    {
        var batch = new SequencePairs([([5, 6], [7]), ([4], [8])], new SequenceSymbols(Padding: 9, Start: 0, End: 3)).All();
        Assert.Equal([5, 6, 4, 9], batch.Ids!.ToArray());
        Assert.Equal([0, 7, 0, 8], batch.DecoderIds!.ToArray());
        Assert.Equal([7, 3, 8, 3], batch.Classes!.ToArray());
    }

    [Fact]
    public void All_SameLengths_HasNoMask() => Assert.Null(new SequencePairs([([5, 6], [7]), ([4, 3], [8, 8])]).All().Mask);

    [Fact]
    public void Batches_OfAnEpoch_HaveEveryPairOnceInADrawnOrder()
    {
        var pairs = new SequencePairs([.. Enumerable.Range(0, 25).Select(i => (new[] { i + 3 }, new[] { i + 3 }))]);
        int[] Epoch(RandomSource? shuffle) => [.. pairs.Batches(10, shuffle).SelectMany(batch => batch.Ids!.ToArray())];
        var random = new RandomSource(1);
        var (first, second) = (Epoch(random), Epoch(random));
        Assert.Equal(Enumerable.Range(3, 25), first.Order());
        Assert.NotEqual(first, second);
        Assert.Equal(Enumerable.Range(3, 25), Epoch(null));
        Assert.Equal([10, 10, 5], pairs.Batches(10).Select(batch => batch.Classes!.Shape[0]));
        Assert.Equal("SequencePairs of 25: sources of 1 to 1, targets of 1 to 1", pairs.ToString());
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(100, 0.8, 0.904792147)]
    [InlineData(1000, 0.1, 0.367695425)]
    public void ScheduledSampling_AtAStep_FollowsItsSchedule(int step, double linear, double exponential)
    {
        Assert.Equal(linear, ScheduledSampling.Linear(0.002, 0.1).At(step), 1e-9);
        Assert.Equal(exponential, ScheduledSampling.Exponential(0.999).At(step), 1e-9);
    }

    [Fact]
    public void ScheduledSampling_InverseSigmoid_IsAHalfAtKLogK()
    {
        Assert.Equal(0.5, ScheduledSampling.InverseSigmoid(100).At((long)Math.Round(100 * Math.Log(100))), 1e-2);
        Assert.Equal(100.0 / 101, ScheduledSampling.InverseSigmoid(100).At(0), 1e-12);
        Assert.Equal(0, ScheduledSampling.InverseSigmoid(1).At(long.MaxValue));
        Assert.Equal("ScheduledSampling.InverseSigmoid(100)", ScheduledSampling.InverseSigmoid(100).ToString());
    }

    [Fact]
    public void ScheduledSampling_ArgumentsOutside_ThrowNamingThem()
    {
        Assert.StartsWith("ScheduledSampling.Linear: slope must be at least 0, but got -1.", Range(() => ScheduledSampling.Linear(-1)), StringComparison.Ordinal);
        Assert.StartsWith("ScheduledSampling.Linear: least must be from 0 to 1, but got 2.", Range(() => ScheduledSampling.Linear(0.1, 2)), StringComparison.Ordinal);
        Assert.StartsWith("ScheduledSampling.Exponential: rate must be above 0 and below 1, but got 1.", Range(() => ScheduledSampling.Exponential(1)), StringComparison.Ordinal);
        Assert.StartsWith("ScheduledSampling.InverseSigmoid: k must be at least 1 and finite, but got 0.5.", Range(() => ScheduledSampling.InverseSigmoid(0.5)), StringComparison.Ordinal);
    }

    private static string Range(Action wrong) => Assert.Throws<ArgumentOutOfRangeException>(wrong).Message;
}
