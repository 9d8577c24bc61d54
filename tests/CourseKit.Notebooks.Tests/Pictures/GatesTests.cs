using CourseKit.Data;
using CourseKit.Inspection;
using CourseKit.Layers;
using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.Notebooks.Tests.Pictures;

public class GatesTests
{
    private const string Text = "a cab, a bad cab";

    [Theory]
    [InlineData(CellKind.Lstm, "i f g o c h")]
    [InlineData(CellKind.Gru, "r z n h")]
    [InlineData(CellKind.Rnn, "h")]
    public void Gates_OfACharacterModel_AreThoseOfThePass(CellKind cell, string names)
    {
        var model = Make(cell, layers: 2);
        var ids = model.Vocabulary.Encode(Text);
        for (var layer = 0; layer < 2; layer++)
        {
            var record = Recorder.Of(() => model.Model.Predict(IntTensor.From(ids, 1, ids.Length)), model.Model.Parameters)[$"rnn.l{layer}"];
            var drawing = Assert.IsType<GatesDrawing>(Picture.Gates(model, Text, layer));
            Assert.Equal(names, string.Join(' ', drawing.Bands.Select(band => band.Name)));
            foreach (var band in drawing.Bands)
            {
                var expected = band.Name switch { "h" => record.Hidden, "c" => record.Cell!, _ => record.Gate(band.Name) };
                for (var k = 0; k < drawing.Neurons.Length; k++)
                    Assert.Equal(Enumerable.Range(0, ids.Length).Select(t => (double)expected[0, t, drawing.Neurons[k]]), band.Rows[k]);
            }
        }

        Assert.Equal(Picture.Gates(model, Text, 1).ToHtml(), Picture.Gates(model, Text).ToHtml());
    }

