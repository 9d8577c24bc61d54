using CourseKit.Autograd;
using CourseKit.Layers;
using CourseKit.Tensors;
using CourseKit.Tests.Autograd;
using CourseKit.Tests.Fixtures;
using CourseKit.Tests.Tensors;
using CourseKit.Training;

namespace CourseKit.Tests.Layers;

public class LayerNormTests
{
    [Fact]
    public void ForwardAndBackward_AgainstPyTorch_Agree()
    {
        var fixture = Fixture.Load("layers");
        var x = fixture.Tensor("layer_norm", "x").ToTensor(requiresGradient: true);
        var layer = new LayerNorm(x.Shape.Last, (float)fixture.Number("layer_norm", "eps"));
        layer.Weight.CopyFrom(fixture.Tensor("layer_norm", "weight").Floats);
        layer.Bias.CopyFrom(fixture.Tensor("layer_norm", "bias").Floats);

        Tape.Step(() =>
        {
            var y = layer.Forward(x);
            Close.To(fixture.Tensor("layer_norm", "y"), y, "y");
            (y * fixture.Tensor("layer_norm", "loss_weight").ToTensor()).Sum().Backward();
        });

        Close.To(fixture.Tensor("layer_norm", "grad_x"), x.Gradient, "grad_x");
        Close.To(fixture.Tensor("layer_norm", "grad_weight"), layer.Weight.Gradient, "grad_weight");
        Close.To(fixture.Tensor("layer_norm", "grad_bias"), layer.Bias.Gradient, "grad_bias");
    }

    [Fact]
    public void Backward_WithAndWithoutGain_MatchesFiniteDifferences()
    {
        var (x, gain, bias) = (GradientCheck.Draw(1, 2, 3, 5), GradientCheck.Draw(2, 5), GradientCheck.Draw(3, 5));
        GradientCheck.Of(() => Ops.LayerNorm(x, gain, bias, 0.1f), x, gain, bias);
        GradientCheck.Of(() => Ops.LayerNorm(x, epsilon: 0.1f), x);
        GradientCheck.Of(() => Ops.LayerNorm(x, bias: bias, epsilon: 0.1f), bias);
    }

    [Fact]
    public void Forward_RowAllAlike_IsTheBias()
    {
        var layer = new LayerNorm(3);
        layer.Bias.CopyFrom([1, 2, 3]);
        Assert.Equal([1f, 2, 3], layer.Forward(Tensor.From([7f, 7, 7], 1, 3)).ToArray());
    }

    [Fact]
    public void Backward_AnyThreads_GivesTheSameBits()
    {
        float[] Numbers(int threads) => Tensor.MakeOn(new CourseKit.Backends.Cpu.CpuBackend(threads), () =>
        {
            var (x, layer) = (GradientCheck.Draw(1, 300, 257), new LayerNorm(257));
            Tape.Step(() => (layer.Forward(x) * GradientCheck.Draw(2, 300, 257)).Sum().Backward());
            return (float[])[.. x.Gradient!.ToArray(), .. layer.Weight.Gradient!.ToArray(), .. layer.Bias.Gradient!.ToArray()];
        });
        Assert.Equal(Numbers(1), Numbers(3));
    }

    [Fact]
    public void Model_WithLayerNorm_IsSummarised()
    {
        var layer = new Model(3, new LayerNorm(4)).Summary().Layers[0];
        Assert.Equal(("layernorm", "LayerNorm(size: 4)", "[batch, 4]", 8L), (layer.Name, layer.Layer, layer.Output, layer.ParameterCount));
        Assert.Equal("LayerNorm(size: 4, epsilon: 0.001)", new LayerNorm(4, 1e-3f).ToString());
    }

    [Fact]
    public void Forward_Wrong_ThrowsNamingTheLayer()
    {
        Assert.Equal("LayerNorm(size: 4): x must be [..., 4], but got [2, 3]. The last dimension must equal size.",
            Assert.Throws<ShapeException>(() => new LayerNorm(4).Forward(Tensor.Zeros(2, 3))).Message);
        Assert.Equal("LayerNorm: gain must be [3], but got [2]. Its length must equal the last dimension of x.",
            Assert.Throws<ShapeException>(() => Ops.LayerNorm(Tensor.Zeros(2, 3), Tensor.Zeros(2))).Message);
        Assert.Equal("LayerNorm: x must be [..., size] with a size of at least 1, but got [].", Assert.Throws<ShapeException>(() => Ops.LayerNorm(Tensor.Zeros())).Message);
        Assert.Equal("LayerNorm: epsilon must be above 0, but got 0.", Assert.Throws<ArgumentOutOfRangeException>(() => new LayerNorm(4, 0)).Message);
        Assert.Equal("LayerNorm: size must be at least 1, but got 0.", Assert.Throws<ArgumentOutOfRangeException>(() => new LayerNorm(0)).Message);
    }
}
