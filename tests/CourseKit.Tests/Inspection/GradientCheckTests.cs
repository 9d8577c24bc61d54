using CourseKit.Autograd;
using CourseKit.Inspection;
using CourseKit.Layers;
using CourseKit.Tensors;
using CourseKit.Textbook;
using CourseKit.Training;
using CpuBackend = CourseKit.Backends.Cpu.CpuBackend;

namespace CourseKit.Tests.Inspection;

/// <summary>The check itself: what it finds right, what wrong and in which words, and that it leaves no trace.</summary>
public class GradientCheckTests
{
    [Theory]
    [InlineData(1.0, "")]
    [InlineData(-1.0, ": the sign is reversed")]
    [InlineData(2.0, ": it is 2 times too large everywhere: look for a missing or doubled factor, or a mean in place of a sum")]
    public void Of_FunctionPair_RecognisesSignAndFactor(double factor, string hint)
    {
        double[] x = [0.3, -0.7, 0.5];
        var result = GradientCheck.Of(v => [.. v.Select(Math.Tanh)], (v, d) => [.. v.Zip(d, (a, dy) => factor * dy * (1 - (Math.Tanh(a) * Math.Tanh(a))))], x);
        Assert.Equal(factor == 1, result.Passed);
        if (factor == 1)
            Assert.InRange(result.Throw().LargestRelativeDifference, 0, 1e-9);
        else
            Assert.EndsWith(hint, Assert.Throws<GradientCheckException>(result.Throw).Message);
        Assert.Equal([0.3, -0.7, 0.5], x);
    }

    [Fact]
    public void ToString_SignReversed_SaysWhereAndBoth()
    {
        var result = GradientCheck.Of(v => [v[0] * v[0]], (v, d) => [-2 * v[0] * d[0]], [0.25]);
        var row = result.Worst;
        Assert.Equal(("x", "[0]"), (row.Name, row.Index));
        Assert.Equal(2, result.LargestRelativeDifference, 1e-9);
        Assert.Equal(FormattableString.Invariant($"GradientCheck: the gradient of 1 of 1 tensor is wrong.\n  x[0]: the finite difference is {row.Difference:G6}, Backward gave {row.Gradient:G6}: the sign is reversed"), result.ToString());
    }

    [Fact]
    public void Of_BackwardOfAnotherLength_SaysSo() => Assert.Equal(
        "GradientCheck: backward must give one number for each of the 2 of x, but gave 1. (Parameter 'backward')",
        Assert.Throws<ArgumentException>(() => GradientCheck.Of(v => v, (_, d) => [d[0]], [1, 2])).Message);

    [Fact]
    public void Of_CapturedTargetsAndMask_AreInFloat64Meanwhile()
    {
        var x = GradientCheckCase.Draw(2, 3);
        var targets = Tensor.From([0.5f, 1, 0, 0, 1, 0.25f], 2, 3);
        var options = new { Inner = new Tensor[] { targets } };
        var result = GradientCheck.Of(() => Ops.MeanSquaredError(x, options.Inner[0]), x);
        Assert.True(result.Passed, result.ToString());
        Assert.IsType<CpuBackend>(targets.Backend);
        Assert.IsType<CpuBackend>(x.Backend);
    }

    [Fact]
    public void Of_StaticTensor_SaysHowToNameIt()
    {
        var x = GradientCheckCase.Draw(GradientCheckCase.Static.Shape.Sizes.ToArray());
        var error = Assert.Throws<ArgumentException>(() => GradientCheck.Of(() => Ops.Multiply(x, GradientCheckCase.Static), x));
        Assert.Equal("GradientCheck: the computation reads a tensor that it does not refer to itself. Put it into a local variable that the computation uses, or make it inside.", error.Message);
    }

    [Fact]
    public void Of_NoInputs_SaysSo() => Assert.Equal(
        "GradientCheck: there must be at least one input to check, but got none.",
        Assert.Throws<ArgumentException>(() => GradientCheck.Of(() => Tensor.Zeros(2))).Message);

    [Fact]
    public void Of_Tensors_AreAsBeforeAfterwards()
    {
        var x = GradientCheckCase.Draw(2, 3);
        x.RequiresGradient = true;
        Tape.Step(() => Ops.Sum(x * x).Backward());
        var (values, gradient) = (x.ToArray(), x.Gradient!.ToArray());
        var constant = GradientCheckCase.Draw(2, 3);

        Assert.True(GradientCheck.Of(() => x * constant, x, constant).Passed);
        Assert.Equal(values, x.ToArray());
        Assert.Equal(gradient, x.Gradient!.ToArray());
        Assert.True(x.RequiresGradient);
        Assert.False(constant.RequiresGradient);
        Assert.Null(constant.Gradient);
    }

    [Fact]
    public void Of_ComputationThatThrows_PutsTensorsBack()
    {
        var x = GradientCheckCase.Draw(2, 3);
        Assert.Throws<ShapeException>(() => GradientCheck.Of(() => Ops.MatMul(x, x), x));
        Assert.IsType<CpuBackend>(x.Backend);
    }

