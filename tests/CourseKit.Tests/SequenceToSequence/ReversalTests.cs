using CourseKit.Layers;
using CourseKit.Optimizers;
using CourseKit.SequenceToSequence;
using CourseKit.Tensors;

namespace CourseKit.Tests.SequenceToSequence;

/// <summary>The smallest task that needs everything: write a string of digits backwards. The digits are 3..12.</summary>
public class ReversalTests
{
    [Fact]
    public void Fit_EightDigitsBackwards_IsLearnedWithAttentionAndNotWithout()
    {
        var with = Train(new Gru(16, 32), new DotAttention(32), steps: 130, shortest: 8);
        var without = Train(new Gru(16, 32), null, steps: 130, shortest: 8);
        Assert.InRange(Right(with, shortest: 8), 0.9, 1);
        Assert.InRange(Right(without, shortest: 8), 0, 0.3);

        // Step t looks at the source's digit 7 − t.
        int[] source = [3, 5, 7, 9, 11, 4, 6, 8];
        var weights = with.Align(source, [.. source.Reverse()]);
        for (var t = 0; t < 8; t++)
        {
            Assert.Equal(7 - t, Enumerable.Range(0, 8).MaxBy(s => weights[t, s]));
            Assert.InRange(weights[t, 7 - t], 0.4f, 1);
        }

        Assert.InRange(Enumerable.Range(0, 8).Average(t => weights[t, 7 - t]), 0.6f, 1);
    }

    /// <summary>Strings of three to eight digits, padded side by side and read both ways.</summary>
    [Fact]
    [Trait("Category", "Long")]
    public void Fit_StringsOfAnyLengthBackwards_IsLearnedByEveryScore()
    {
        Attention[] scores = [new AdditiveAttention(32, 64, 32), new GeneralAttention(32, 64)];
        foreach (var attention in scores)
        {
            var model = Train(new Gru(16, 32, bidirectional: true), attention, steps: 400, shortest: 3);
            Assert.InRange(Right(model, shortest: 3), 0.85, 1);
            var weights = model.Align([3, 5, 7, 9, 11], [11, 9, 7, 5, 3]);
            Assert.Equal([4, 3, 2, 1, 0], Enumerable.Range(0, 5).Select(t => Enumerable.Range(0, 5).MaxBy(s => weights[t, s])));
        }
    }

    internal static EncoderDecoder Train(SequenceLayer encoder, Attention? attention, int steps, int shortest)
    {
        var model = new EncoderDecoder(1, new Embedding(13, 16), encoder, new Embedding(13, 16), new Gru(16, 32), attention);
        var random = new RandomSource(3);
        model.Fit(Enumerable.Range(0, steps).Select(_ => new SequencePairs(Draw(64, shortest, random)).All()), new() { Optimizer = new Adam(0.01), ClipNorm = 1, Progress = null });
        return model;
    }

    /// <summary>The part of strings never seen in training that comes out right to the last digit, and ends there.</summary>
    internal static double Right(EncoderDecoder model, int shortest)
    {
        var pairs = Draw(200, shortest, new RandomSource(99));
        var written = model.Decode([.. pairs.Select(pair => pair.Source)]).Greedy();
        return written.Zip(pairs).Average(both => both.First.Ended && both.First.Tokens.SequenceEqual(both.Second.Target) ? 1.0 : 0);
    }

    internal static (int[] Source, int[] Target)[] Draw(int count, int shortest, RandomSource random) => [.. Enumerable.Range(0, count).Select(_ =>
    {
        int[] source = [.. Enumerable.Range(0, shortest + random.NextInt(9 - shortest)).Select(_ => 3 + random.NextInt(10))];
        return (source, source.Reverse().ToArray());
    })];
}
