using CourseKit.Data;
using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.Notebooks.Tests.Pictures;

public class NextCharactersTests
{
    private const string Text = "a cab, a\nbad cab";

    [Theory]
    [InlineData(1)]
    [InlineData(0.25)]
    [InlineData(3)]
    public void Probabilities_AnyTemperature_AreThoseOfThePrediction(double temperature)
    {
        var model = Make();
        var drawing = (NextCharactersDrawing)Picture.NextCharacters(model, Text, 3, temperature);
        var ids = model.Vocabulary.Encode(Text);
        var logits = model.Model.Predict(IntTensor.From(ids, 1, ids.Length));
        Assert.Equal(ids.Length, drawing.Probabilities.Length);
        for (var t = 0; t < ids.Length; t++)
        {
            var weights = Enumerable.Range(0, model.Vocabulary.Count).Select(k => Math.Exp(logits[0, t, k] / temperature)).ToArray();
            for (var k = 0; k < weights.Length; k++)
                Assert.Equal(weights[k] / weights.Sum(), drawing.Probabilities[t][k], 12);
            Assert.Equal(1, drawing.Probabilities[t].Sum(), 12);
            Assert.Equal(Enumerable.Range(0, weights.Length).OrderByDescending(k => weights[k]).Take(3), drawing.Guesses[t]);
            Assert.Equal(t + 1 < ids.Length ? ids[t + 1] : -1, drawing.Next[t]);
        }
    }

    [Fact]
    public void Probabilities_TemperatureZero_AreAllOfTheLikeliest()
    {
        var (zero, one) = ((NextCharactersDrawing)Picture.NextCharacters(Make(), Text, temperature: 0), (NextCharactersDrawing)Picture.NextCharacters(Make(), Text));
        for (var t = 0; t < Text.Length; t++)
        {
            Assert.Equal(Enumerable.Range(0, one.Probabilities[t].Length).Select(k => k == one.Guesses[t][0] ? 1.0 : 0), zero.Probabilities[t]);
            Assert.Equal(one.Guesses[t], zero.Guesses[t]);
        }
    }

    [Fact]
    public void Figure_Columns_MarkWhatCameNext()
    {
        var model = Make();
        var drawing = (NextCharactersDrawing)Picture.NextCharacters(model, Text, 2);
        var fragment = new Fragment(drawing);
        var columns = fragment.WithClass("ck-next").Single().Elements("span").ToArray();
        Assert.Equal(["a", "␣", "c", "a", "b", ",", "␣", "a", "↵"], columns.Take(9).Select(column => column.Element("b")!.Value));
        for (var t = 0; t < columns.Length; t++)
        {
            var cells = columns[t].Elements("i").ToArray();
            Assert.Equal(drawing.Guesses[t].Select(k => Markup.Visible(model.Vocabulary[k])), cells.Take(2).Select(cell => cell.Value));
            var marked = cells.Where(cell => cell.Attribute("class") is not null).ToArray();
            if (t == columns.Length - 1)
                Assert.Empty(marked);
            else
                Assert.Equal((Markup.Visible($"{Text[t + 1]}"), drawing.Guesses[t].Contains(drawing.Next[t]) ? "t" : "m"), (Assert.Single(marked).Value, marked[0].Attribute("class")!.Value));
        }

        var texts = fragment.Hover.GetProperty("texts").EnumerateArray().Select(text => text.GetString()!).ToArray();
        Assert.Equal(columns.Sum(column => column.Elements("i").Count()), texts.Length);
        Assert.Equal(Text.Length - 1, texts.Count(text => text.EndsWith(" %, came next", StringComparison.Ordinal)));
        Assert.Equal(drawing.ToString(), fragment.WithClass("ck-next").Single().Attribute("aria-label")!.Value);
        Assert.Matches("^Next characters under \"a cab, a↵bad cab\": 2 guesses after each of 16 characters; the likeliest came next \\d+ of 15 times, what came had a probability of [0-9.]+ % on the average\\.$", drawing.ToString());
        Assert.Equal(drawing.ToHtml(), Picture.NextCharacters(Make(), Text, 2).ToHtml());
    }

    [Fact]
    public void Figure_OneCharacter_SaysWhatMayFollow()
    {
        var drawing = Picture.NextCharacters(Make(), "c", 20);
        Assert.Equal(7, Assert.Single(((NextCharactersDrawing)drawing).Guesses).Length);
        Assert.StartsWith("Next characters under \"c\": 7 guesses after each of 1 characters; after it ", drawing.ToString(), StringComparison.Ordinal);
        Assert.Single(new Fragment(drawing).WithClass("ck-next").Single().Elements("span"));
        Assert.Equal("What comes next? Temperature 0.5", new Fragment(Picture.NextCharacters(Make(), "c", 2, 0.5)).WithClass("ck-title").Single().Value);
    }

    [Fact]
    public void Figure_LongText_ShowsItsBeginningAndSaysSo()
    {
        var drawing = Picture.NextCharacters(Make(), string.Concat(Enumerable.Repeat(Text, 30)));
        var fragment = new Fragment(drawing);
        Assert.Equal("The first 200 of 480 characters are shown.", Assert.Single(fragment.Notes));
        Assert.InRange(drawing.ToHtml().Length, 1, 110_000);
    }

    [Fact]
    public void NextCharacters_WrongUse_SaysWhichAndTheMend()
    {
        Assert.Equal("Picture.NextCharacters: the text is empty. Give at least one character.", Assert.Throws<DataException>(() => Picture.NextCharacters(Make(), "")).Message);
        Assert.StartsWith("Vocabulary: the text has 'z' at index 0", Assert.Throws<DataException>(() => Picture.NextCharacters(Make(), "z")).Message, StringComparison.Ordinal);
        Assert.StartsWith("Picture.NextCharacters: top must be from 1 to 20, but got 0.", Assert.Throws<ArgumentOutOfRangeException>(() => Picture.NextCharacters(Make(), "a", 0)).Message, StringComparison.Ordinal);
        Assert.StartsWith("Picture.NextCharacters: temperature must be at least 0 and finite, but got NaN.", Assert.Throws<ArgumentOutOfRangeException>(() => Picture.NextCharacters(Make(), "a", 1, double.NaN)).Message, StringComparison.Ordinal);
        var diverged = Make();
        diverged.Model.Parameters[0].Tensor[diverged.Vocabulary.IndexOf("c"), 0] = float.NaN;
        Assert.StartsWith("Picture.NextCharacters: every score must be finite, but after 'c' at position 2 one is not. The model has probably diverged: train it with a lower learning rate.",
            Assert.Throws<ArgumentException>(() => Picture.NextCharacters(diverged, Text)).Message, StringComparison.Ordinal);
    }

    private static CharacterModel Make() =>
        CharacterModel.Create(Vocabulary.OfCharacters(Text), new CharacterTraining { Cell = CellKind.Gru, Hidden = 12, Embedding = 4 });
}
