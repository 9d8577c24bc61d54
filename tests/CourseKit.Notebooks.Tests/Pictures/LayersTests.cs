using CourseKit.Data;
using CourseKit.Inspection;
using CourseKit.Layers;
using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.Notebooks.Tests.Pictures;

public class LayersTests
{
    private static readonly int[] Ids = [3, 1, 4, 1, 5, 2, 6, 5];

    [Fact]
    public void Layers_Bands_AreTheHiddenStatesOfThePass()
    {
        var model = Deep();
        var recording = Recorder.Of(() => model.Predict(IntTensor.From(Ids, 1, Ids.Length)), model.Parameters);
        var drawing = Assert.IsType<LayersDrawing>(Picture.Layers(model, Ids));
        Assert.Equal(["gru.l0", "gru2.l0", "lstm.l0", "lstm.l0_reverse"], drawing.Bands.Select(band => band.Name));
        foreach (var band in drawing.Bands)
            for (var k = 0; k < band.Neurons.Length; k++)
                Assert.Equal(Enumerable.Range(0, Ids.Length).Select(t => (double)recording[band.Name].Hidden[0, t, band.Neurons[k]]), band.Rows[k]);
        Assert.Equal([14, 5, 3, 3], drawing.Bands.Select(band => band.Rows.Length));
        Assert.Equal([20, 5, 3, 3], drawing.Bands.Select(band => band.Size));
    }

    [Fact]
    public void Layers_Likeness_IsTheCorrelationOfSuccessiveStates()
    {
        // States of relu that copy the input: a ramp is like the state before, a number that alternates is its opposite.
        var layer = new SimpleRnn(1, 1, activation: Backends.Activation.Relu);
        layer.WeightIh().CopyFrom([1f]);
        layer.WeightHh().CopyFrom([0f]);
        layer.BiasIh().CopyFrom([0f]);
        layer.BiasHh().CopyFrom([0f]);
        var embedding = new Embedding(10, 1);
        embedding.Weight.CopyFrom([0f, 1f, 2f, 3f, 4f, 5f, 6f, 7f, 8f, 9f]);
        var model = Model.Of(embedding, layer);
        Assert.Equal(-1, Likeness([0, 1, 0, 1, 0, 1, 0, 1]), 1e-9);
        Assert.Equal(0, Likeness([3, 3, 3, 3]));
        Assert.InRange(Likeness([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]), 0.8, 1);

        double Likeness(int[] ids) => ((LayersDrawing)Picture.Layers(model, ids)).Bands[0].Likeness;
    }

    [Fact]
    public void Layers_Figure_HasTheLastLayerOnTop()
    {
        var drawing = (LayersDrawing)Picture.Layers(Deep(), Ids, Ids.Select(id => $"word {id}"));
        var fragment = new Fragment(drawing);
        fragment.AssertInsideViewBox();
        var grids = fragment.Hover.GetProperty("grids").EnumerateArray().Select(grid => grid.GetProperty("name").GetString());
        Assert.Equal(["lstm.l0_reverse", "lstm.l0", "gru2.l0", "gru.l0"], grids);
        Assert.Equal(14, fragment.Hover.GetProperty("grids")[3].GetProperty("rows").GetArrayLength());
        Assert.Contains("Of each layer 14 neurons are shown, those whose state changes most, from slow to fast.", fragment.Notes);
        Assert.Contains(fragment.Texts, text => text.StartsWith("backward, successive states alike to ", StringComparison.Ordinal));
        Assert.StartsWith("Hidden states of 4 layers over 8 time steps, \"word 3 word 1 word 4", drawing.ToString(), StringComparison.Ordinal);
        Assert.Contains("from input to output: gru.l0 (Gru), 20 neurons, successive states alike to ", drawing.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_OfACharacterModel_AreThoseOfItsModel()
    {
        const string text = "a cab, a bad cab";
        var model = CharacterModel.Create(Vocabulary.OfCharacters(text), new CharacterTraining { Hidden = 6, Layers = 2 });
        var drawing = Picture.Layers(model, text);
        Assert.Equal(Picture.Layers(model.Model, model.Vocabulary.Encode(text), text.Select(c => $"{c}")).ToHtml(), drawing.ToHtml());
        Assert.Equal(2, ((LayersDrawing)drawing).Bands.Count);
    }

    [Fact]
    public void Layers_LongText_IsCutAndSaysSo()
    {
        var drawing = (LayersDrawing)Picture.Layers(Deep(), [.. Enumerable.Range(0, 100).Select(i => i % 7)]);
        Assert.Equal(80, drawing.Steps);
        Assert.Contains("The first 80 of 100 time steps are shown.", new Fragment(drawing).Notes);
    }

    [Fact]
    public void Layers_WhatDoesNotFit_IsNamed()
    {
        Assert.StartsWith("Picture.Layers: the model must have a recurrent layer, but is Model of embedding, linear",
            Assert.Throws<ArgumentException>(() => Picture.Layers(new Model(1, new Embedding(7, 4), new Linear(4, 3)), Ids)).Message, StringComparison.Ordinal);
        Assert.StartsWith("Picture.Layers: labels must be one for every id, but got 1 labels and 8 ids.", Assert.Throws<ArgumentException>(() => Picture.Layers(Deep(), Ids, ["a"])).Message, StringComparison.Ordinal);
        Assert.StartsWith("Picture.Layers: there is nothing to read.", Assert.Throws<DataException>(() => Picture.Layers(Deep(), [])).Message, StringComparison.Ordinal);
    }

    private static Model Deep() => new(1, new Embedding(7, 4), new Gru(4, 20), new Gru(20, 5), new Lstm(5, 3, bidirectional: true), new Linear(6, 7));
}
