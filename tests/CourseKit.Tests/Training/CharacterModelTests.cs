using CourseKit.Data;
using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.Tests.Training;

public sealed class CharacterModelTests
{
    private static readonly string Text = string.Concat(Enumerable.Repeat("abcd efgh. ", 400));

    private static readonly CharacterTraining Small = new() { Hidden = 32, Steps = 150, BatchSize = 8, Window = 20, LearningRate = 1e-2, Progress = null };

    [Theory]
    [InlineData(CellKind.Rnn)]
    [InlineData(CellKind.Lstm)]
    [InlineData(CellKind.Gru)]
    public void Train_RepeatingText_LearnsItAndWritesItOn(CellKind cell)
    {
        var result = CharacterModel.Train(Text, Small with { Cell = cell });

        Assert.InRange(result.ValidationNats!.Value, 0, 0.05);
        Assert.Equal("efgh. abcd efgh. ", result.Model.Sample("abcd efgh. abcd ", 17, temperature: 0));
        Assert.InRange(result.Model.Evaluate(Text), 0, 0.05);
    }

    [Fact]
    public void Train_Twice_GivesTheSameBits()
    {
        var options = Small with { Steps = 20, Layers = 2, Embedding = 7, Hidden = 19 };
        var (first, second) = (CharacterModel.Train(Text, options), CharacterModel.Train(Text, options));

        Assert.Equal(first.History.Steps.Select(step => step.Loss), second.History.Steps.Select(step => step.Loss));
        Assert.Equal(first.ValidationNats, second.ValidationNats);
        Assert.NotEqual(first.ValidationNats, CharacterModel.Train(Text, options with { Seed = 2 }).ValidationNats);
    }

    [Fact]
    public void Train_ValidationFraction_HoldsOutTheEndOnly()
    {
        // The end of the text is of another kind: it must not have been learned.
        var result = CharacterModel.Train(Text + string.Concat(Enumerable.Repeat("hgfedcba", 61)), Small);

        Assert.True(result.ValidationNats > 2);
        Assert.InRange(result.Model.Evaluate(Text), 0, 0.05);
    }

    [Fact]
    public void Train_NothingHeldOut_HasNoValidationLoss()
    {
        var result = CharacterModel.Train(Text, Small with { Steps = 1, ValidationFraction = 0 });
        Assert.Null(result.ValidationNats);
        Assert.Equal("validation: none, nothing was held out", result.ToString());
    }

    [Fact]
    public void Result_AsText_HasNatsAndBits()
    {
        var history = new History();
        history.Add(new ValidationPoint(2000, 1.6051));
        var result = new CharacterResult(CharacterModel.Create(Vocabulary.OfCharacters("ab"), Small), history);
        Assert.Equal("validation: 1.605 nats, 2.316 bits per character", result.ToString());
    }

    [Fact]
    public void Train_TextTooShort_ThrowsNamingTheMend()
    {
        var error = Assert.Throws<DataException>(() => CharacterModel.Train("only a short text", Small));
        Assert.Equal("TokenStream(batchSize: 8, window: 20): every column must have at least window + 1 = 21 symbols, but the text of 15 symbols gives 1 to each of 8. Give a longer text, or a smaller window.", error.Message);
    }

    [Fact]
    public void Train_TooLittleHeldOut_ThrowsNamingTheMend()
    {
        var error = Assert.Throws<DataException>(() => CharacterModel.Train(Text, Small with { ValidationFraction = 1e-4 }));
        Assert.Equal("CharacterModel: at least 2 characters are needed to measure the loss, but there are 1. Give a longer text, or hold out a larger part of it.", error.Message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    public void Train_ValidationFractionOutsideItsRange_Throws(double fraction)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => CharacterModel.Train(Text, Small with { ValidationFraction = fraction }));
        Assert.StartsWith(FormattableString.Invariant($"CharacterTraining: ValidationFraction must be at least 0 and below 1, but is {fraction}."), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sample_SameSeed_GivesTheSameTextAndAnotherSeedAnother()
    {
        var model = CharacterModel.Create(Vocabulary.OfCharacters(Text), Small);

        Assert.Equal(model.Sample("ab", 50, seed: 3), model.Sample("ab", 50, seed: 3));
        Assert.NotEqual(model.Sample("ab", 50, seed: 3), model.Sample("ab", 50, seed: 4));
        Assert.Equal(model.Sample("", 20, temperature: 0), model.Sample("", 20, temperature: 0, seed: 9));
        Assert.Equal("", model.Sample("ab", 0));
    }

    /// <summary>The next character of an untrained model, drawn for 2,000 seeds, against its own probabilities.</summary>
    [Fact]
    public void Sample_FirstCharacter_HasTheModelsProbabilities()
    {
        var model = CharacterModel.Create(Vocabulary.OfCharacters("abcde"), Small with { Hidden = 6 });
        var logits = model.Model.Predict(IntTensor.From([.. model.Vocabulary.Encode("bad")], 1, 3));
        var weights = Enumerable.Range(0, 5).Select(id => Math.Exp(logits[0, 2, id])).ToArray();

        var counts = new double[5];
        for (var seed = 0; seed < 2000; seed++)
            counts[model.Vocabulary.IndexOf(model.Sample("bad", 1, seed: seed))]++;

        var expected = weights.Select(weight => 2000 * weight / weights.Sum()).ToArray();
        Assert.InRange(Enumerable.Range(0, 5).Sum(id => Math.Pow(counts[id] - expected[id], 2) / expected[id]), 0, 18.5);
    }

    [Fact]
    public void Sample_UnknownCharacter_ThrowsNamingItAtOnce()
    {
        var model = CharacterModel.Create(Vocabulary.OfCharacters("abc"), Small);
        Assert.StartsWith("Vocabulary: the text has 'X' at index 1,", Assert.Throws<DataException>(() => model.Write("aX")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sample_LengthNegative_Throws()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => CharacterModel.Create(Vocabulary.OfCharacters("abc"), Small).Sample("a", -1));
        Assert.StartsWith("CharacterModel.Sample: length must be at least 0, but got -1.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void States_OfAText_AreOneRowACharacterAndGrowWithTheText()
    {
        var model = CharacterModel.Create(Vocabulary.OfCharacters("abc"), Small with { Hidden = 5 });
        var (longer, shorter) = (model.States("abcab"), model.States("abc"));

        Assert.Equal("[5, 5]", longer.Shape.ToString());
        for (var i = 0; i < shorter.Length; i++)
            Assert.Equal(shorter.ToArray()[i], longer.ToArray()[i], 1e-6f);
        Assert.StartsWith("CharacterModel.States: the text is empty.", Assert.Throws<DataException>(() => model.States("")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_CellUnknown_Throws()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => CharacterModel.Create(Vocabulary.OfCharacters("ab"), Small with { Cell = (CellKind)7 }));
        Assert.StartsWith("CharacterModel: cell must be Rnn, Lstm or Gru, but got 7.", error.Message, StringComparison.Ordinal);
    }
}
