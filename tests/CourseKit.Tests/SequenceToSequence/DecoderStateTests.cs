using CourseKit.Autograd;
using CourseKit.Layers;
using CourseKit.SequenceToSequence;
using CourseKit.Tensors;

namespace CourseKit.Tests.SequenceToSequence;

/// <summary>Where the decoder starts from, and what becomes of its state when search moves rows about.</summary>
public class DecoderStateTests
{
    private static readonly IntTensor Sources = IntTensor.From([3, 4, 5, 6, 7, 3, 4, 4, 5], 3, 3);

    [Fact]
    public void Start_EncoderWithMoreLayers_HandsOverTheUpperOnes()
    {
        var (embedding, encoder) = (new Embedding(8, 3), new Lstm(3, 4, layers: 3));
        var state = new EncoderDecoder(3, embedding, encoder, new Embedding(8, 3), new Lstm(3, 4, layers: 2)).Start(Sources).Recurrent;
        var final = encoder.Forward(embedding.Forward(Sources)).State;
        for (var layer = 0; layer < 2; layer++)
        {
            Assert.Equal(final.Hidden[layer + 1].ToArray(), state.Hidden[layer].ToArray());
            Assert.Equal(final.Cell![layer + 1].ToArray(), state.Cell![layer].ToArray());
        }
    }

    [Fact]
    public void Start_EncoderWithFewerLayers_HandsItsLowestOverMoreThanOnce()
    {
        var (embedding, encoder) = (new Embedding(8, 3), new Gru(3, 4, layers: 2));
        var state = new EncoderDecoder(3, embedding, encoder, new Embedding(8, 3), new Gru(3, 4, layers: 3)).Start(Sources).Recurrent;
        var final = encoder.Forward(embedding.Forward(Sources)).State;
        Assert.Null(state.Cell);
        Assert.Equal([0, 0, 1], Enumerable.Range(0, 3).Select(layer => Enumerable.Range(0, 2).Single(below => final.Hidden[below].ToArray().SequenceEqual(state.Hidden[layer].ToArray()))));
    }

    /// <summary>h = tanh(W·[forward; reverse] + b), c the same without tanh.</summary>
    [Fact]
    public void Start_BothDirectionsOfAnotherSize_CrossTheBridge()
    {
        var (embedding, encoder) = (new Embedding(8, 3), new Lstm(3, 3, bidirectional: true));
        var model = new EncoderDecoder(3, embedding, encoder, new Embedding(8, 3), new Lstm(3, 4));
        var p = model.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Tensor);
        var state = model.Start(Sources).Recurrent;
        var final = encoder.Forward(embedding.Forward(Sources)).State;
        Assert.Equal(Ops.Tanh(Ops.Linear(Ops.Concat(final.Hidden[0], final.Hidden[1]), p["bridge.weight"], p["bridge.bias"])).ToArray(), state.Hidden[0].ToArray());
        Assert.Equal(Ops.Linear(Ops.Concat(final.Cell![0], final.Cell[1]), p["bridge2.weight"], p["bridge2.bias"]).ToArray(), state.Cell![0].ToArray());
    }

    [Fact]
    public void Start_EncoderWithoutCells_StartsThemFromZeros() => Assert.All(EncoderDecoderTests.Make("additive").Start(Sources).Recurrent.Cell![0].ToArray(), value => Assert.Equal(0, value));

    [Theory]
    [MemberData(nameof(EncoderDecoderTests.Kinds), MemberType = typeof(EncoderDecoderTests))]
    public void Select_RowsMovedDoubledAndDropped_StepsAsTheyDidBefore(string kind)
    {
        var model = EncoderDecoderTests.Make(kind);
        var (_, state) = model.Step([1, 1, 1], model.Start(Sources));
        var before = model.Step([4, 5, 6], state).LogProbabilities;
        foreach (var rows in new int[][] { [0, 1, 2], [2, 0, 1], [1, 1, 1], [2], [0, 0, 2, 2, 1] })
        {
            var after = model.Step([.. rows.Select(row => row + 4)], model.Select(state, rows)).LogProbabilities;
            for (var i = 0; i < rows.Length; i++)
            {
                for (var token = 0; token < 8; token++)
                    Assert.Equal(before[rows[i], token], after[i, token], 1e-6f);
            }
        }

        // Twice in a row: the second choice is among the rows of the first.
        var twice = model.Step([5, 6], model.Select(model.Select(state, [2, 1]), [1, 0])).LogProbabilities;
        for (var token = 0; token < 8; token++)
        {
            Assert.Equal(before[1, token], twice[0, token], 1e-6f);
            Assert.Equal(before[2, token], twice[1, token], 1e-6f);
        }
    }
}
