using CourseKit.Autograd;
using CourseKit.Layers;
using CourseKit.Tensors;

namespace CourseKit.Tests.Layers;

/// <summary>A layer that a learner writes, from the library's public parts alone.</summary>
public class OwnLayerTests
{
    [Fact]
    public void Forward_OwnLayer_LearnsItsParameters()
    {
        var layer = new Gain(3);
        layer.Initialize(new RandomSource(1));
        var start = layer.Parameters.Single().Tensor.ToArray();
        Tape.Step(() => layer.Forward(Tensor.From([2f, 3f, 4f])).Sum().Backward());
        Assert.All(start, value => Assert.InRange(value, -0.5f, 0.5f));
        Assert.Equal(3, start.Distinct().Count());
        Assert.Equal([2f, 3f, 4f], layer.Parameters.Single().Tensor.Gradient!.ToArray());
        Assert.Equal("gain", layer.Name);
    }

    private sealed class Gain : FeedForwardLayer
    {
        private readonly Tensor _gain;

        public Gain(int size) => _gain = AddParameter("gain", size);

        public override void Initialize(RandomSource random) => DrawUniform(random, 0.5f);

        public override Shape OutputShape(Shape inputShape) => inputShape;

        public override Tensor Forward(Tensor x) => x * _gain;

        public override string ToString() => $"Gain({_gain.Length})";
    }
}
