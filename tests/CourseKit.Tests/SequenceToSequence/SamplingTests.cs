using CourseKit.SequenceToSequence;
using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.Tests.SequenceToSequence;

/// <summary>Drawing tokens: which can come, and how often, by chi-square on the counts.</summary>
public class SamplingTests
{
    private const int Draws = 40_000;
    private static readonly double[] Probabilities = [0.02, 0.4, 0.1, 0.25, 0.08, 0.15];
    private static readonly float[] Logs = [.. Probabilities.Select(p => (float)Math.Log(p))];

    // Passed by a right sampler in all but one of a thousand seeds, for 0 to 5 degrees of freedom.
    private static readonly double[] Critical = [0, 10.83, 13.82, 16.27, 18.47, 20.52];

    [Theory]
    [InlineData(null, null, 1, new[] { 0, 1, 2, 3, 4, 5 })]
    [InlineData(6, 1.0, 1, new[] { 0, 1, 2, 3, 4, 5 })]
    [InlineData(3, null, 1, new[] { 1, 3, 5 })]
    [InlineData(1, null, 1, new[] { 1 })]
    [InlineData(99, null, 0.7, new[] { 0, 1, 2, 3, 4, 5 })]
    [InlineData(null, 0.39, 1, new[] { 1 })]
    [InlineData(null, 0.41, 1, new[] { 1, 3 })]
    [InlineData(null, 0.79, 1, new[] { 1, 3, 5 })]
    [InlineData(null, 0.85, 1, new[] { 1, 2, 3, 5 })]
    [InlineData(null, 0.5, 3, new[] { 1, 3, 5 })]
    [InlineData(2, 0.9, 1.5, new[] { 1, 3 })]
    public void Draw_ManyTimes_HasTheProbabilitiesOfWhatIsLeft(int? topK, double? nucleus, double temperature, int[] left)
    {
        var options = new SamplingOptions { TopK = topK, Nucleus = nucleus, Temperature = temperature };
        var (random, counts) = (new RandomSource(8), new int[Probabilities.Length]);
        for (var i = 0; i < Draws; i++)
            counts[options.Draw(Logs, random)]++;

        double[] weights = [.. left.Select(token => Math.Pow(Probabilities[token], 1 / temperature))];
        Assert.Equal(Draws, left.Sum(token => counts[token]));
        Assert.InRange(left.Select((token, i) => (Expected: Draws * weights[i] / weights.Sum(), Count: counts[token])).Sum(x => Math.Pow(x.Count - x.Expected, 2) / x.Expected), 0, Critical[left.Length - 1]);
    }

    [Fact]
    public void Nucleus_OfOne_IsPlainSampling()
    {
        var (plain, nucleus) = (new RandomSource(3), new RandomSource(3));
        for (var i = 0; i < 1000; i++)
            Assert.Equal(Sampler.Draw(Logs, 0.9, plain), new SamplingOptions { Nucleus = 1, Temperature = 0.9 }.Draw(Logs, nucleus));
    }

    [Fact]
    public void TopK_OfEquals_KeepsTheFirst()
    {
        float[] logits = [1, 2, 2, 2, 0];
        TokenFilter.TopK(logits, 2);
        Assert.Equal([float.NegativeInfinity, 2, 2, float.NegativeInfinity, float.NegativeInfinity], logits);
        float[] likeliest = [-5, -5];
        TokenFilter.Nucleus(likeliest, 1e-9);
        Assert.Equal([-5, float.NegativeInfinity], likeliest);
    }

    [Fact]
    public void Filters_ArgumentsOutside_ThrowNamingThem()
    {
        Assert.StartsWith("TokenFilter.TopK: k must be at least 1, but got 0.", Range(() => new SamplingOptions { TopK = 0 }.Draw(Logs, new RandomSource(1))), StringComparison.Ordinal);
        Assert.StartsWith("TokenFilter.Nucleus: mass must be above 0 and at most 1, but got 0.", Range(() => new SamplingOptions { Nucleus = 0 }.Draw(Logs, new RandomSource(1))), StringComparison.Ordinal);
        Assert.StartsWith("TokenFilter.Nucleus: mass must be above 0 and at most 1, but got NaN.", Range(() => new SamplingOptions { Nucleus = double.NaN }.Draw(Logs, new RandomSource(1))), StringComparison.Ordinal);
        Assert.StartsWith("Sampler: temperature must be at least 0", Range(() => new SamplingOptions { TopK = 2, Temperature = -1 }.Draw(Logs, new RandomSource(1))), StringComparison.Ordinal);
    }

