using CourseKit.Data;
using CourseKit.Tensors;

namespace CourseKit.Tests.Data;

public class SequencesTests
{
    private static readonly int[][] Ids = [[1, 2, 3], [4], [5, 6], [7, 8, 9]];

    [Fact]
    public void Batches_ClassASequence_ArePaddedToTheLongestOfEach()
    {
        var batches = new Sequences(Ids, [0, 1, 0, 1]).Batches(2).ToArray();
        Assert.Equal(2, batches.Length);
        Assert.Equal([1, 2, 3, 4, 0, 0], batches[0].Ids!.ToArray());
        Assert.Equal([1f, 1, 1, 1, 0, 0], batches[0].Mask!.ToArray());
        Assert.Equal([0, 1], batches[0].Classes!.ToArray());
        Assert.Equal(new Shape(2), batches[0].Classes!.Shape);
        Assert.Equal([5, 6, 0, 7, 8, 9], batches[1].Ids!.ToArray());
    }

    [Fact]
    public void Batches_ClassAStep_IgnoresPaddingAndCutsTargetsAsInputs()
    {
        var batch = new Sequences(Ids, [[10, 20, 30], [40], [50, 60], [70, 80, 90]], new() { Steps = 2, Padding = PadSide.Front, Truncation = PadSide.Front, PadId = 99 }).All();
        Assert.Equal([2, 3, 99, 4, 5, 6, 8, 9], batch.Ids!.ToArray());
        Assert.Equal([20, 30, -100, 40, 50, 60, 80, 90], batch.Classes!.ToArray());
        Assert.Equal([1f, 1, 0, 1, 1, 1, 1, 1], batch.Mask!.ToArray());
        Assert.Equal(7, batch.TargetCount);
    }

    [Fact]
    public void NextSymbol_EachSequence_GivesTheSymbolAfterEach()
    {
        var sequences = Sequences.NextSymbol([[1, 2, 3], [4, 5]]);
        var batch = sequences.All();
        Assert.Equal([1, 2, 4, 0], batch.Ids!.ToArray());
        Assert.Equal([2, 3, 5, -100], batch.Classes!.ToArray());
        Assert.Equal([2, 1], sequences.Lengths);
        Assert.Equal("Sequences of 2 examples, 1 to 2 time steps", sequences.ToString());
    }

    [Fact]
    public void All_FeaturesAndValues_PadBothWithZeros()
    {
        Tensor[] features = [Tensor.From([1f, 2, 3, 4], 2, 2), Tensor.From([5f, 6], 1, 2)];
        Tensor[] values = [Tensor.From([10f, 20], 2, 1), Tensor.From([30f], 1, 1)];
        var batch = new Sequences(features, values).All();
        Assert.Equal([1f, 2, 3, 4, 5, 6, 0, 0], batch.Features!.ToArray());
        Assert.Equal([10f, 20, 30, 0], batch.Values!.ToArray());
        Assert.Equal(new Shape(2, 2, 1), batch.Values!.Shape);
        Assert.Equal([1f, 1, 1, 0], batch.Mask!.ToArray());
    }

    [Fact]
    public void All_FeaturesAndClassASequence_HasOneClassARow()
    {
        var batch = new Sequences([Tensor.Zeros(2, 3), Tensor.Zeros(4, 3)], [1, 2]).All();
        Assert.Equal(new Shape(2, 4, 3), batch.Features!.Shape);
        Assert.Equal([1, 2], batch.Classes!.ToArray());
    }

    [Fact]
    public void All_OneLength_NeedsNoMask() => Assert.Null(new Sequences([[1, 2], [3, 4]], [0, 1]).All().Mask);

    [Fact]
    public void Buckets_WidthOne_HasNoPadding()
    {
        var random = new RandomSource(3);
        int[][] ids = [.. Enumerable.Range(0, 200).Select(_ => new int[1 + random.NextInt(9)])];
        var batches = new Sequences(ids, new int[200]).Buckets(16, width: 1, new RandomSource(1)).ToArray();
        Assert.All(batches, batch => Assert.Null(batch.Mask));
        Assert.Equal(200, batches.Sum(batch => batch.Ids!.Shape[0]));
        Assert.NotEqual(batches.Select(batch => batch.Ids!.Shape[1]).Order(), batches.Select(batch => batch.Ids!.Shape[1]));
    }

