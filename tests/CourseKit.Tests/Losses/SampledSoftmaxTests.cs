using CourseKit.Autograd;
using CourseKit.Losses;
using CourseKit.Optimizers;
using CourseKit.Tensors;
using static CourseKit.Tests.Autograd.GradientCheck;

namespace CourseKit.Tests.Losses;

public class SampledSoftmaxTests
{
    private static readonly IntTensor Targets = IntTensor.From([0, 7, -100, 29], 2, 2);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SampledSoftmax_KnownDraws_IsItsEquation(bool withBias)
    {
        var (x, weight, bias) = (Draw(1, 2, 2, 5), Draw(2, 30, 5), withBias ? Draw(3, 30) : null);
        var (drawn, draws) = new LogUniformSampler(30).Draw(new RandomSource(9), 12);
        Assert.Contains(0, drawn);

        double Logit(int row, int id) => Enumerable.Range(0, 5).Sum(j => (double)x[row / 2, row % 2, j] * weight[id, j]) + (bias?[id] ?? 0)
            - Math.Log(1 - Math.Pow(1 - Math.Log((id + 2.0) / (id + 1)) / Math.Log(31), draws));
        var expected = 0.0;
        foreach (var row in new[] { 0, 1, 3 })
        {
            var own = Logit(row, Targets.Values[row]);
            expected += Math.Log(Math.Exp(own) + drawn.Where(id => id != Targets.Values[row]).Sum(id => Math.Exp(Logit(row, id)))) - own;
        }
        Assert.Equal(expected / 3, Loss.SampledSoftmax(x, weight, bias, Targets, 12, new RandomSource(9)).Item(), 1e-5);
    }

    [Fact]
    public void SampledSoftmax_Gradients_AreTheDifferences()
    {
        var (x, weight, bias) = (Draw(1, 2, 2, 5), Draw(2, 30, 5), Draw(3, 30));
        CourseKit.Inspection.GradientCheck.Of(() => Loss.SampledSoftmax(x, weight, bias, Targets, 12, new RandomSource(9)), x, weight, bias).Throw();
    }

    [Fact]
    public void SampledSoftmax_SameSeed_GivesTheSameBits()
    {
        var (x, weight) = (Draw(1, 2, 2, 5), Draw(2, 30, 5));
        float[] Losses(long seed)
        {
            var random = new RandomSource(seed);
            return [.. Enumerable.Range(0, 5).Select(_ => Loss.SampledSoftmax(x, weight, null, Targets, 4, random).Item())];
        }

        Assert.Equal(Losses(1), Losses(1));
        Assert.NotEqual(Losses(1), Losses(2));
        Assert.Equal(5, Losses(1).Distinct().Count());
    }

    /// <summary>Trained on the stand-in, the true loss falls almost as low as the data allow.</summary>
    [Fact]
    public void SampledSoftmax_Training_LowersTheTrueLoss()
    {
        var (x, weight, bias) = (Draw(1, 40, 16), Draw(2, 200, 16), Draw(3, 200));
        var targets = IntTensor.From([.. Enumerable.Range(0, 40).Select(row => row * row % 200)]);
        var (random, optimizer) = (new RandomSource(4), new Adam(0.05f));
        Parameter[] parameters = [new("weight", weight), new("bias", bias)];
        var before = Loss.CrossEntropy(Ops.Linear(x, weight, bias), targets).Item();
        for (var step = 0; step < 150; step++)
        {
            Tape.Step(() =>
            {
                Loss.SampledSoftmax(x, weight, bias, targets, 30, random).Backward();
                optimizer.Step(parameters);
                Gradients.Zero(parameters);
            });
        }
        Assert.InRange(before, 5, 10);
        Assert.InRange(Loss.CrossEntropy(Ops.Linear(x, weight, bias), targets).Item(), 0, 0.5);
    }

    [Fact]
    public void SampledSoftmax_Mistakes_ThrowNamingThem()
    {
        var (x, weight, random) = (Draw(1, 2, 2, 5), Draw(2, 30, 5), new RandomSource(1));
        Assert.StartsWith("SampledSoftmax: samples must be in 1..30, the number of classes, but got 31.", Assert.Throws<ArgumentOutOfRangeException>(() => Loss.SampledSoftmax(x, weight, null, Targets, 31, random)).Message);
        Assert.Equal("SampledSoftmax: x must be [..., 5], but got [2, 2, 4]. The last dimension must equal the inputSize of weight, which is [30, 5].",
            Assert.Throws<ShapeException>(() => Loss.SampledSoftmax(Tensor.Zeros(2, 2, 4), weight, null, Targets, 3, random)).Message);
        Assert.Equal("SampledSoftmax: bias must be [30], but got [5]. There is one number for each class of weight.",
            Assert.Throws<ShapeException>(() => Loss.SampledSoftmax(x, weight, Tensor.Zeros(5), Targets, 3, random)).Message);
        Assert.StartsWith("SampledSoftmax: targets[1, 0] = 30, but weight has 30 classes (0..29).",
            Assert.Throws<ArgumentOutOfRangeException>(() => Loss.SampledSoftmax(x, weight, null, IntTensor.From([0, 0, 30, 0], 2, 2), 3, random)).Message);
    }

    [Fact]
    public void LogUniformSampler_ManyDraws_ComeAsOftenAsTheirProbability()
    {
        const int Draws = 40_000;
        var (sampler, random, counts) = (new LogUniformSampler(50), new RandomSource(3), new int[50]);
        for (var draw = 0; draw < Draws; draw++)
            counts[sampler.Draw(random, 1).Classes[0]]++;
        Assert.Equal(1, Enumerable.Range(0, 50).Sum(sampler.Probability), 1e-12);

        // Chi-squared with 49 degrees of freedom is below 100 but once in 40,000.
        Assert.InRange(Enumerable.Range(0, 50).Sum(k => Math.Pow(counts[k] - Draws * sampler.Probability(k), 2) / (Draws * sampler.Probability(k))), 10, 100);
    }

    [Fact]
    public void LogUniformSampler_AllClasses_ComeOnceEach()
    {
        var (classes, draws) = new LogUniformSampler(20).Draw(new RandomSource(1), 20);
        Assert.Equal(Enumerable.Range(0, 20), classes.Order());
        Assert.True(draws >= 20);
        Assert.StartsWith("LogUniformSampler: count must be in 1..20, but got 21.", Assert.Throws<ArgumentOutOfRangeException>(() => new LogUniformSampler(20).Draw(new RandomSource(1), 21)).Message);
    }
}