    [Fact]
    public void Sample_TopKOfOne_IsGreedy()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var decoding = new Decoding<string[]>(new TableModel(5, seed), ["a", "b"], [1, 2], end: 0, maxLength: 10);
            Assert.Equal(decoding.Greedy().Select(h => h.ToString()), decoding.Sample(new RandomSource(seed), new() { TopK = 1 }).Select(h => h.ToString()));
        }
    }

    /// <summary>Whole texts come as often as the model says, whatever rows they stand in.</summary>
    [Fact]
    public void Sample_WholeTexts_HaveTheModelsProbabilities()
    {
        const int Rows = 4000;
        var model = new TableModel(3, 5, sharpness: 0.5);
        var expected = model.All("x", 1, 0, 2, 0).ToDictionary(h => h.ToString().Split(',')[0] + h.Ended, h => Math.Exp(h.LogProbability));
        var drawn = new Decoding<string[]>(model, [.. Enumerable.Repeat("x", Rows)], [.. Enumerable.Repeat(1, Rows)], end: 0, maxLength: 2).Sample(new RandomSource(21));
        var counts = drawn.CountBy(h => h.ToString().Split(',')[0] + h.Ended).ToDictionary();
        Assert.Equal(1, expected.Values.Sum(), 1e-6);
        Assert.Equal(7, expected.Count);

        // 6 degrees of freedom.
        Assert.InRange(expected.Sum(pair => Math.Pow(counts.GetValueOrDefault(pair.Key) - (Rows * pair.Value), 2) / (Rows * pair.Value)), 0, 22.46);
    }

    [Fact]
    public void Sample_Row_DoesNotDependOnWhenOthersEnd()
    {
        var model = new TableModel(6, 2);
        var two = new Decoding<string[]>(model, ["a", "b"], [1, 1], end: 0, maxLength: 30).Sample(new RandomSource(4));
        var other = new Decoding<string[]>(model, ["other", "b"], [2, 1], end: 0, maxLength: 30).Sample(new RandomSource(4));
        Assert.Equal(two[1].ToString(), other[1].ToString());
        Assert.Equal(two[1].Tokens, other[1].Tokens);
    }

    [Fact]
    public void Sample_LogProbability_IsTheModelsOwn()
    {
        var model = new TableModel(4, 9);
        var drawn = new Decoding<string[]>(model, ["a"], [1], end: 0, maxLength: 6).Sample(new RandomSource(2), new() { Temperature = 3, TopK = 3 })[0];
        var (text, sum) = ("a 1", 0.0);
        foreach (var token in drawn.Ended ? drawn.Tokens.Append(0) : drawn.Tokens)
        {
            sum += model.LogProbabilities(text)[token];
            text += $" {token}";
        }

        Assert.Equal(sum, drawn.LogProbability, 1e-9);
    }

    [Fact]
    public void Greedy_RowsThatEnded_AreNoLongerComputed()
    {
        var model = new TableModel(3, 4);
        string[] sources = [.. Enumerable.Range(0, 20).Select(i => $"s{i}")];
        var rows = new Decoding<string[]>(model, sources, new int[20], end: 2, maxLength: 12).Greedy();
        Assert.Equal(rows.Sum(row => row.Tokens.Count + (row.Ended ? 1 : 0)), model.Steps);
        Assert.Contains(rows, row => row.Ended);
        Assert.Contains(rows, row => row.Tokens.Count > 2);
    }

    private static string Range(Action wrong) => Assert.Throws<ArgumentOutOfRangeException>(wrong).Message;
}
