using CourseKit.SequenceToSequence;
using CourseKit.Tensors;

namespace CourseKit.Tests.SequenceToSequence;

/// <summary>Beam search against going through every sequence there is.</summary>
public class BeamSearchTests
{
    private static readonly string[] Sources = ["a", "b", "c"];

    [Theory]
    [InlineData(2, 1, 0)]
    [InlineData(3, 4, 0)]
    [InlineData(3, 4, 0.6)]
    [InlineData(3, 4, 2.5)]
    [InlineData(4, 3, 1)]
    public void Beam_AsWideAsAllSequences_FindsTheTrueBestInOrder(int vocabularySize, int maxLength, double alpha)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var model = new TableModel(vocabularySize, seed);
            var found = new Decoding<string[]>(model, Sources, [1, 0, 1], end: 0, maxLength).Beam(1000, alpha);
            for (var row = 0; row < Sources.Length; row++)
            {
                var all = model.All(Sources[row], row == 1 ? 0 : 1, 0, maxLength, alpha).OrderByDescending(hypothesis => hypothesis.Score).ToArray();
                Assert.Equal(all.Length, found[row].Length);
                for (var i = 0; i < all.Length; i++)
                    Same(all[i], found[row][i]);
            }
        }
    }

    /// <summary>The search stops early; it must not have stopped too early for what its own beam could still find.</summary>
    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0.7)]
    [InlineData(3, 3)]
    public void Beam_Narrow_IsThatOfASearchThatNeverStopsEarly(int size, double alpha)
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var model = new TableModel(4, seed);
            var found = new Decoding<string[]>(model, ["x"], [2], end: 3, maxLength: 7).Beam(size, alpha)[0];
            var expected = Exhausted(model, "x", 2, 3, 7, size, alpha);
            Assert.Equal(expected.Length, found.Length);
            for (var i = 0; i < expected.Length; i++)
                Same(expected[i], found[i]);
        }
    }

    [Fact]
    public void Beam_OfOne_IsGreedy()
    {
        for (var seed = 0; seed < 30; seed++)
        {
            var decoding = new Decoding<string[]>(new TableModel(5, seed), Sources, [1, 2, 3], end: 4, maxLength: 9);
            var (greedy, beam) = (decoding.Greedy(), decoding.Beam(1, lengthPenalty: 0.8));
            for (var row = 0; row < greedy.Length; row++)
            {
                Assert.Equal(greedy[row].Tokens, Assert.Single(beam[row]).Tokens);
                Assert.Equal(greedy[row].LogProbability, beam[row][0].LogProbability, 1e-9);
                Assert.Equal(greedy[row].Ended, beam[row][0].Ended);
            }
        }
    }

    [Fact]
    public void Beam_OfABatch_IsThatOfEachRowAlone()
    {
        var model = new TableModel(6, 3);
        var together = new Decoding<string[]>(model, Sources, [1, 2, 3], end: 5, maxLength: 8).Beam(4, 0.6);
        for (var row = 0; row < Sources.Length; row++)
        {
            var alone = new Decoding<string[]>(model, [Sources[row]], [row + 1], end: 5, maxLength: 8).Beam(4, 0.6)[0];
            Assert.Equal(alone.Select(hypothesis => hypothesis.ToString()), together[row].Select(hypothesis => hypothesis.ToString()));
        }
    }

    [Fact]
    public void Beam_Wider_FindsNothingWorseThanGreedyOnAverage()
    {
        double Mean(int size) => Enumerable.Range(0, 40).Average(seed => new Decoding<string[]>(new TableModel(6, seed), ["x"], [1], 0, 10).Beam(size)[0][0].Score);
        Assert.True(Mean(8) > Mean(1) + 0.1);
    }

    [Fact]
    public void Beam_BestHasEnded_StopsBeforeTheGreatestLength()
    {
        // Token 1 ends with probability 0.98 at every step: nothing can overtake what ended first.
        var model = new SteadyModel(Math.Log(0.01), Math.Log(0.98), Math.Log(0.01));
        var best = new Decoding<int>(model, 0, [0], end: 1, maxLength: 1000).Beam(1)[0][0];
        Assert.Empty(best.Tokens);
        Assert.True(best.Ended);
        Assert.Equal(1, model.Calls);
        var several = new Decoding<int>(model, 0, [0], end: 1, maxLength: 1000).Beam(3)[0];
        Assert.Equal(3, several.Length);
        Assert.InRange(model.Calls, 2, 10);
    }

    [Fact]
    public void Beam_NoEndSymbol_WritesTheGreatestLength()
    {
        var found = new Decoding<string[]>(new TableModel(3, 1), ["x"], [0], end: null, maxLength: 5).Beam(2)[0];
        Assert.All(found, hypothesis => Assert.Equal(5, hypothesis.Tokens.Count));
        Assert.All(found, hypothesis => Assert.False(hypothesis.Ended));
    }

    [Fact]
    public void Beam_ImpossibleTokens_AreNeverWritten()
    {
        var found = new Decoding<int>(new SteadyModel(Math.Log(0.5), double.NegativeInfinity, Math.Log(0.5)), 0, [0], end: 2, maxLength: 3).Beam(50)[0];
        Assert.DoesNotContain(found, hypothesis => hypothesis.Tokens.Contains(1));
        Assert.Equal(4, found.Length);
    }

    [Fact]
    public void LengthPenalty_OfWu_DividesByTheFormula()
    {
        Assert.Equal(1, Hypothesis.LengthPenalty(1, 0.6));
        Assert.Equal(1, Hypothesis.LengthPenalty(99, 0));
        Assert.Equal(2, Hypothesis.LengthPenalty(7, 1), 1e-12);
        Assert.Equal(Math.Sqrt(2.5), Hypothesis.LengthPenalty(10, 0.5), 1e-12);

        // e^-2 for one token and the end against e^-2.4 for five: without a penalty the short wins, with one the long.
        Assert.True(-2 / Hypothesis.LengthPenalty(2, 0) > -2.4 / Hypothesis.LengthPenalty(6, 0));
        Assert.True(-2 / Hypothesis.LengthPenalty(2, 1) < -2.4 / Hypothesis.LengthPenalty(6, 1));
    }

    [Fact]
    public void Beam_WrongArguments_ThrowsNamingThem()
    {
        var decoding = new Decoding<string[]>(new TableModel(3, 1), ["x"], [0], 1, 5);
        Assert.StartsWith("Decoding.Beam: size must be at least 1, but got 0.", Range(() => decoding.Beam(0)), StringComparison.Ordinal);
        Assert.StartsWith("Decoding.Beam: lengthPenalty must be at least 0 and finite, but got -0.5.", Range(() => decoding.Beam(2, -0.5)), StringComparison.Ordinal);
        Assert.StartsWith("Decoding: maxLength must be at least 1, but got 0.", Range(() => new Decoding<string[]>(new TableModel(3, 1), ["x"], [0], 1, 0)), StringComparison.Ordinal);
        Assert.StartsWith("Decoding: first must be a token of the model, 0..2, but got 3.", Range(() => new Decoding<string[]>(new TableModel(3, 1), ["x"], [3], 1, 5)), StringComparison.Ordinal);
        Assert.StartsWith("Decoding: end must be a token of the model, 0..2, but got -1.", Range(() => new Decoding<string[]>(new TableModel(3, 1), ["x"], [0], -1, 5)), StringComparison.Ordinal);
        Assert.StartsWith("Decoding: first must hold a token for each row, but is empty. Give at least one row.",
            Assert.Throws<ArgumentException>(() => new Decoding<string[]>(new TableModel(3, 1), [], [], 1, 5)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Beam_ModelDiverged_ThrowsSayingSo()
    {
        Assert.Equal("Decoding: every log-probability must be a number or −∞, but that of token 1 is NaN. The model has probably diverged.",
            Assert.Throws<ArgumentException>(() => new Decoding<int>(new SteadyModel(-1, double.NaN), 0, [0], null, 3).Beam(2)).Message);
        Assert.Equal("Decoding: there must be at least one token with a log-probability above −∞.",
            Assert.Throws<ArgumentException>(() => new Decoding<int>(new SteadyModel(double.NegativeInfinity, double.NegativeInfinity), 0, [0], null, 3).Beam(2)).Message);
        Assert.Equal("Decoding: the model's log-probabilities must be [2, 3], but got [1, 3]. They are [rows, VocabularySize].",
            Assert.Throws<ShapeException>(() => new Decoding<int>(new SteadyModel(-1, -1, -1) { Rows = 1 }, 0, [0, 0], null, 3).Beam(2)).Message);
    }

    private static string Range(Func<object> wrong) => Assert.Throws<ArgumentOutOfRangeException>(wrong).Message;

    private static void Same(Hypothesis expected, Hypothesis actual)
    {
        Assert.Equal(expected.Tokens, actual.Tokens);
        Assert.Equal(expected.LogProbability, actual.LogProbability, 1e-9);
        Assert.Equal(expected.Score, actual.Score, 1e-9);
        Assert.Equal(expected.Ended, actual.Ended);
    }

    // The plainest beam search: lists, sorted; on to the greatest length.
    private static Hypothesis[] Exhausted(TableModel model, string text, int first, int end, int maxLength, int size, double alpha)
    {
        var live = new List<(string Read, int[] Written, double Sum)> { ($"{text} {first}", [], 0) };
        var done = new List<Hypothesis>();
        for (var length = 1; length <= maxLength; length++)
        {
            var candidates = live.SelectMany(one => model.LogProbabilities(one.Read).Select((value, token) => (one.Read, one.Written, Sum: one.Sum + value, Token: token)))
                .OrderByDescending(candidate => candidate.Sum).Take(size).ToArray();
            var penalty = Math.Pow((5.0 + length) / 6, alpha);
            done.AddRange(candidates.Where(c => c.Token == end || length == maxLength)
                .Select(c => new Hypothesis(c.Token == end ? c.Written : [.. c.Written, c.Token], c.Sum, c.Sum / penalty, c.Token == end)));
            live = [.. candidates.Where(c => c.Token != end).Select(c => ($"{c.Read} {c.Token}", (int[])[.. c.Written, c.Token], c.Sum))];
        }

        return [.. done.OrderByDescending(hypothesis => hypothesis.Score).Take(size)];
    }

    /// <summary>The same distribution at every step.</summary>
    internal sealed class SteadyModel(params double[] logProbabilities) : IStepModel<int>
    {
        public int Calls { get; private set; }

        public int? Rows { get; init; }

        public int VocabularySize => logProbabilities.Length;

        public (Tensor LogProbabilities, int State) Step(int[] tokens, int state)
        {
            Calls++;
            var rows = Rows ?? tokens.Length;
            return (Tensor.From(Enumerable.Repeat(logProbabilities, rows).SelectMany(row => row).ToArray(), rows, logProbabilities.Length), state);
        }

        public int Select(int state, int[] rows) => state;
    }
}
