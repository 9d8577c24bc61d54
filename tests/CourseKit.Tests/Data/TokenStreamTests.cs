using CourseKit.Data;
using FsCheck;
using FsCheck.Fluent;

namespace CourseKit.Tests.Data;

public class TokenStreamTests
{
    [Fact]
    public void Enumerate_TwoColumns_CutsContiguousPiecesWithShiftedTargets()
    {
        // 11 symbols, 2 columns: 0..4 and 5..9; 10 is left out.
        var batches = new TokenStream([.. Enumerable.Range(0, 11)], batchSize: 2, window: 3).ToArray();

        Assert.Equal(2, batches.Length);
        Assert.Equal("[2, 3]", batches[0].Ids!.Shape.ToString());
        Assert.Equal([0, 1, 2, 5, 6, 7], batches[0].Ids!.ToArray());
        Assert.Equal([1, 2, 3, 6, 7, 8], batches[0].Classes!.ToArray());
        Assert.Equal([3, 8], batches[1].Ids!.ToArray());
        Assert.Equal([4, 9], batches[1].Classes!.ToArray());
        Assert.False(batches[0].Continues);
        Assert.True(batches[1].Continues);
    }

    /// <summary>Put together again, the windows of a column are the text, whatever the sizes; the numbers announced are those that come.</summary>
    [Fact]
    public void Enumerate_AnySizes_CoversEveryColumnOnce() =>
        Prop.ForAll(Gen.Choose(1, 7).Three().ToArbitrary(), sizes =>
        {
            var (batchSize, window, more) = sizes;
            var length = batchSize * (window + more) + (more % batchSize);
            var text = Enumerable.Range(0, length).ToArray();
            var columnLength = length / batchSize;

            var stream = new TokenStream(text, batchSize, window);
            var batches = stream.ToArray();
            var columnsMatch = Enumerable.Range(0, batchSize).All(column =>
            {
                var inputs = batches.SelectMany(batch => Row(batch.Ids!.ToArray(), column, batchSize)).ToArray();
                var targets = batches.SelectMany(batch => Row(batch.Classes!.ToArray(), column, batchSize)).ToArray();
                return inputs.SequenceEqual(Enumerable.Range(column * columnLength, columnLength - 1)) && targets.SequenceEqual(inputs.Select(id => id + 1));
            });
            return columnsMatch && batches.Length == stream.Count && batches.Sum(batch => batch.TargetCount) == stream.TargetCount
                && batches.SkipLast(1).All(batch => batch.Ids!.Shape.Last == window) && batches.Skip(1).All(batch => batch.Continues);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Enumerate_Again_GivesTheSameEpoch()
    {
        var stream = new TokenStream([.. Enumerable.Range(0, 100)], 4, 7);
        Assert.Equal(stream.SelectMany(batch => batch.Ids!.ToArray()), stream.SelectMany(batch => batch.Ids!.ToArray()));
    }

    [Fact]
    public void Construct_WindowLongerThanTheText_ThrowsNamingBoth()
    {
        var error = Assert.Throws<DataException>(() => new TokenStream(new int[40], batchSize: 1, window: 50));
        Assert.Equal("TokenStream(batchSize: 1, window: 50): every column must have at least window + 1 = 51 symbols, but the text of 40 symbols gives 40 to each of 1. Give a longer text, or a smaller window.", error.Message);
    }

    [Fact]
    public void Construct_ColumnsTooShort_ThrowsNamingBatchSize()
    {
        var error = Assert.Throws<DataException>(() => new TokenStream(new int[1000], batchSize: 32, window: 50));
        Assert.Equal("TokenStream(batchSize: 32, window: 50): every column must have at least window + 1 = 51 symbols, but the text of 1000 symbols gives 31 to each of 32. Give a longer text, a smaller batchSize, or a smaller window.", error.Message);
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(3, 0)]
    [InlineData(-1, -1)]
    public void Construct_SizeBelowOne_Throws(int batchSize, int window)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new TokenStream(new int[100], batchSize, window));
        Assert.StartsWith($"TokenStream(batchSize: {batchSize}, window: {window}): batchSize and window must be at least 1.", error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<int> Row(int[] matrix, int row, int rows) => matrix.Skip(row * matrix.Length / rows).Take(matrix.Length / rows);
}