    [Fact]
    public void Of_Layers_AreRight()
    {
        Assert.True(GradientCheck.Of(new Linear(3, 4), GradientCheckCase.Draw(2, 3)).Passed);
        Assert.True(GradientCheck.Of(new Embedding(5, 3), IntTensor.From([1, 4, 1], 1, 3)).Passed);
        Assert.True(GradientCheck.Of(new Dropout(0.5f), GradientCheckCase.Draw(4, 6)).Passed);
        foreach (SequenceLayer layer in new SequenceLayer[] { new SimpleRnn(3, 4), new Lstm(3, 4, layers: 2, bidirectional: true), new Gru(3, 4, returnSequences: false), new Gru(3, 4, resetAfter: false) })
        {
            var result = GradientCheck.Of(layer, GradientCheckCase.Draw(2, 3, 3));
            Assert.True(result.Passed, result.ToString());
            Assert.StartsWith($"{layer}: the gradient is right. ", result.ToString());
        }
    }

    [Fact]
    public void Of_LayerWithState_ChecksTheStateToo()
    {
        var state = new RecurrentState([GradientCheckCase.Draw(2, 4)], [GradientCheckCase.Draw(2, 4)]);
        var result = GradientCheck.Of(new Lstm(3, 4), GradientCheckCase.Draw(2, 3, 3), state);
        Assert.Equal(["x", "hidden[0]", "cell[0]", "weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"], result.Throw().Rows.Select(row => row.Name));
    }

    [Fact]
    public void Of_WholeModelWithDropout_IsRightUnderItsNames()
    {
        var model = new Model(1, new Embedding(5, 3), new Lstm(3, 4) { RecurrentDropout = 0.3f }, new Dropout(0.4f), new Linear(4, 5));
        var (ids, targets) = (IntTensor.From([1, 4, 0, 2, 3, 3], 2, 3), IntTensor.From([4, 0, 1, 3, 3, 2], 2, 3));
        var result = GradientCheck.Of(() => Ops.CrossEntropy(model.Forward(ids).Output, targets), model.Parameters, "my model");
        Assert.True(result.Passed, result.ToString());
        Assert.Equal(model.Parameters.Select(parameter => parameter.Name), result.Rows.Select(row => row.Name));
        Assert.StartsWith("my model: the gradient is right. ", result.ToString());
    }

    [Fact]
    public void Of_DropoutLayer_LeavesItsRandomness()
    {
        var layer = new Dropout(0.5f);
        var before = layer.RandomSources.Select(source => source.State).ToList();
        GradientCheck.Of(layer, GradientCheckCase.Draw(2, 3));
        Assert.Equal(before, layer.RandomSources.Select(source => source.State));
    }

    public static TheoryData<string, RecurrentCell> TextbookCells => new()
    {
        { "tanh", new SimpleRnnCell(CellWeights.Random(3, 4, 1, 1)) },
        { "lstm", new LstmCell(CellWeights.Random(3, 4, 4, 1)) },
        { "gru after", new GruCell(CellWeights.Random(3, 4, 3, 1)) },
        { "gru before", new GruCell(CellWeights.Random(3, 4, 3, 1), resetAfter: false) },
    };

    [Theory]
    [MemberData(nameof(TextbookCells))]
    public void Of_TextbookCell_IsRight(string name, RecurrentCell cell)
    {
        var (weights, gradients) = (cell.Weights.WeightHh.Clone(), cell.Gradients);
        var result = GradientCheck.Of(cell);
        Assert.True(result.Passed, $"{name}: {result}");
        Assert.InRange(result.LargestRelativeDifference, 0, 1e-7);
        Assert.Equal(weights, cell.Weights.WeightHh);
        Assert.Same(gradients, cell.Gradients);
    }

    [Theory]
    [InlineData("missing transpose", "hidden")]
    [InlineData("gates swapped", "weight_ih[")]
    [InlineData("bias forgotten", "bias_hh[")]
    [InlineData("sign", "bias_ih[")]
    [InlineData("state not passed", "x[")]
    public void Of_OwnCellWithABug_NamesTensorAndMistake(string bug, string where)
    {
        var result = GradientCheck.Of(new BuggyLstmCell(CellWeights.Random(4, 4, 4, 2), bug));
        Assert.False(result.Passed);
        var message = result.ToString();
        Assert.Contains($"\n  {where}", message);
        Assert.Contains(bug switch
        {
            "missing transpose" => "the finite difference is",
            "gates swapped" => "the rows of gate 0 and gate 1 (from 0) are swapped",
            "bias forgotten" => "all of it is 0, so this gradient is never computed, or never added",
            "sign" => "the sign is reversed",
            _ => "it is right at the last time step alone: what comes back through later steps is missing or wrong",
        }, message);
    }

    [Fact]
    public void Of_OwnCellWithoutBug_IsRight() => GradientCheck.Of(new BuggyLstmCell(CellWeights.Random(4, 4, 4, 2), "")).Throw();
}
