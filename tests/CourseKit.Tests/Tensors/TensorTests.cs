using CourseKit.Autograd;
using CourseKit.Backends.Cpu;
using CourseKit.Tensors;
using FsCheck;
using FsCheck.Fluent;

namespace CourseKit.Tests.Tensors;

public class TensorTests
{
    [Fact]
    public void From_AnyNumbers_GivesThemBack() =>
        Prop.ForAll(ArbMap.Default.ArbFor<float[]>(), values =>
        {
            var tensor = Tensor.From(values);
            Assert.Equal(values, tensor.ToArray());
            Assert.Equal(new Shape(values.Length), tensor.Shape);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Index_RowMajor_TakesTheNumberThere()
    {
        var tensor = Tensor.From([0f, 1, 2, 3, 4, 5], 1, 3, 2);
        Assert.Equal(3, tensor[0, 1, 1]);
        tensor[0, 2, 0] = 40;
        Assert.Equal([0f, 1, 2, 3, 40, 5], tensor.ToArray());
    }

    [Fact]
    public void From_Arrays_KeepTheirShapes()
    {
        Assert.Equal(new Shape(2, 3), Tensor.From(new float[2, 3]).Shape);
        Assert.Equal(new Shape(2, 3, 4), Tensor.From(new float[2, 3, 4]).Shape);
        Assert.Equal(6, Tensor.From(new[,] { { 1.0, 2.0, 3.0 }, { 4.0, 5.0, 6.0 } })[1, 2]);
        Assert.Equal(4, Tensor.From(new[, ,] { { { 1.0, 2.0 }, { 3.0, 4.0 } } })[0, 1, 1]);
        Assert.Equal(0.1f, Tensor.From([0.1, 0.2])[0]);
        Assert.Equal(5, Tensor.From(new[, ,] { { { 4f, 5f } } })[0, 0, 1]);
    }

    [Fact]
    public void Zeros_MemoryUsedBefore_IsZero()
    {
        Tape.Step(() => Tensor.From(Enumerable.Repeat(7f, 100).ToArray()) * 2f);
        Assert.Equal(new float[100], Tensor.Zeros(100).ToArray());
        Assert.Equal(0, Tensor.Zeros().Item());
        Assert.Empty(Tensor.Zeros(0, 4).ToArray());
    }

    [Fact]
    public void From_WrongCount_ThrowsNamingBoth() =>
        Assert.Equal("Tensor.From: a tensor of [2, 3] holds 6 numbers, but got 5.", Assert.Throws<ShapeException>(() => Tensor.From(new float[5], 2, 3)).Message);

    [Fact]
    public void Index_Outside_ThrowsNamingTheDimension() =>
        Assert.Equal("Index [1, 3] is outside [2, 3]: dimension 1 runs from 0 to 2.",
            Assert.Throws<ArgumentOutOfRangeException>(() => Tensor.Zeros(2, 3)[1, 3]).Message);

    [Fact]
    public void Index_WrongCount_Throws() =>
        Assert.Equal("Index: a tensor of [2, 3] takes 2 indices, but got 1.", Assert.Throws<ShapeException>(() => Tensor.Zeros(2, 3)[1]).Message);

    [Fact]
    public void Item_SeveralNumbers_Throws() =>
        Assert.Equal("Item: the tensor must hold one number, but has shape [2]. Index it, or call Mean() first.",
            Assert.Throws<ShapeException>(() => Tensor.Zeros(2).Item()).Message);

    [Fact]
    public void CopyTo_SpanTooShort_Throws() =>
        Assert.StartsWith("CopyTo: [3] holds 3 numbers, but the span takes 2.", Assert.Throws<ArgumentException>(() => Tensor.Zeros(3).CopyTo(new float[2])).Message);

    [Fact]
    public void CopyTo_LongerSpan_WritesTheFront()
    {
        var to = new float[] { 9, 9, 9 };
        Tensor.From([1f, 2f]).CopyTo(to);
        Assert.Equal([1f, 2f, 9f], to);
    }

    [Fact]
    public void CopyFrom_OtherShape_Throws()
    {
        Assert.Equal("CopyFrom: both tensors must have the same shape, but got [2, 3] and [3, 2].",
            Assert.Throws<ShapeException>(() => Tensor.Zeros(2, 3).CopyFrom(Tensor.Zeros(3, 2))).Message);
        Assert.Equal("CopyFrom: a tensor of [2] holds 2 numbers, but got 3.", Assert.Throws<ShapeException>(() => Tensor.Zeros(2).CopyFrom(new float[3])).Message);
    }

    [Fact]
    public void Change_ResultOfAnOperation_Throws()
    {
        var result = Tensor.Zeros(2) * 2f;
        result.Name = "y";
        Assert.Equal("Tensor y [2]: cannot overwrite it, because an operation made it. Call Detach() and change the copy.",
            Assert.Throws<InvalidOperationException>(() => result.CopyFrom(new float[2])).Message);
        Assert.Equal("Tensor y [2]: cannot set a number, because an operation made it. Call Detach() and change the copy.",
            Assert.Throws<InvalidOperationException>(() => result[0] = 1).Message);
    }

    [Fact]
    public void Detach_OriginalChanged_StaysAsItWas()
    {
        var original = Tensor.From([1f, 2f]);
        original.RequiresGradient = true;
        var copy = original.Detach();
        original[0] = 9;
        Assert.Equal([1f, 2f], copy.ToArray());
        Assert.False(copy.RequiresGradient);
    }

    [Fact]
    public void Reshape_Result_ShowsTheSameMemory()
    {
        var x = Tensor.From([1f, 2, 3, 4, 5, 6], 2, 3);
        var view = x.Reshape(3, 2);
        x[1, 0] = 40;
        Assert.Equal(40, view[1, 1]);
    }

    [Fact]
    public void IntTensor_FromMatrix_IsRowMajor()
    {
        var ids = IntTensor.From(new[,] { { 1, 2, 3 }, { 4, 5, 6 } });
        Assert.Equal(new Shape(2, 3), ids.Shape);
        Assert.Equal(4, ids[1, 0]);
        Assert.Equal([1, 2, 3, 4, 5, 6], ids.ToArray());
        Assert.Equal("IntTensor [2, 3]", ids.ToString());
    }

    [Fact]
    public void IntTensor_SourceChangedAfterwards_StaysAsItWas()
    {
        var source = new[] { 1, 2 };
        var ids = IntTensor.From(source);
        source[0] = 9;
        Assert.Equal(1, ids[0]);
    }

    [Fact]
    public void IntTensor_WrongCount_Throws() =>
        Assert.Equal("IntTensor.From: a tensor of [2, 3] holds 6 numbers, but got 5.", Assert.Throws<ShapeException>(() => IntTensor.From(new int[5], 2, 3)).Message);

    [Fact]
    public void MakeOn_AnotherBackend_MakesTensorsThereAndThenHereAgain()
    {
        var other = new CpuBackend(1);
        var made = Tensor.MakeOn(other, () => Tensor.From([1f, 2f]));
        Assert.Same(other, made.Backend);
        Assert.Same(CpuBackend.Default, Tensor.Zeros(2).Backend);
        void Fail() => Tensor.MakeOn<int>(other, () => throw new InvalidOperationException());
        Assert.Throws<InvalidOperationException>(Fail);
        Assert.Same(CpuBackend.Default, Tensor.Zeros(2).Backend);
    }

    [Fact]
    public void MoveTo_AnotherBackend_KeepsTheNumbersAndForgetsTheGradient()
    {
        var x = Tensor.From([1f, 2f]);
        x.RequiresGradient = true;
        Tape.Step(() => x.Sum().Backward());
        var other = new CpuBackend(1);
        x.MoveTo(other);
        Assert.Same(other, x.Backend);
        Assert.Equal([1f, 2f], x.ToArray());
        Assert.Null(x.Gradient);
        Tape.Step(() => x.Sum().Backward());
        Assert.Same(other, x.Gradient!.Backend);
        void Move() => Ops.Scale(x, 2).MoveTo(other);
        Assert.Equal("Tensor [2]: cannot move it, because an operation made it. Call Detach() and change the copy.", Assert.Throws<InvalidOperationException>(Move).Message);
    }
}
