using CourseKit.Autograd;
using CourseKit.Tensors;

namespace CourseKit.Tests.Autograd;

/// <summary>The operations that attention is made of: gradients against finite differences in float64 and float32, and what they say about wrong input.</summary>
public class AttentionGradientTests
{
    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(2, 5, 3, 4)]
    [InlineData(3, 1, 17, 2)]
    public void BatchMatMul_Gradient_IsTheDifference(int batch, int m, int n, int k)
    {
        var (a, b, c) = (GradientCheck.Draw(1, batch, m, k), GradientCheck.Draw(2, batch, k, n), GradientCheck.Draw(3, batch, n, k));
        Check(() => Ops.BatchMatMul(a, b), a, b);
        Check(() => Ops.BatchMatMul(a, c, transposeB: true), a, c);
    }

    [Fact]
    public void MaskedSoftmax_Gradient_IsTheDifference()
    {
        var x = GradientCheck.Draw(4, 2, 3, 5);
        Check(() => Ops.MaskedSoftmax(x, Tensor.From([1f, 1, 0, 1, 0, 0, 1, 1, 1, 1], 2, 5)), x);
        Check(() => Ops.MaskedSoftmax(x, null), x);
        Tape.Step(() => (Ops.MaskedSoftmax(x, Tensor.From([1f, 1, 0, 1, 0, 0, 1, 1, 1, 1], 2, 5)) * x).Sum().Backward());
        Assert.Equal(0, x.Gradient![0, 1, 2]);
    }

    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(2, 3, 4, 5)]
    [InlineData(1, 2, 2, 17)]
    public void AdditiveScores_Gradient_IsTheDifference(int batch, int queries, int steps, int size)
    {
        var (query, keys, v) = (GradientCheck.Draw(5, batch, queries, size), GradientCheck.Draw(6, batch, steps, size), GradientCheck.Draw(7, size));
        Check(() => Ops.AdditiveScores(query, keys, v), query, keys, v);
    }

    [Fact]
    public void BatchMatMul_WrongShapes_ThrowsNamingThem()
    {
        Assert.Equal("BatchMatMul: a must be [batch, m, k], but got [2, 3].", Shape(() => Ops.BatchMatMul(Tensor.Zeros(2, 3), Tensor.Zeros(2, 3, 4))));
        Assert.Equal("BatchMatMul: b must be [batch, n, k], but got [3].", Shape(() => Ops.BatchMatMul(Tensor.Zeros(2, 3, 4), Tensor.Zeros(3), transposeB: true)));
        Assert.Equal("BatchMatMul: b must be [2, 4, 5], but got [2, 3, 5]. It is [batch, k, n], and a is [2, 3, 4].",
            Shape(() => Ops.BatchMatMul(Tensor.Zeros(2, 3, 4), Tensor.Zeros(2, 3, 5))));
        Assert.Equal("BatchMatMul: b must be [2, 5, 4], but got [3, 5, 4]. It is [batch, n, k], and a is [2, 3, 4].",
            Shape(() => Ops.BatchMatMul(Tensor.Zeros(2, 3, 4), Tensor.Zeros(3, 5, 4), transposeB: true)));
    }

    [Fact]
    public void MaskedSoftmax_WrongInput_ThrowsNamingIt()
    {
        Assert.Equal("MaskedSoftmax: x must be [batch, time, sourceSteps] with at least one source step, but got [2, 3].", Shape(() => Ops.MaskedSoftmax(Tensor.Zeros(2, 3), null)));
        Assert.Equal("MaskedSoftmax: x must be [batch, time, sourceSteps] with at least one source step, but got [2, 3, 0].", Shape(() => Ops.MaskedSoftmax(Tensor.Zeros(2, 3, 0), null)));
        Assert.Equal("MaskedSoftmax: mask must be [2, 4], but got [2, 3]. It is [batch, sourceSteps], 1 where a source step counts and 0 where it is padding.",
            Shape(() => Ops.MaskedSoftmax(Tensor.Zeros(2, 3, 4), Tensor.Zeros(2, 3))));
        Assert.Equal(
            "MaskedSoftmax: every row of mask must have a 1, but mask[1] is all 0, so that there is nothing to attend to. Leave out row 1 of the batch, or unmask one of its steps.",
            Assert.Throws<ArgumentException>(() => Ops.MaskedSoftmax(Tensor.Zeros(2, 3, 2), Tensor.From([1f, 0, 0, 0], 2, 2))).Message);
    }

    [Fact]
    public void AdditiveScores_WrongShapes_ThrowsNamingThem()
    {
        Assert.Equal("AdditiveScores: query must be [batch, time, size], but got [2, 4].", Shape(() => Ops.AdditiveScores(Tensor.Zeros(2, 4), Tensor.Zeros(2, 3, 4), Tensor.Zeros(4))));
        Assert.Equal("AdditiveScores: keys must be [2, 3, 4], but got [2, 3, 5]. It is [batch, sourceSteps, size], and query is [2, 1, 4].",
            Shape(() => Ops.AdditiveScores(Tensor.Zeros(2, 1, 4), Tensor.Zeros(2, 3, 5), Tensor.Zeros(4))));
        Assert.Equal("AdditiveScores: v must be [4], but got [5]. Its length must equal the last dimension of query.",
            Shape(() => Ops.AdditiveScores(Tensor.Zeros(2, 1, 4), Tensor.Zeros(2, 3, 4), Tensor.Zeros(5))));
    }

    private static void Check(Func<Tensor> operation, params Tensor[] inputs)
    {
        var result = CourseKit.Inspection.GradientCheck.Of(operation, inputs);
        Assert.True(result.Passed, result.ToString());
        GradientCheck.Of(operation, inputs);
    }

    private static string Shape(Func<object> wrong) => Assert.Throws<ShapeException>(wrong).Message;
}
