using CourseKit.Autograd;
using CourseKit.Layers;
using CourseKit.Tensors;
using CourseKit.Tests.Autograd;
using CourseKit.Training;

namespace CourseKit.Tests.Layers;

public class BidirectionalMergeTests
{
    private static readonly Func<float, float, float> Sum = (f, b) => f + b, Multiply = (f, b) => f * b, Average = (f, b) => (f + b) * 0.5f;

    public static TheoryData<string, BidirectionalMerge, bool> Merges()
    {
        var cases = new TheoryData<string, BidirectionalMerge, bool>();
        foreach (var kind in new[] { "rnn", "lstm", "gru" })
            foreach (var merge in Enum.GetValues<BidirectionalMerge>())
                foreach (var sequences in new[] { true, false })
                    cases.Add(kind, merge, sequences);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Merges))]
    public void Forward_EachMerge_JoinsTheTwoDirections(string kind, BidirectionalMerge merge, bool sequences)
    {
        var (apart, layer) = (Make(kind, BidirectionalMerge.Concat, sequences), Make(kind, merge, sequences));
        var x = GradientCheck.Draw(1, 2, 5, 4);
        var (both, _) = apart.Forward(x);

        var (y, state) = layer.Forward(x);

        var (f, b) = (Ops.Slice(both, 0, 3).ToArray(), Ops.Slice(both, 3, 3).ToArray());
        float[] expected = merge switch
        {
            BidirectionalMerge.Sum => [.. f.Zip(b, Sum)],
            BidirectionalMerge.Multiply => [.. f.Zip(b, Multiply)],
            BidirectionalMerge.Average => [.. f.Zip(b, Average)],
            _ => both.ToArray(),
        };
        Assert.Equal(expected, y.ToArray());
        Assert.Equal(y.Shape, layer.OutputShape(x.Shape));
        Assert.Equal(y.Shape.Last, layer.OutputSize);
        Assert.Equal(merge == BidirectionalMerge.None, y.Shape.Rank == (sequences ? 4 : 3));
        Assert.Equal(2, state.Hidden.Count);
    }

    [Theory]
    [InlineData(BidirectionalMerge.Sum)]
    [InlineData(BidirectionalMerge.Multiply)]
    [InlineData(BidirectionalMerge.Average)]
    [InlineData(BidirectionalMerge.None)]
    public void Backward_TwoLayersMerged_MatchesFiniteDifferences(BidirectionalMerge merge)
    {
        var layer = new Gru(2, 3, layers: 2, bidirectional: true, merge: merge);
        var x = GradientCheck.Draw(1, 2, 3, 2);
        Assert.Equal(new Shape(9, 3), layer.WeightIh(1).Shape);
        GradientCheck.Of(() => layer.Forward(x).Output, [x, layer.WeightIh(0), layer.WeightHh(0, reverse: true), layer.WeightIh(1, reverse: true), layer.BiasHh(1)]);
    }

    [Fact]
    public void Forward_NoneStacked_KeepsTheDirectionsApart()
    {
        var layer = new Lstm(4, 3, layers: 2, bidirectional: true, merge: BidirectionalMerge.None);
        var (forward, x) = (new Lstm(4, 3, layers: 2), GradientCheck.Draw(1, 2, 5, 4));
        foreach (var (name, tensor) in forward.Parameters)
            tensor.CopyFrom(layer.Parameters.Single(p => p.Name == name).Tensor);
        var (y, _) = layer.Forward(x);
        Assert.Equal(forward.Forward(x).Output.ToArray(), Ops.Split(y.Reshape(2, 5, 6), 2)[0].ToArray());
    }

    [Fact]
    public void Model_LinearBehindNone_MapsEachDirection()
    {
        var model = new Model(1, new SimpleRnn(4, 3, bidirectional: true, merge: BidirectionalMerge.None), new Linear(3, 2));
        Assert.Equal(new Shape(2, 5, 2, 2), model.Predict(GradientCheck.Draw(1, 2, 5, 4)).Shape);
        Assert.Equal(["[batch, time, 2, 3]", "[batch, time, 2, 2]"], model.Summary().Layers.Select(layer => layer.Output));
        Assert.Equal("SimpleRnn(inputSize: 4, hiddenSize: 3, bidirectional: true, merge: None)", model.Layers[0].ToString());
    }

    [Fact]
    public void Constructor_MergeOfOneDirection_Throws() =>
        Assert.StartsWith("Gru: merge must be Concat, the default, where there is one direction, but got Sum. Make the layer with bidirectional: true.",
            Assert.Throws<ArgumentException>(() => new Gru(2, 3, merge: BidirectionalMerge.Sum)).Message, StringComparison.Ordinal);

    private static RecurrentLayer Make(string kind, BidirectionalMerge merge, bool sequences) => kind switch
    {
        "lstm" => new Lstm(4, 3, 1, true, sequences, merge),
        "gru" => new Gru(4, 3, 1, true, true, sequences, merge),
        _ => new SimpleRnn(4, 3, bidirectional: true, returnSequences: sequences, merge: merge),
    };
}
