using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.Tests.Training;

public class SamplerTests
{
    private static readonly float[] Logits = [1, -2, 0.5f, 3, float.NegativeInfinity, 2.5f];

    /// <summary>Counts of 50,000 draws against softmax(logits/temperature), by chi-square with 4 degrees of freedom; 18.5 is passed once in a thousand seeds.</summary>
    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(50)]
    public void Draw_ManyTimes_HasTheProbabilitiesOfSoftmax(double temperature)
    {
        const int Draws = 50_000;
        var random = new RandomSource(17);
        var counts = new int[Logits.Length];
        for (var i = 0; i < Draws; i++)
            counts[Sampler.Draw(Logits, temperature, random)]++;

        var weights = Logits.Select(logit => Math.Exp(logit / temperature)).ToArray();
        var expected = weights.Select(weight => Draws * weight / weights.Sum()).ToArray();
        Assert.Equal(0, counts[4]);
        Assert.InRange(Enumerable.Range(0, Logits.Length).Where(i => i != 4).Sum(i => Math.Pow(counts[i] - expected[i], 2) / expected[i]), 0, 18.5);
    }

    [Fact]
    public void Draw_TemperatureZero_IsTheFirstOfTheLikeliestAndNeedsNoNumber()
    {
        var random = new RandomSource(1);
        var state = random.State;
        Assert.Equal(1, Sampler.Draw([0, 5, 5, -1], 0, random));
        Assert.Equal(state, random.State);
    }

    [Theory]
    [InlineData(1e-300)]
    [InlineData(1e300)]
    public void Draw_ExtremeTemperature_StaysFinite(double temperature)
    {
        var random = new RandomSource(1);
        var drawn = Enumerable.Range(0, 200).Select(_ => Sampler.Draw([1e38f, -1e38f, 1e38f], temperature, random)).Distinct().Order();
        Assert.Equal(temperature < 1 ? [0, 2] : [0, 1, 2], drawn);
    }

    [Fact]
    public void Draw_AddingAConstantToAllLogits_ChangesNothing()
    {
        var (first, second) = (new RandomSource(3), new RandomSource(3));
        float[] shifted = [.. Logits.Select(logit => logit + 1024)];
        for (var i = 0; i < 1000; i++)
            Assert.Equal(Sampler.Draw(Logits, 0.7, first), Sampler.Draw(shifted, 0.7, second));
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Draw_TemperatureOutsideItsRange_Throws(double temperature)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Sampler.Draw(Logits, temperature, new RandomSource(1)));
        Assert.StartsWith(FormattableString.Invariant($"Sampler: temperature must be at least 0 and finite, but got {temperature}."), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Draw_LogitNotANumber_ThrowsNamingIt()
    {
        var error = Assert.Throws<ArgumentException>(() => Sampler.Draw([1, float.NaN], 1, new RandomSource(1)));
        Assert.StartsWith("Sampler: every logit must be a number or −∞, but logits[1] is NaN. The model has probably diverged.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Draw_NothingToDraw_Throws()
    {
        foreach (float[] logits in new float[][] { [], [float.NegativeInfinity] })
        {
            var error = Assert.Throws<ArgumentException>(() => Sampler.Draw(logits, 1, new RandomSource(1)));
            Assert.StartsWith("Sampler: there must be at least one logit above −∞.", error.Message, StringComparison.Ordinal);
        }
    }
}
