using CourseKit.Data;
using CourseKit.Layers;
using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.Tests.Training;

public class ModelTests
{
    [Fact]
    public void Construct_SameSeed_GivesTheSameParametersWhateverTheLayersHeld()
    {
        static float[] Draw(int seed, bool disturbed)
        {
            var lstm = new Lstm(3, 4);
            if (disturbed)
                lstm.Initialize(new RandomSource(99));
            return [.. new Model(seed, lstm, new Linear(4, 2)).Parameters.SelectMany(parameter => parameter.Tensor.ToArray())];
        }

        Assert.Equal(Draw(7, disturbed: false), Draw(7, disturbed: true));
        Assert.NotEqual(Draw(7, disturbed: false), Draw(8, disturbed: false));
    }

    [Fact]
    public void Of_Layers_KeepsTheirParameters()
    {
        var linear = new Linear(2, 1);
        linear.Initialize(new RandomSource(5));
        var before = linear.Parameters[0].Tensor.ToArray();

        Assert.Equal(before, Model.Of(linear).Parameters[0].Tensor.ToArray());
    }

    [Fact]
    public void Parameters_TwoLayersOfAKind_HaveNamesOfTheirOwn()
    {
        var names = new Model(1, new Gru(2, 3), new Gru(3, 3), new Linear(3, 1)).Parameters.Select(parameter => parameter.Name).ToArray();

        Assert.Equal(
            ["gru.weight_ih_l0", "gru.weight_hh_l0", "gru.bias_ih_l0", "gru.bias_hh_l0", "gru2.weight_ih_l0", "gru2.weight_hh_l0", "gru2.bias_ih_l0", "gru2.bias_hh_l0", "linear.weight", "linear.bias"],
            names);
    }

    [Theory]
    [InlineData("rnn", 322_145, 322_113)]
    [InlineData("lstm", 328_481, 328_353)]
    [InlineData("gru", 326_369, 326_273)]
    public void ParameterCount_SecondBiasNotLearned_IsThatOfKeras(string kind, long both, long one)
    {
        RecurrentLayer recurrent = kind switch
        {
            "rnn" => new SimpleRnn(32, 32, returnSequences: false) { Initialization = RecurrentInitialization.Keras },
            "lstm" => new Lstm(32, 32, returnSequences: false) { Initialization = RecurrentInitialization.Keras },
            _ => new Gru(32, 32, resetAfter: false, returnSequences: false) { Initialization = RecurrentInitialization.Keras },
        };
        var model = new Model(1, new Embedding(10_000, 32), recurrent, new Linear(32, 1));
        Assert.Equal((both, both), (model.ParameterCount, model.Summary().ParameterCount));

        recurrent.BiasHh().RequiresGradient = false;
        Assert.Equal((one, one), (model.ParameterCount, model.Summary().ParameterCount));
        model.Fit([new Batch(IntTensor.From([1, 2], 1, 2), IntTensor.From([1], 1))], new FitOptions { Progress = null });
        Assert.All(recurrent.BiasHh().ToArray(), number => Assert.Equal(0, number));
        Assert.Contains(recurrent.BiasIh().ToArray(), number => number is not (0 or 1));
    }

    [Fact]
    public void Construct_NoLayer_Throws()
    {
        Assert.StartsWith("Model: give at least one layer.", Assert.Throws<ArgumentException>(() => new Model(1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Construct_LayerTwice_Throws()
    {
        var linear = new Linear(2, 2);
        var error = Assert.Throws<ArgumentException>(() => new Model(1, linear, linear));
        Assert.StartsWith("Model: the layer linear comes twice. Make a new layer for every place.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Forward_IdsWithoutEmbedding_ThrowsNamingTheFirstLayer()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new Model(1, new Linear(2, 2)).Forward(IntTensor.From([1], 1, 1)));
        Assert.Equal("Model: ids need an Embedding as the first layer, but it is Linear(inputSize: 2, outputSize: 2).", error.Message);
    }

    [Fact]
    public void Forward_EmbeddingBehindAnotherLayer_ThrowsNamingIt()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new Model(1, new Linear(2, 2), new Embedding(4, 2)).Predict(Tensor.Zeros(1, 2)));
        Assert.Equal("Model: Embedding(vocabularySize: 4, embeddingSize: 2) takes ids, so it can only be the first layer and the input must be ids.", error.Message);
    }

    /// <summary>A text read in windows with carried state gives what it gives when read at once.</summary>
    [Fact]
    public void Forward_WindowsWithCarriedState_EqualsTheWholeSequence()
    {
        var model = new Model(3, new Embedding(5, 4), new Lstm(4, 6, layers: 2), new Gru(6, 3), new Linear(3, 5));
        int[] ids = [0, 4, 2, 2, 1, 3, 0, 1];
        var whole = model.Predict(IntTensor.From(ids, 1, 8)).ToArray();

        var (first, state) = model.Forward(IntTensor.From(ids.AsSpan(0, 3), 1, 3));
        var (second, _) = model.Forward(IntTensor.From(ids.AsSpan(3), 1, 5), state);

        float[] parts = [.. first.ToArray(), .. second.ToArray()];
        for (var i = 0; i < whole.Length; i++)
            Assert.Equal(whole[i], parts[i], 1e-6f);
    }

    [Fact]
    public void Evaluate_BatchesOfDifferentLength_IsTheMeanOverAllTargets()
    {
        var model = new Model(2, new Embedding(6, 4), new Gru(4, 5), new Linear(5, 6));
        int[] text = [.. Enumerable.Range(0, 61).Select(index => index * index % 6)];

        // Windows of 7 leave a last one of 4: a mean of batch means would weigh its targets more.
        var inWindows = model.Evaluate(new TokenStream(text, 1, 7));
        var atOnce = model.Evaluate(new TokenStream(text, 1, 60));

        Assert.Equal(atOnce, inWindows, 1e-6);
    }

    [Fact]
    public void Evaluate_IgnoredClasses_TakeNoPart()
    {
        var model = new Model(2, new Embedding(6, 4), new Linear(4, 6));
        var some = new Batch(IntTensor.From([1, 2, 3], 1, 3), IntTensor.From([2, -100, 4], 1, 3));
        var none = new Batch(IntTensor.From([1, 2], 1, 2), IntTensor.From([-100, -100], 1, 2));
        var both = new Batch(IntTensor.From([1, 3], 1, 2), IntTensor.From([2, 4], 1, 2));

        Assert.Equal(model.Evaluate([both]), model.Evaluate([some, none]), 1e-6);
        Assert.Equal("Evaluate: the data has no target. Give at least one batch with a target.", Assert.Throws<DataException>(() => model.Evaluate([none])).Message);
    }

    [Fact]
    public void Summary_OfALanguageModel_ListsShapesAndParameters()
    {
        var summary = new Model(1, new Embedding(65, 8), new Lstm(8, 32), new Dropout(0.5f), new Linear(32, 65)).Summary();

        Assert.Equal(65 * 8 + 4 * 32 * (8 + 32 + 2) + 33 * 65, summary.ParameterCount);
        Assert.StartsWith("name       layer                                            output             parameters", summary.ToString(), StringComparison.Ordinal);
        Assert.Contains("lstm       Lstm(inputSize: 8, hiddenSize: 32)               [batch, time, 32]       5,376", summary.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("8,041 parameters", summary.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Summary_LastStepOnly_DropsTheTimeDimension()
    {
        var summary = new Model(1, new Lstm(3, 4, returnSequences: false), new Linear(4, 1)).Summary();
        Assert.Equal(["[batch, 4]", "[batch, 1]"], summary.Layers.Select(layer => layer.Output));
    }
}
