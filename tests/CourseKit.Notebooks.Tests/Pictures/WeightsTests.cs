using CourseKit.Layers;
using CourseKit.Training;
using MathNet.Numerics.Statistics;

namespace CourseKit.Notebooks.Tests.Pictures;

public class WeightsTests
{
    [Fact]
    public void Histograms_OfAModel_CountEveryNumber()
    {
        var model = new Model(1, new Embedding(20, 6), new Lstm(6, 9, layers: 2, bidirectional: true), new Linear(18, 20));
        var drawing = (WeightsDrawing)Picture.Weights(model);
        Assert.Equal(model.Parameters.Select(parameter => parameter.Name), drawing.Histograms.Select(pair => pair.Name));
        Assert.Equal(model.ParameterCount, drawing.Histograms.Sum(pair => pair.Histogram.Counts.Sum()));
        foreach (var ((_, histogram), (_, tensor)) in drawing.Histograms.Zip(model.Parameters))
        {
            var numbers = tensor.ToArray().Select(number => (double)number).ToArray();
            Assert.Equal(tensor.Length, histogram.Counts.Sum());
            Assert.Equal(numbers.Mean(), histogram.Mean, 9);
            Assert.Equal(numbers.PopulationStandardDeviation(), histogram.Deviation, 9);
            Assert.Equal(numbers.Max(Math.Abs), histogram.Reach, 12);
        }

        var fragment = new Fragment(drawing);
        fragment.AssertInsideViewBox();
        Assert.Equal(model.Parameters.Count, fragment.Pictures.Length);
        Assert.Equal(model.Parameters.Count, fragment.Hover.GetProperty("panels").GetArrayLength());
        Assert.Equal("Under each name stand its shape and mean ± standard deviation.", Assert.Single(fragment.Notes));
        Assert.Equal(drawing.ToHtml(), Picture.Weights(model).ToHtml());
    }

    [Fact]
    public void Histogram_Intervals_AreEqualFromMinusToPlusReach()
    {
        var histogram = Histogram.Of([-5f, -5, -0.9f, 0.9f, 1.1f, 3, 5], 5);
        Assert.Equal([2, 0, 2, 1, 2], histogram.Counts);
        Assert.Equal((5, 0), (histogram.Reach, histogram.NotFinite));
        histogram = Histogram.Of([float.NaN, float.PositiveInfinity, 2, 2], 3);
        Assert.Equal([0, 0, 2], histogram.Counts);
        Assert.Equal((2, 0, 2), (histogram.Mean, histogram.Deviation, histogram.NotFinite));
        histogram = Histogram.Of([0f, 0], 3);
        Assert.Equal([0, 2, 0], histogram.Counts);
        Assert.True(double.IsNaN(Histogram.Of([float.NaN], 3).Mean));
    }

    [Fact]
    public void Weights_AllTheSameLargeOrNotFinite_IsSaid()
    {
        var model = Model.Of(new SimpleRnn(2, 3), new Linear(3, 2));
        model.Parameters[0].Tensor.CopyFrom([9, -9, 1, 2, 3, 4]);
        model.Parameters[1].Tensor.CopyFrom(new float[9]);
        model.Parameters[2].Tensor.CopyFrom(new float[3]);
        model.Parameters[4].Tensor.CopyFrom([float.NaN, 8, 1, 1, 1, 1]);
        model.Parameters[5].Tensor.RequiresGradient = false;
        var fragment = new Fragment(Picture.Weights(model));
        Assert.Equal(
            ["Under each name stand its shape and mean ± standard deviation.",
            "linear.weight: 1 of 6 numbers not finite, left out.",
            "simplernn.weight_hh_l0: all numbers are the same, so its neurons have nothing to tell them apart.",
            "Beyond the dashed lines at -4 and 4 a single input of 1 saturates tanh and sigmoid: little gradient passes there."], fragment.Notes);
        // Only weights that go into tanh and sigmoid are marked; ±4 of ±9 lie at 5/18 and 13/18.
        Assert.Equal(["55.6", "144.4"], fragment.WithClass("ck-base").Select(line => line.Attribute("x1")!.Value));
        Assert.Contains("[2], frozen", fragment.Root.Value, StringComparison.Ordinal);
        Assert.Contains("simplernn.weight_hh_l0 [3, 3] all 0;", Picture.Weights(model).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_ManyParameters_ShowsTheFirstAndSaysSo()
    {
        var fragment = new Fragment(Picture.Weights(new Model(1, new Gru(2, 2, layers: 10))));
        Assert.Equal(36, fragment.Pictures.Length);
        Assert.Contains("The first 36 of 40 parameters are shown.", fragment.Notes);
    }
}
