using CourseKit.Tensors;

namespace CourseKit.Tests.Data;

public class RandomSourceTests
{
    [Fact]
    public void NextBits_StateOneTwoThreeFour_GivesThePublishedNumbers()
    {
        // The first outputs of the authors' xoshiro256starstar.c from the state {1, 2, 3, 4}.
        ulong[] published =
        [
            11520, 0, 1509978240, 1215971899390074240, 1216172134540287360,
            607988272756665600, 16172922978634559625, 8476171486693032832, 10595114339597558777, 2904607092377533576,
        ];
        var random = new RandomSource(0) { State = new RandomState(1, 2, 3, 4) };

        foreach (var expected in published)
            Assert.Equal(expected, random.NextBits());
    }

    [Fact]
    public void Seed_IsSpreadBySplitMix64()
    {
        // The published first outputs of SplitMix64 from 1234567.
        var state = new RandomSource(1234567).State;

        Assert.Equal(new RandomState(6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431), state);
    }

    [Fact]
    public void State_SetAgain_RepeatsTheStream()
    {
        var random = new RandomSource(-5);
        random.NextNormal();
        var state = random.State;
        var first = Enumerable.Range(0, 20).Select(_ => random.NextNormal()).ToArray();

        random.State = state;
        var second = Enumerable.Range(0, 20).Select(_ => random.NextNormal()).ToArray();

        Assert.Equal(first, second);
    }

    [Fact]
    public void State_AllZeros_Throws()
    {
        var error = Assert.Throws<ArgumentException>(() => new RandomSource(1).State = default);
        Assert.StartsWith("RandomSource: State must not be all zeros, but got (0, 0, 0, 0).", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Seeds_Differ()
    {
        var first = Enumerable.Range(0, 1000).Select(seed => new RandomSource(seed).NextBits()).Distinct().Count();
        Assert.Equal(1000, first);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(97)]
    public void NextInt_ManyDraws_IsUniform(int max)
    {
        var random = new RandomSource(7);
        var counts = new int[max];
        const int draws = 100_000;
        for (var i = 0; i < draws; i++)
            counts[random.NextInt(max)]++;

        Assert.InRange(ChiSquare(counts, draws / (double)max), 0, Limit(max - 1));
    }

    [Fact]
    public void NextInt_LargestRange_ReachesBothEnds()
    {
        var random = new RandomSource(3);
        var draws = Enumerable.Range(0, 10_000).Select(_ => random.NextInt(int.MaxValue)).ToArray();

        Assert.All(draws, draw => Assert.InRange(draw, 0, int.MaxValue - 1));
        Assert.InRange(draws.Min(), 0, int.MaxValue / 500);
        Assert.InRange(draws.Max(), int.MaxValue / 500 * 499, int.MaxValue - 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-4)]
    public void NextInt_NoNumbers_Throws(int max)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new RandomSource(1).NextInt(max));
        Assert.StartsWith($"RandomSource.NextInt: max must be at least 1, but got {max}.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NextFloatAndNextDouble_ManyDraws_AreUniformAndBelowOne()
    {
        var random = new RandomSource(11);
        var (floats, doubles) = (new int[64], new int[64]);
        const int draws = 64_000;
        for (var i = 0; i < draws; i++)
        {
            var (single, twice) = (random.NextFloat(), random.NextDouble());
            Assert.True(single is >= 0 and < 1 && twice is >= 0 and < 1);
            floats[(int)(single * 64)]++;
            doubles[(int)(twice * 64)]++;
        }

        Assert.InRange(ChiSquare(floats, draws / 64.0), 0, Limit(63));
        Assert.InRange(ChiSquare(doubles, draws / 64.0), 0, Limit(63));
    }

    [Fact]
    public void FillNormal_ManyDraws_HasTheMomentsAsked()
    {
        var values = new float[200_000];
        new RandomSource(5).FillNormal(values, mean: 3, deviation: 2);

        var mean = values.Average(value => (double)value);
        var standard = values.Select(value => (value - mean) / 2).ToArray();
        Assert.Equal(3, mean, 0.02);
        Assert.Equal(1, standard.Average(value => value * value), 0.015);
        Assert.Equal(0, standard.Average(value => value * value * value), 0.03);
        Assert.Equal(3, standard.Average(value => Math.Pow(value, 4)), 0.1);
    }

    [Fact]
    public void FillUniform_Range_IsKept()
    {
        var values = new float[10_000];
        new RandomSource(5).FillUniform(values, -0.25f, 0.25f);

        Assert.All(values, value => Assert.InRange(value, -0.25f, 0.25f));
        Assert.Equal(0, values.Average(), 0.01);
        Assert.InRange(values.Max(), 0.2499f, 0.25f);
    }

    [Fact]
    public void FillUniform_HighBelowLow_ThrowsNamingBoth()
    {
        var error = Assert.Throws<ArgumentException>(() => new RandomSource(1).FillUniform(new float[1], 2, 1));
        Assert.Equal("RandomSource.FillUniform: low and high must be finite and low not above high, but got low 2 and high 1.", error.Message);
    }

    [Fact]
    public void Shuffle_ThreeItems_GivesEveryOrderEquallyOften()
    {
        var random = new RandomSource(13);
        var counts = new Dictionary<string, int>();
        for (var i = 0; i < 60_000; i++)
        {
            var items = "abc".ToCharArray();
            random.Shuffle<char>(items);
            var order = new string(items);
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }

        Assert.Equal(6, counts.Count);
        Assert.InRange(ChiSquare([.. counts.Values], 10_000), 0, Limit(5));
    }

    private static double ChiSquare(int[] counts, double expected) =>
        counts.Sum(count => (count - expected) * (count - expected) / expected);

    // Mean plus five standard deviations of chi-square, and 5 more for few degrees of freedom.
    private static double Limit(int freedom) => freedom + 5 * Math.Sqrt(2 * freedom) + 5;
}
