using CourseKit.Data;
using CourseKit.Layers;
using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.Tests.Training;

/// <summary>How often a model is right, and what it predicts for padded sequences.</summary>
public class ModelAccuracyTests
{
    // Hands the features on.
    private static Model Echo(int size)
    {
        var linear = new Linear(size, size);
        linear.Weight.CopyFrom([.. Enumerable.Range(0, size * size).Select(i => i % (size + 1) == 0 ? 1f : 0)]);
        linear.Bias!.CopyFrom(new float[size]);
        return Model.Of(linear);
    }

    [Fact]
    public void Accuracy_IgnoredClassesAndBatchesOfAnySize_CountsTargets()
    {
        var logits = Tensor.From([1f, 2f, 0f, 3f, 2f, 1f, 0f, 0f, 1f], 3, 3);
        Batch[] data = [new(logits, IntTensor.From([1, 2, -100], 3)), new(Tensor.From([0f, 5f, 1f], 1, 3), IntTensor.From([1], 1)), new(logits, IntTensor.From([-100, -100, -100], 3))];
        Assert.Equal(2 / 3.0, Echo(3).Accuracy(data));
    }

    [Fact]
    public void Accuracy_OneLogit_IsClassOneAboveZero()
    {
        var batch = new Batch(Tensor.From([0.5f, -0.5f, 2f, -1f], 4, 1), IntTensor.From([1, 0, 0, 0], 4));
        Assert.Equal(0.75, Echo(1).Accuracy([batch]));
    }

    [Fact]
    public void Accuracy_NotANumber_IsNotRight()
    {
        Assert.Equal(0, Echo(2).Accuracy([new Batch(Tensor.From([float.NaN, float.NaN], 1, 2), IntTensor.From([0], 1))]));
    }

    [Fact]
    public void Accuracy_ValuesOrNoTargetOrAnotherShape_ThrowsSayingSo()
    {
        var (x, model) = (Tensor.Zeros(2, 3), Echo(3));
        Assert.Equal("Accuracy: the batch must have classes, but has values. Use Evaluate for values.", Assert.Throws<DataException>(() => model.Accuracy([new Batch(x, x)])).Message);
        Assert.Equal("Accuracy: the data has no target. Give at least one batch with a target.", Assert.Throws<DataException>(() => model.Accuracy([])).Message);
        Assert.Equal(
            "Accuracy: classes must be [2], but got [3]. They take the shape of logits, [2, 3], without its last dimension.",
            Assert.Throws<ShapeException>(() => model.Accuracy([new Batch(x, IntTensor.From([0, 1, 2], 3))])).Message);
    }

    [Fact]
    public void Predict_Mask_IsThePredictionWithoutPadding()
    {
        var model = new Model(1, new Embedding(5, 4), new Lstm(4, 6, returnSequences: false), new Linear(6, 2));
        var (ids, mask) = Padding.Ids([[1, 2, 3], [4]]);
        Assert.Equal(model.Predict(IntTensor.From([4], 1, 1)).ToArray(), model.Predict(ids, mask).ToArray()[2..]);
        Assert.NotEqual(model.Predict(ids).ToArray()[2..], model.Predict(ids, mask).ToArray()[2..]);
        var rest = Model.Of([.. model.Layers.Skip(1)]);
        var x = ((Embedding)model.Layers[0]).Forward(ids);
        Assert.Equal(model.Predict(ids, mask).ToArray(), rest.Predict(x, mask).ToArray());
    }

    [Fact]
    public void Forward_StatesForAnotherNumberOfLayers_ThrowsNamingBoth()
    {
        var model = new Model(1, new Embedding(5, 4), new Gru(4, 6), new Linear(6, 2));
        var state = new ModelState([new RecurrentState([Tensor.Zeros(1, 6)])]);
        var error = Assert.Throws<ArgumentException>(() => model.Forward(IntTensor.From([4], 1, 1), state));
        Assert.Equal("Model of embedding, gru, linear: state must have 3 entries, one a layer and null where it carries none, but got 1. Give the state that Forward of this model returned. (Parameter 'state')", error.Message);
    }
}