    [Fact]
    public void Buckets_AnyWidth_HoldEveryExampleOnceWithLikeLengths()
    {
        int[][] ids = [.. Enumerable.Range(0, 100).Select(example => Enumerable.Repeat(example + 1, 1 + example * 7 % 23).ToArray())];
        var batches = new Sequences(ids, Enumerable.Range(0, 100).ToArray()).Buckets(8, width: 5, new RandomSource(9)).ToArray();
        Assert.Equal(Enumerable.Range(0, 100), batches.SelectMany(batch => batch.Classes!.ToArray()).Order());
        foreach (var batch in batches)
        {
            var lengths = batch.Mask is null ? Enumerable.Repeat(batch.Ids!.Shape[1], batch.Ids.Shape[0]).ToArray() : Mask.Lengths(batch.Mask);
            Assert.Single(lengths.Select(length => (length - 1) / 5).Distinct());
            Assert.Equal(batch.Ids!.Shape[1], lengths.Max());
            for (var row = 0; row < lengths.Length; row++)
                Assert.Equal(batch.Classes!.ToArray()[row] + 1, batch.Ids[row, lengths[row] - 1]);
        }
    }

    [Fact]
    public void Buckets_SameSeed_GiveTheSameBatchesAndAnotherOrderTheNextTime()
    {
        int[][] ids = [.. Enumerable.Range(1, 50).Select(id => new int[1 + id % 4].Select(_ => id).ToArray())];
        var sequences = new Sequences(ids, new int[50]);
        int[] Epoch(RandomSource random) => [.. sequences.Buckets(4, 2, random).SelectMany(batch => batch.Ids!.ToArray())];
        var (one, other) = (new RandomSource(5), new RandomSource(5));
        var first = Epoch(one);
        Assert.Equal(first, Epoch(other));
        Assert.NotEqual(first, Epoch(one));
    }

    [Fact]
    public void New_TargetsMissing_ThrowsNamingTheExample()
    {
        Assert.Equal("Sequences: there must be a target for every time step, but example 1 has 1 time steps and 2 targets.",
            Assert.Throws<DataException>(() => new Sequences([[1, 2], [3]], [[1, 2], [3, 4]])).Message);
        Assert.Equal("Sequences: there must be targets for each of the 2 examples, but got 1.",
            Assert.Throws<DataException>(() => new Sequences([[1, 2], [3]], [7])).Message);
    }

    [Fact]
    public void New_ExampleEmptyOrNone_ThrowsNamingIt()
    {
        Assert.Equal("Sequences: every example must have at least one time step, but example 1 has none. Leave it out.",
            Assert.Throws<DataException>(() => new Sequences([[1, 2], []], [0, 1])).Message);
        Assert.Equal("Sequences: there must be at least one example, but got none.", Assert.Throws<DataException>(() => new Sequences(Array.Empty<int[]>(), [0])).Message);
        Assert.Equal("Sequences.NextSymbol: every sequence must have at least 2 ids, but sequence 1 has 1. Leave it out.",
            Assert.Throws<DataException>(() => Sequences.NextSymbol([[1, 2], [3]])).Message);
    }

    [Fact]
    public void Batches_SizeBelowOne_Throws()
    {
        var sequences = new Sequences(Ids, new int[4]);
        Assert.StartsWith("Sequences.Batches: batchSize must be at least 1, but got 0.", Assert.Throws<ArgumentOutOfRangeException>(() => sequences.Batches(0)).Message);
        Assert.StartsWith("Sequences.Buckets: width must be at least 1, but got 0.", Assert.Throws<ArgumentOutOfRangeException>(() => sequences.Buckets(4, 0)).Message);
    }
}
