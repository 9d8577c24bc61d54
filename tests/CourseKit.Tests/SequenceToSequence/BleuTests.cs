using CourseKit.SequenceToSequence;

namespace CourseKit.Tests.SequenceToSequence;

/// <summary>BLEU against numbers worked out by hand.</summary>
public class BleuTests
{
    /// <summary>The paper's first example: seven times "the", of which a reference has two at most.</summary>
    [Fact]
    public void Corpus_RepeatedWord_IsClipped()
    {
        var score = Bleu.Sentence(Words("the the the the the the the"), [Words("the cat is on the mat"), Words("there is a cat on the mat")], maxOrder: 1, BleuSmoothing.None);
        Assert.Equal(2.0 / 7, score.Precisions[0], 1e-12);
        Assert.Equal(2.0 / 7, score.Score, 1e-12);
        Assert.Equal(7, score.ReferenceLength);
    }

    /// <summary>The paper's example 1: candidate 1 shares 17 of 18 words with three references, and 10 of 17 pairs; candidate 2 8 of 14, and 1 of 13.</summary>
    [Fact]
    public void Sentence_PapersExample_HasItsPrecisions()
    {
        string[][] references =
        [
            Words("It is a guide to action that ensures that the military will forever heed Party commands"),
            Words("It is the guiding principle which guarantees the military forces always being under the command of the Party"),
            Words("It is the practical guide for the army always to heed the directions of the party"),
        ];
        var first = Bleu.Sentence(Words("It is a guide to action which ensures that the military always obeys the commands of the party"), references, maxOrder: 2);
        var second = Bleu.Sentence(Words("It is to insure the troops forever hearing the activity guidebook that party direct"), references, maxOrder: 2);
        Assert.Equal([17.0 / 18, 10.0 / 17], first.Precisions);
        Assert.Equal([8.0 / 14, 1.0 / 13], second.Precisions);
        Assert.Equal(1, first.BrevityPenalty);
        Assert.Equal(18, first.ReferenceLength);

        // 14 words: the references have 16, 18 and 16.
        Assert.Equal(16, second.ReferenceLength);
        Assert.Equal(Math.Exp(1 - (16.0 / 14)), second.BrevityPenalty, 1e-12);
        Assert.Equal(Math.Exp(1 - (16.0 / 14)) * Math.Sqrt(8.0 / 14 / 13), second.Score, 1e-12);
    }

    /// <summary>Matches and lengths are summed before dividing: the mean of the sentences' scores is another number.</summary>
    [Fact]
    public void Corpus_TwoSentences_SumsBeforeDividing()
    {
        // 1-grams 3 of 4 and 2 of 2, 2-grams 1 of 3 and 1 of 1; 6 words for 4 + 3.
        var score = Bleu.Corpus<string>(
            [Words("a b x c"), Words("d e")],
            [[Words("a b c d")], [Words("d e f")]],
            maxOrder: 2);
        Assert.Equal([5.0 / 6, 2.0 / 4], score.Precisions);
        Assert.Equal(Math.Exp(1 - (7.0 / 6)), score.BrevityPenalty, 1e-12);
        Assert.Equal(Math.Exp(1 - (7.0 / 6)) * Math.Sqrt(5.0 / 6 * 0.5), score.Score, 1e-12);
        Assert.Equal("BLEU 54.64 (83.3/50.0, brevity penalty 0.846, 6 words for 7)", score.ToString());
    }

    [Fact]
    public void Corpus_SameAsReference_IsOne()
    {
        int[] ids = [5, 9, 2, 7, 7, 1];
        Assert.Equal(1, Bleu.Corpus<int>([ids], [[[1, 2], ids]]).Score, 1e-12);
    }

    [Fact]
    public void BrevityPenalty_TwoReferencesEquallyClose_TakesTheShorter()
    {
        var score = Bleu.Sentence(Words("a b c d"), [Words("a b c d e"), Words("a b c")], maxOrder: 1);
        Assert.Equal(3, score.ReferenceLength);
        Assert.Equal(1, score.BrevityPenalty);
        Assert.Equal(Math.Exp(1 - (6.0 / 4)), Bleu.Sentence(Words("a b c d"), [Words("a b c d e f"), Words("a b c d e f g")], 1).BrevityPenalty, 1e-12);
    }

    [Fact]
    public void Smoothing_NoLongMatch_FollowsEachMethod()
    {
        // 1-grams 2 of 3, 2-grams 0 of 2, 3-grams 0 of 1, no 4-gram.
        var (candidate, reference) = (Words("a c b"), new[] { Words("a b d") });
        Assert.Equal(0, Bleu.Sentence(candidate, reference, 4, BleuSmoothing.None).Score);
        Assert.Equal([2.0 / 3, 0.1 / 2, 0.1, 0.1], Bleu.Sentence(candidate, reference).Precisions);
        Assert.Equal(Math.Pow(2.0 / 3 * 0.05 * 0.1 * 0.1, 0.25), Bleu.Sentence(candidate, reference).Score, 1e-12);
        Assert.Equal([2.0 / 3, 1.0 / 3, 1.0 / 2, 1.0 / 2], Bleu.Sentence(candidate, reference, 4, BleuSmoothing.AddOne).Precisions);
        Assert.Equal(Math.Pow(2.0 / 3 / 3 / 2 / 2, 0.25), Bleu.Sentence(candidate, reference, 4, BleuSmoothing.AddOne).Score, 1e-12);
    }

    [Theory]
    [InlineData(BleuSmoothing.None)]
    [InlineData(BleuSmoothing.Epsilon)]
    [InlineData(BleuSmoothing.AddOne)]
    public void Sentence_Empty_IsZero(BleuSmoothing smoothing)
    {
        var score = Bleu.Sentence(Words(""), [Words("a b")], 4, smoothing);
        Assert.Equal(0, score.Score);
        Assert.Equal(0, score.BrevityPenalty);
    }

    [Fact]
    public void Corpus_WrongArguments_ThrowsNamingThem()
    {
        Assert.Equal("Bleu: there must be at least one candidate and as many lists of references, but got 1 and 0.", Message(() => Bleu.Corpus<string>([Words("a")], [])));
        Assert.Equal("Bleu: there must be at least one candidate and as many lists of references, but got 0 and 0.", Message(() => Bleu.Corpus<string>([], [])));
        Assert.Equal("Bleu: every candidate needs at least one reference, but candidate 1 has none.", Message(() => Bleu.Corpus<string>([Words("a"), Words("b")], [[Words("a")], []])));
        Assert.StartsWith("Bleu: maxOrder must be at least 1, but got 0.", Message(() => Bleu.Corpus<string>([Words("a")], [[Words("a")]], 0)), StringComparison.Ordinal);
    }

    private static string Message(Action wrong) => Assert.ThrowsAny<ArgumentException>(wrong).Message;

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
