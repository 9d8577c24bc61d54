using CourseKit.Data;
using CourseKit.Tensors;
using FsCheck;
using FsCheck.Fluent;

namespace CourseKit.Tests.Data;

public class WindowsTests
{
    [Fact]
    public void Sliding_StrideTwoHorizonTwo_CutsAsDrawn()
    {
        var all = Windows.Sliding([0, 1, 2, 3, 4, 5, 6, 7], length: 3, stride: 2, horizon: 2).All();

        Assert.Equal("[2, 3, 1]", all.Features!.Shape.ToString());
        Assert.Equal([0, 1, 2, 2, 3, 4], all.Features.ToArray());
        Assert.Equal("[2, 2]", all.Values!.Shape.ToString());
        Assert.Equal([3, 4, 5, 6], all.Values.ToArray());
    }

    /// <summary>Over the series 0, 1, 2, ... every example is its own start, and one more would not fit.</summary>
    [Fact]
    public void Sliding_AnySizes_TakesEveryExampleThatFits() =>
        Prop.ForAll(Gen.Choose(1, 9).Four().ToArbitrary(), sizes =>
        {
            var (length, stride, horizon, more) = sizes;
            var series = Enumerable.Range(0, length + horizon + more).Select(number => (float)number).ToArray();
            var windows = Windows.Sliding(series, length, stride, horizon);
            var (inputs, targets) = (windows.All().Features!.ToArray(), windows.All().Values!.ToArray());
            return Enumerable.Range(0, windows.Count).All(example =>
                    inputs[example * length] == example * stride
                    && inputs[example * length + length - 1] + 1 == targets[example * horizon]
                    && targets[example * horizon + horizon - 1] < series.Length)
                && (windows.Count * stride) + length + horizon > series.Length;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Batches_Shuffled_GiveEveryExampleOnceInANewOrderEachTime()
    {
        var windows = Windows.Sliding([.. Enumerable.Range(0, 103).Select(number => (float)number)], length: 2);
        var batches = windows.Batches(batchSize: 8, new RandomSource(1));
        float[] Firsts() => [.. batches.SelectMany(batch => batch.Features!.ToArray().Where((_, index) => index % 2 == 0))];
        var (first, second) = (Firsts(), Firsts());

        Assert.NotEqual(first, second);
        Assert.Equal(Enumerable.Range(0, 101).Select(number => (float)number), first.Order());
        Assert.Equal(first.Order(), second.Order());
        Assert.Equal([8, 5], new[] { batches.First().Features!.Shape[0], batches.Last().Features!.Shape[0] });
    }

    [Fact]
    public void Sliding_SeriesTooShort_ThrowsNamingBoth()
    {
        var error = Assert.Throws<DataException>(() => Windows.Sliding(new float[10], length: 8, stride: 1, horizon: 3));
        Assert.Equal("Windows(length: 8, stride: 1, horizon: 3): the series must have at least length + horizon = 11 numbers, but has 10. Give a longer series, or a smaller length or horizon.", error.Message);
    }

    [Fact]
    public void Sliding_StrideZero_Throws()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Windows.Sliding(new float[10], length: 2, stride: 0));
        Assert.StartsWith("Windows(length: 2, stride: 0, horizon: 1): length, stride and horizon must be at least 1.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Batches_SizeZero_ThrowsAtOnce()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Windows.Sliding(new float[10], 2).Batches(0));
        Assert.StartsWith("Windows(length: 2, stride: 1, horizon: 1).Batches: batchSize must be at least 1, but got 0.", error.Message, StringComparison.Ordinal);
    }
}