    [Fact]
    public void Gates_Figure_HasABandForEachWithItsColours()
    {
        var drawing = (GatesDrawing)Picture.Gates(Make(CellKind.Lstm), Text, neurons: [3, 1]);
        var fragment = new Fragment(drawing);
        fragment.AssertInsideViewBox();
        Assert.Equal([ColorScale.Shares, ColorScale.Shares, ColorScale.States, ColorScale.Shares, ColorScale.States, ColorScale.States], drawing.Bands.Select(band => band.Scale));
        Assert.Equal([3, 1], drawing.Neurons);
        Assert.Subset(fragment.Texts.ToHashSet(), new HashSet<string> { "input gate: how much of the new is let in", "forget gate: how much of the cell is kept", "cell", "␣" });
        Assert.Equal("Rows are 2 of 12 neurons.", Assert.Single(fragment.Notes));
        var grids = fragment.Hover.GetProperty("grids");
        Assert.Equal(6, grids.GetArrayLength());
        Assert.Equal(2 * Text.Length, grids[0].GetProperty("values").GetArrayLength());
        Assert.StartsWith("Gates over time of rnn.l0 (Lstm): i, f, g, o, c, h of 2 of 12 neurons at 16 time steps, \"a cab, a bad cab\". Means: i 0.", drawing.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Gates_ManyNeurons_AreThoseWhoseStateChangesMost()
    {
        var record = Recorder.Of(() => Lively().Forward(Ramp(20))).Records[0];
        var drawing = (GatesDrawing)Picture.Gates(record);
        Assert.Equal([2, 3, 4, 5, 6, 7], drawing.Neurons);
        Assert.Equal("Rows are 6 of 10 neurons, those whose state changes most.", new Fragment(drawing).Notes[0]);
        Assert.Equal(8, ((GatesDrawing)Picture.Gates(Recorder.Of(() => new Gru(1, 8).Forward(Ramp(3))).Records[0])).Neurons.Length);
    }

    [Fact]
    public void Gates_StatesBeyondOne_WidenTheColours()
    {
        var record = Recorder.Of(() => Lively().Forward(Ramp(4))).Records[0];
        var band = ((GatesDrawing)Picture.Gates(record, neurons: [7])).Bands[^1];
        Assert.Equal(new ColorScale(-21, 21, Diverging: true), band.Scale);
        Assert.Equal([0, 7, 14, 21], band.Rows[0]);
        Assert.Contains("hidden state, colours from -21 to 21", new Fragment(Picture.Gates(record, neurons: [7])).Texts);
    }

    [Fact]
    public void Gates_MaskedSteps_AreBlank()
    {
        var layer = new Gru(1, 2, bidirectional: true);
        var record = Recorder.Of(() => layer.Forward(Tensor.Zeros(2, 4, 1), mask: Mask.FromLengths([4, 3], 4))).Records[1];
        var drawing = (GatesDrawing)Picture.Gates(record, ["w", "x", "y", "z"], row: 1);
        Assert.All(drawing.Bands, band => Assert.All(band.Rows, values => Assert.Equal([false, false, false, true], values.Select(double.IsNaN))));
        var fragment = new Fragment(drawing);
        Assert.Equal("Time steps that the mask passes over are left blank.", Assert.Single(fragment.Notes));
        Assert.Equal("Inside l0_reverse (Gru) as it reads, from the last to the first", fragment.WithClass("ck-title").Single().Value);
    }

    [Fact]
    public void Gates_DivergedModel_IsLeftBlankAndSaid()
    {
        var layer = new SimpleRnn(1, 2);
        layer.BiasIh()[0] = float.NaN;
        var fragment = new Fragment(Picture.Gates(Recorder.Of(() => layer.Forward(Tensor.Zeros(1, 3, 1))).Records[0]));
        fragment.AssertInsideViewBox();
        Assert.EndsWith("states not finite, left blank.", fragment.Notes[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Gates_ProjectedLstm_SaysThatRowsDiffer() =>
        Assert.Contains("The state is a projection of the cell: row k of h is another neuron than row k of the others.",
            new Fragment(Picture.Gates(Recorder.Of(() => new Lstm(1, 5, projectionSize: 3).Forward(Ramp(4))).Records[0])).Notes);

    [Fact]
    public void Gates_LongOneCharacterOrWords_StillFit()
    {
        var model = Make(CellKind.Gru);
        var drawing = Picture.Gates(model, string.Concat(Enumerable.Repeat(Text, 20)));
        var fragment = new Fragment(drawing);
        fragment.AssertInsideViewBox();
        Assert.Equal("The first 80 of 320 time steps are shown.", fragment.Notes[^1]);
        Assert.Equal(80, ((GatesDrawing)drawing).Steps);
        Assert.InRange(drawing.ToHtml().Length, 1, 120_000);
        Assert.Equal(Picture.Gates(model, string.Concat(Enumerable.Repeat(Text, 5))).ToHtml(), drawing.ToHtml().Replace("<p class=\"ck-note\">The first 80 of 320 time steps are shown.</p>\n", "", StringComparison.Ordinal));
        new Fragment(Picture.Gates(model, "a")).AssertInsideViewBox();
        var words = Recorder.Of(() => new Gru(1, 2).Forward(Ramp(3))).Records[0];
        Assert.Contains("antidisesta…", new Fragment(Picture.Gates(words, ["the", "antidisestablishmentarian", "cat"])).Texts);
    }

    [Fact]
    public void Gates_CharacterBeyondTheBasicPlane_IsOneLetter()
    {
        const string text = "a😀b";
        var model = CharacterModel.Create(Vocabulary.OfCharacters(text), new CharacterTraining { Hidden = 3, Embedding = 2 });
        var fragment = new Fragment(Picture.Gates(model, text));
        Assert.Equal(["a", "😀", "b"], fragment.WithClass("ck-fixed").Take(3).Select(letter => letter.Value));
        Assert.Equal(3, ((GatesDrawing)Picture.Gates(model, text)).Steps);
    }

    [Fact]
    public void Gates_WrongUse_SaysWhichAndTheMend()
    {
        var model = Make(CellKind.Lstm);
        Assert.Equal("Picture.Gates: the text is empty. Give at least one character.", Assert.Throws<DataException>(() => Picture.Gates(model, "")).Message);
        Assert.StartsWith("Vocabulary: the text has 'z' at index 2", Assert.Throws<DataException>(() => Picture.Gates(model, "abz")).Message, StringComparison.Ordinal);
        Message<ArgumentOutOfRangeException>("Picture.Gates: layer must be 0 to 0, as the model is CharacterModel(lstm, hidden: 12, layers: 1, vocabulary: 6), but got 1.", () => Picture.Gates(model, "a", layer: 1));
        Message<ArgumentOutOfRangeException>("Picture.Gates: neurons must be 1 to 24 of 0 to 11, but got [12].", () => Picture.Gates(model, "a", neurons: [12]));
        Message<ArgumentOutOfRangeException>("Picture.Gates: neurons must be 1 to 24 of 0 to 11, but got [].", () => Picture.Gates(model, "a", neurons: []));
        var record = Recorder.Of(() => new Gru(1, 2).Forward(Ramp(3))).Records[0];
        Message<ArgumentOutOfRangeException>("Picture.Gates: row must be 0 to 0, as l0 ran over a batch of 1, but got 1.", () => Picture.Gates(record, row: 1));
        Message<ArgumentException>("Picture.Gates: labels must be one for every time step, but got 2 labels and 3 time steps. Leave labels out to number the steps.", () => Picture.Gates(record, ["a", "b"]));
    }

    private static void Message<TError>(string expected, Func<Drawing> drawing)
        where TError : Exception => Assert.StartsWith(expected, Assert.Throws<TError>(drawing).Message, StringComparison.Ordinal);

    private static CharacterModel Make(CellKind cell, int layers = 1) =>
        CharacterModel.Create(Vocabulary.OfCharacters(Text), new CharacterTraining { Cell = cell, Hidden = 12, Embedding = 4, Layers = layers });

    // A layer of relu whose neuron k gives k·x: the greater its number the more it changes, but 8 and 9, which never do.
    private static SimpleRnn Lively()
    {
        var layer = new SimpleRnn(1, 10, activation: Backends.Activation.Relu);
        foreach (var (_, tensor) in layer.Parameters)
            tensor.CopyFrom(new float[tensor.Length]);
        layer.WeightIh().CopyFrom([0, 1, 2, 3, 4, 5, 6, 7, 0, 0]);
        return layer;
    }

    private static Tensor Ramp(int steps) => Tensor.From([.. Enumerable.Range(0, steps).Select(t => (float)t)], 1, steps, 1);
}
