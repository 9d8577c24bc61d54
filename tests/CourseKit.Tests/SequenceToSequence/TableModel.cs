using CourseKit.SequenceToSequence;
using CourseKit.Tensors;

namespace CourseKit.Tests.SequenceToSequence;

/// <summary>A model whose next token depends on the whole text so far in a fixed random way: nothing that a search could guess.</summary>
internal sealed class TableModel(int vocabularySize, long seed, double sharpness = 2) : IStepModel<string[]>
{
    public int VocabularySize => vocabularySize;

    /// <summary>Rows that went through Step, all together.</summary>
    public int Steps { get; private set; }

    public (Tensor LogProbabilities, string[] State) Step(int[] tokens, string[] state)
    {
        Assert.Equal(state.Length, tokens.Length);
        Steps += tokens.Length;
        string[] read = [.. state.Select((text, row) => $"{text} {tokens[row]}")];
        return (Tensor.From(read.SelectMany(LogProbabilities).ToArray(), tokens.Length, vocabularySize), read);
    }

    public string[] Select(string[] state, int[] rows) => [.. rows.Select(row => state[row])];

    public float[] LogProbabilities(string text)
    {
        var random = new RandomSource(text.Aggregate(seed, (hash, character) => unchecked((hash * 31) + character)));
        double[] scores = [.. Enumerable.Range(0, vocabularySize).Select(_ => sharpness * random.NextNormal())];
        var sum = Math.Log(scores.Sum(Math.Exp));
        return [.. scores.Select(score => (float)(score - sum))];
    }

    /// <summary>Every text that can be written from a state, with its log-probability: those that end, and those cut off.</summary>
    public IEnumerable<Hypothesis> All(string text, int first, int end, int maxLength, double alpha)
    {
        return Extend($"{text} {first}", [], 0);

        IEnumerable<Hypothesis> Extend(string read, int[] written, double logProbability)
        {
            var next = LogProbabilities(read);
            for (var token = 0; token < vocabularySize; token++)
            {
                var sum = logProbability + next[token];
                var score = sum / Math.Pow((5.0 + written.Length + 1) / 6, alpha);
                if (token == end)
                    yield return new Hypothesis(written, sum, score, true);
                else if (written.Length + 1 == maxLength)
                    yield return new Hypothesis([.. written, token], sum, score, false);
                else
                    foreach (var longer in Extend($"{read} {token}", [.. written, token], sum))
                        yield return longer;
            }
        }
    }
}
