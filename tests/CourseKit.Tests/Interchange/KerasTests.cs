using CourseKit.Interchange;
using CourseKit.Layers;
using CourseKit.Tensors;

namespace CourseKit.Tests.Interchange;

/// <summary>The conversion of Keras's weights by hand-made numbers; ParityTests hold whole layers to what Keras computes.</summary>
public class KerasTests
{
    [Fact]
    public void Load_Gru_PutsTheGatesIntoOrderAndTurnsTheMatricesAround()
    {
        var gru = new Gru(2, 1, resetAfter: false);
        Keras.Load([gru], [Named("kernel", [1, 2, 3, 4, 5, 6], 2, 3), Named("recurrent_kernel", [7, 8, 9], 1, 3), Named("bias", [10, 11, 12], 3)]);

        // z r h in columns; r z n in rows.
        Assert.Equal([2f, 5, 1, 4, 3, 6], gru.WeightIh().ToArray());
        Assert.Equal([8f, 7, 9], gru.WeightHh().ToArray());
        Assert.Equal([11f, 10, 12], gru.BiasIh().ToArray());
        Assert.Equal([0f, 0, 0], gru.BiasHh().ToArray());
        Assert.True(gru.BiasIh().RequiresGradient);
        Assert.False(gru.BiasHh().RequiresGradient);
    }

    [Fact]
    public void Load_GruResetAfter_TakesBothBiases()
    {
        var gru = new Gru(1, 1);
        Keras.Load([gru], [Tensor.Zeros(1, 3), Tensor.Zeros(1, 3), Tensor.From([1f, 2, 3, 4, 5, 6], 2, 3)]);

        Assert.Equal([2f, 1, 3], gru.BiasIh().ToArray());
        Assert.Equal([5f, 4, 6], gru.BiasHh().ToArray());
        Assert.True(gru.BiasHh().RequiresGradient);
    }

    [Fact]
    public void Load_StackOfBothDirections_TakesForwardThenBackwardLayerByLayer()
    {
        var rnn = new SimpleRnn(1, 1, layers: 2, bidirectional: true);
        Tensor[] weights =
        [
            Named("bidirectional/forward_rnn/kernel:0", [1], 1, 1), Tensor.From([2f], 1, 1), Tensor.From([3f], 1),
            Named("bidirectional/backward_rnn/kernel:0", [4], 1, 1), Tensor.From([5f], 1, 1), Tensor.From([6f], 1),
            Tensor.From([7f, 8], 2, 1), Tensor.From([9f], 1, 1), Tensor.From([10f], 1),
            Tensor.From([11f, 12], 2, 1), Tensor.From([13f], 1, 1), Tensor.From([14f], 1),
        ];
        Keras.Load([rnn], weights);

        Assert.Equal([1f], rnn.WeightIh().ToArray());
        Assert.Equal([5f], rnn.WeightHh(0, reverse: true).ToArray());
        Assert.Equal([7f, 8], rnn.WeightIh(1).ToArray());
        Assert.Equal([14f], rnn.BiasIh(1, reverse: true).ToArray());
    }

    [Fact]
    public void Load_EmbeddingAndDense_TurnsTheDenseKernelAround()
    {
        var (embedding, linear, dropout) = (new Embedding(2, 2), new Linear(2, 3), new Dropout(0.5f));
        Keras.Load([embedding, dropout, linear], [Named("embeddings", [1, 2, 3, 4], 2, 2), Named("kernel", [1, 2, 3, 4, 5, 6], 2, 3), Named("bias", [7, 8, 9], 3)]);

        Assert.Equal([1f, 2, 3, 4], embedding.Weight.ToArray());
        Assert.Equal([1f, 4, 2, 5, 3, 6], linear.Weight.ToArray());
        Assert.Equal([7f, 8, 9], linear.Bias!.ToArray());
    }

    /// <summary>The way that docs/interchange.md shows: a file whose names begin with the weights' places.</summary>
    [Fact]
    public void Load_FromAFileInTheOrderOfItsNames_TakesThem()
    {
        var path = Path.GetTempFileName();
        try
        {
            Safetensors.Write(path, new Dictionary<string, Tensor>
            {
                ["0002/bias"] = Tensor.From([5f]),
                ["0000/embeddings"] = Tensor.From([1f, 2], 2, 1),
                ["0001/kernel"] = Tensor.From([3f], 1, 1),
            });
            var (embedding, linear) = (new Embedding(2, 1), new Linear(1, 1));
            Keras.Load([embedding, linear], [.. Safetensors.Read(path).Tensors.OrderBy(tensor => tensor.Key, StringComparer.Ordinal).Select(tensor => tensor.Value)]);

            Assert.Equal([1f, 2], embedding.Weight.ToArray());
            Assert.Equal([3f, 5], [linear.Weight.Item(), linear.Bias!.Item()]);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Load_WrongShape_ThrowsNamingLayerAndWeightAndChangesNothing()
    {
        var (embedding, linear) = (new Embedding(2, 2), new Linear(2, 3));
        var before = embedding.Weight.ToArray();
        var error = Assert.Throws<ArgumentException>(() => Keras.Load([embedding, linear], [Named("embeddings", [1, 2, 3, 4], 2, 2), Named("dense/kernel", [1, 2, 3, 4], 2, 2)]));

        Assert.StartsWith(
            "Keras.Load: Linear(inputSize: 2, outputSize: 3) needs kernel [2, 3], but weight 1 is dense/kernel [2, 2]. Give the weights in the order of get_weights(), and layers of the same sizes and kinds.",
            error.Message, StringComparison.Ordinal);
        Assert.Equal(before, embedding.Weight.ToArray());
    }

    [Fact]
    public void Load_WrongName_Throws() =>
        Assert.Contains("needs kernel [2, 2], but weight 0 is lstm/recurrent_kernel [2, 2].", Message([new Linear(2, 2)], [Named("lstm/recurrent_kernel", [1, 2, 3, 4], 2, 2)]), StringComparison.Ordinal);

    [Fact]
    public void Load_TooFewWeights_Throws() =>
        Assert.StartsWith("Keras.Load: Linear(inputSize: 2, outputSize: 1) needs bias [1], but there are only 1 weights. Give them in the order of get_weights().", Message([new Linear(2, 1)], [Tensor.Zeros(2, 1)]), StringComparison.Ordinal);

    [Fact]
    public void Load_TooManyWeights_Throws() =>
        Assert.StartsWith("Keras.Load: the layers take 1 weights, but 2 are given; weight 1 is [3], left over.", Message([new Linear(2, 1, bias: false)], [Tensor.Zeros(2, 1), Tensor.Zeros(3)]), StringComparison.Ordinal);

    [Fact]
    public void Load_LayerWithoutCounterpart_ThrowsNamingIt() =>
        Assert.Equal("Keras.Load: Lstm(inputSize: 1, hiddenSize: 2, peephole: true) has no counterpart in Keras. Load the layers around it.", Message([new Lstm(1, 2, peephole: true)], []));

    private static string Message(Layer[] layers, Tensor[] weights) => Assert.Throws<ArgumentException>(() => Keras.Load(layers, weights)).Message;

    private static Tensor Named(string name, float[] numbers, params int[] shape)
    {
        var tensor = Tensor.From(numbers, shape);
        tensor.Name = name;
        return tensor;
    }
}
