using CourseKit.Autograd;
using CourseKit.Data;
using CourseKit.Layers;
using CourseKit.SequenceToSequence;
using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.Notebooks.Tests.Pictures;

/// <summary>Heat maps of gradients through time and of attention.</summary>
public class LearningPictureTests
{
    [Fact]
    public void GradientFlow_OfALog_HasItsNormsByTimeAndStep()
    {
        var log = new GradientFlowLog(every: 2);
        Train(log, [4, 3]);
        var chart = Picture.GradientFlow(log);
        Assert.Equal((4, 2), (chart.Rows, chart.Columns));
        Assert.Equal(["1", "3"], chart.ColumnLabels);
        for (var column = 0; column < 2; column++)
            for (var t = 0; t < 4; t++)
                Assert.Equal(t < log.Points[column].Norms.Count ? log.Points[column].Norms[t] : double.NaN, chart.Values[t, column]);
        Assert.True(chart.Scale().Log);
        var fragment = new Fragment(chart);
        fragment.AssertInsideViewBox();
        Assert.Equal("1 of 8 values not finite, or not positive for logarithmic colours, left blank.", Assert.Single(fragment.Notes));
        Assert.StartsWith("Heatmap \"How far the gradient flows back\": 4 rows (time step), 2 columns (training step), values ", chart.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void GradientFlow_VanishingToNothing_KeepsEightPowersOfTen()
    {
        // ∂L/∂h_t falls by a factor of 1000 at each step back.
        var log = new GradientFlowLog();
        Train(log, [6], recurrent: 0.001f);
        var chart = Picture.GradientFlow(log);
        Assert.Equal(chart.Values[5, 0] * 1e-3, chart.Values[4, 0], 1e-9);
        Assert.Equal(1e8, chart.Scale().Max / chart.Scale().Min, 1);
        Assert.StartsWith("3 of 6 values outside ", Assert.Single(new Fragment(chart).Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void GradientFlow_EmptyLog_SaysTheMend() =>
        Assert.StartsWith("Picture.GradientFlow: the log must have at least one step, but has none. Put it into FitOptions.Callbacks and train first.",
            Assert.Throws<ArgumentException>(() => Picture.GradientFlow(new GradientFlowLog())).Message, StringComparison.Ordinal);

    [Fact]
    public void Attention_OfAPair_HasTheWeightsOfAlign()
    {
        var model = Make(new DotAttention(6));
        int[] source = [3, 4, 5], target = [5, 4];
        var chart = Picture.Attention(model, source, target, token => $"s{token}", token => $"t{token}");
        Assert.Equal(["s3", "s4", "s5"], chart.ColumnLabels);
        Assert.Equal(["t5", "t4", "(end)"], chart.RowLabels);
        var weights = model.Align(source, target);
        for (var row = 0; row < 3; row++)
        {
            for (var column = 0; column < 3; column++)
                Assert.Equal(weights[row, column], chart.Values[row, column]);
            Assert.Equal(1, Enumerable.Range(0, 3).Sum(column => chart.Values[row, column]), 1e-6);
        }

        Assert.Equal(ColorScale.Shares, chart.Scale());
        new Fragment(chart).AssertInsideViewBox();
    }

    [Fact]
    public void Attention_WithoutATarget_IsThatOfWhatTheModelWrites()
    {
        var model = Make(new DotAttention(6));
        int[] source = [3, 4, 5];
        var written = model.Decode(source).Greedy()[0].Tokens;
        Assert.Equal([.. written.Select(token => $"{token}"), "(end)"], Picture.Attention(model, source).RowLabels);
        Assert.Equal(Picture.Attention(model, source, written).ToHtml(), Picture.Attention(model, source).ToHtml());
    }

    [Fact]
    public void Attention_WrongUse_SaysWhichAndTheMend()
    {
        Assert.EndsWith("there are no weights to show, for the model has no attention. Make it with one.",
            Assert.Throws<InvalidOperationException>(() => Picture.Attention(Make(null), [3], [3])).Message, StringComparison.Ordinal);
        Assert.Throws<DataException>(() => Picture.Attention(Make(new DotAttention(6)), [], [3]));
        Assert.Equal("Picture.Attention: weights must be [targetSteps, sourceSteps], but got [2, 3, 4]. Take one example of the batch, or Reshape it first.",
            Assert.Throws<ShapeException>(() => Picture.Attention(Tensor.Zeros(2, 3, 4), ["a"], ["b"])).Message);
        Assert.Equal("Picture.Attention: there must be one label for every step, 3 of the target and 4 of the source, but got 1 and 2.",
            Assert.Throws<ArgumentException>(() => Picture.Attention(Tensor.Zeros(1, 3, 4), ["a", "c"], ["b"])).Message);
    }

    private static EncoderDecoder Make(Attention? attention) => new(1, new Embedding(9, 4), new Gru(4, 6), new Embedding(9, 4), new Gru(4, 6), attention);

    // One relu neuron with an input of 1 at the first time step of each sequence, and the loss on its last state: steps 1 and 3 have the given lengths.
    private static void Train(GradientFlowLog log, int[] lengths, float recurrent = 0.5f)
    {
        var rnn = new SimpleRnn(1, 1, activation: Backends.Activation.Relu);
        rnn.WeightIh().CopyFrom([1]);
        rnn.WeightHh().CopyFrom([recurrent]);
        rnn.BiasIh().CopyFrom([0.1f]);
        rnn.BiasHh().CopyFrom([0.1f]);
        var data = lengths.SelectMany(length => Enumerable.Repeat(new Batch(Tensor.From([.. Enumerable.Repeat(1f, length)], 1, length, 1), Tensor.Zeros(1, length, 1)), 2));
        Model.Of(rnn).Fit([.. data], new()
        {
            Optimizer = new CourseKit.Optimizers.Sgd(1e-30),
            Steps = 2 * lengths.Length - 1,
            LossFunction = (output, batch) => Ops.SelectStep(output, batch.Features!.Shape[1] - 1).Sum(),
            Callbacks = [log],
            Progress = null,
        });
    }
}
