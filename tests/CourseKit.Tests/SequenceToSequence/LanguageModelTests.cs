using CourseKit.Data;
using CourseKit.Layers;
using CourseKit.SequenceToSequence;
using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.Tests.SequenceToSequence;

public class LanguageModelTests
{
    private static readonly CharacterModel Characters = CharacterModel.Train(
        string.Concat(Enumerable.Repeat("the cat sat on the mat. a dog dug. ", 60)),
        new() { Hidden = 24, Layers = 2, Steps = 60, BatchSize = 8, Window = 20, LearningRate = 1e-2, Progress = null }).Model;

    private static readonly LanguageModel Model = new(Characters);

    [Theory]
    [InlineData("t")]
    [InlineData("the cat s")]
    public void Greedy_OfACharacterModel_WritesWhatItsSampleWrites(string prompt) =>
        Assert.Equal(Characters.Sample(prompt, 30, temperature: 0), Model.Text(Model.Decode(prompt, 30).Greedy()[0]));

    [Fact]
    public void Step_OfACharacterModel_GivesLogSoftmaxOfItsLogits()
    {
        var ids = Characters.Vocabulary.Encode("the d");
        var logits = Characters.Model.Predict(IntTensor.From(ids, 1, 5));
        ModelState? state = null;
        foreach (var (t, id) in ids.Index())
        {
            (var logs, state) = Model.Step([id], state);
            var sum = Enumerable.Range(0, Model.VocabularySize).Sum(token => Math.Exp(logits[0, t, token]));
            for (var token = 0; token < Model.VocabularySize; token++)
                Assert.Equal(logits[0, t, token] - Math.Log(sum), logs[0, token], 1e-4);
        }
    }

    [Fact]
    public void Beam_OfACharacterModel_ScoresAtLeastAsHighAsGreedyAndGivesDifferentTexts()
    {
        var decoding = Model.Decode("a", 12, end: Characters.Vocabulary.IndexOf("."));
        var best = decoding.Beam(5)[0];
        Assert.Equal(5, best.Select(Model.Text).Distinct().Count());
        Assert.True(best[0].LogProbability >= decoding.Greedy()[0].LogProbability - 1e-6);
        Assert.Equal(best.Select(hypothesis => hypothesis.Score).OrderDescending(), best.Select(hypothesis => hypothesis.Score));
    }

    [Fact]
    public void Sample_SeveralRows_AreDifferentTextsOfOnePrompt()
    {
        var texts = Model.Decode("the ", 20, count: 8).Sample(new RandomSource(1)).Select(Model.Text).ToArray();
        Assert.Equal(8, texts.Length);
        Assert.InRange(texts.Distinct().Count(), 4, 8);
        Assert.All(texts, text => Assert.Equal(20, text.Length));
        Assert.Equal(texts, Model.Decode("the ", 20, count: 8).Sample(new RandomSource(1)).Select(Model.Text));
        Assert.Single(Model.Decode("the ", 20, count: 8).Sample(new RandomSource(1), new() { TopK = 1 }).Select(Model.Text).Distinct());
    }

    [Fact]
    public void New_OtherModel_ThrowsSayingWhatItTakes()
    {
        Assert.StartsWith(
            "LanguageModel: the model must begin with an Embedding and end with a Linear of as many numbers as the vocabulary has, but is Embedding(vocabularySize: 5, embeddingSize: 3), Linear(inputSize: 3, outputSize: 4).",
            Assert.Throws<ArgumentException>(() => new LanguageModel(new Model(1, new Embedding(5, 3), new Linear(3, 4)))).Message, StringComparison.Ordinal);
        Assert.Equal("LanguageModel: the prompt must have at least one token, but is empty. Begin with a line's end or a start symbol.", Assert.Throws<DataException>(() => Model.Decode("", 5)).Message);
        Assert.StartsWith("LanguageModel: count must be at least 1, but got 0.", Assert.Throws<ArgumentOutOfRangeException>(() => Model.Decode("a", 5, count: 0)).Message, StringComparison.Ordinal);
        var plain = new LanguageModel(new Model(1, new Embedding(5, 3), new Linear(3, 5)));
        Assert.Equal("LanguageModel: a plain model has no vocabulary. Give the prompt's ids.", Assert.Throws<InvalidOperationException>(() => plain.Decode("a", 5)).Message);
        Assert.Equal(5, plain.Decode([1], 5).Greedy()[0].Tokens.Count);
    }
}
