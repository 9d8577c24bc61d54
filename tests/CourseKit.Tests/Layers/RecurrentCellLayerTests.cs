using CourseKit.Autograd;
using CourseKit.Data;
using CourseKit.Layers;
using CourseKit.Tensors;
using CourseKit.Tests.Autograd;
using CourseKit.Tests.Tensors;
using CourseKit.Training;

namespace CourseKit.Tests.Layers;

/// <summary>Cells that a learner writes, from the library's public parts alone, against the fused layers with the same weights.</summary>
public class RecurrentCellLayerTests
{
    [Theory]
    [InlineData(1, 1, false)]
    [InlineData(3, 5, false)]
    [InlineData(2, 4, true)]
    public void Forward_OwnLstm_AgreesWithTheFusedOneInEveryNumberAndGradient(int batchSize, int steps, bool withState)
    {
        var (own, fused) = (new OwnLstm(4, 3), new Lstm(4, 3));
        Copy(fused, own);
        Compare(own, fused, batchSize, steps, withState);
    }

    [Theory]
    [InlineData(1, 1, false)]
    [InlineData(3, 5, true)]
    public void Forward_OwnGru_AgreesWithTheFusedOneInEveryNumberAndGradient(int batchSize, int steps, bool withState)
    {
        var (own, fused) = (new OwnGru(4, 3), new Gru(4, 3));
        Copy(fused, own);
        Compare(own, fused, batchSize, steps, withState);
    }

    [Fact]
    public void Forward_Reverse_IsTheForwardPassOverTheSequenceTurnedRound()
    {
        var (own, reverse) = (new OwnGru(4, 3), new OwnGru(4, 3, reverse: true));
        Copy(own, reverse);
        var x = GradientCheck.Draw(1, 2, 5, 4);
        var (y, state) = own.Forward(Turned(x));
        var (z, other) = reverse.Forward(x);
        Assert.Equal(y.ToArray(), Turned(z).ToArray());
        Assert.Equal(state.Hidden[0].ToArray(), other.Hidden[0].ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Forward_MaskWithHoles_TakesTheStepsLeftAndNothingOfTheOthers(bool reverse)
    {
        var own = new OwnLstm(4, 3, reverse);
        own.Initialize(new RandomSource(3));
        float[] mask = [1, 1, 1, 1, 1, 0, 1, 0, 0, 0, 1, 1];
        var x = GradientCheck.Draw(1, 3, 4, 4);
        var padded = x.ToArray();
        for (var i = 0; i < padded.Length; i++)
            padded[i] = mask[i / 4] > 0 ? padded[i] : float.NaN;
        x.CopyFrom(padded);

        var gradients = Run(() => own.Forward(x, mask: Tensor.From(mask, 3, 4)), own, x, out var y, out var state);

        var sums = own.Parameters.Select(p => new double[p.Tensor.Length]).ToArray();
        for (var b = 0; b < 3; b++)
        {
            int[] taken = [.. Enumerable.Range(0, 4).Where(t => mask[(b * 4) + t] > 0)];
            var row = Tensor.Zeros(1, taken.Length, 4);
            for (var t = 0; t < taken.Length; t++)
                for (var i = 0; i < 4; i++)
                    row[0, t, i] = x[b, taken[t], i];
            row.RequiresGradient = true;
            Run(() => own.Forward(row), own, row, out var alone, out var final);
            for (var t = 0; t < taken.Length; t++)
                Assert.Equal(alone.AsSpan(t * 3, 3).ToArray(), y.AsSpan((b * 12) + (taken[t] * 3), 3).ToArray());
            Assert.Equal(final, state.AsSpan(b * 3, 3).ToArray());
            foreach (var t in Enumerable.Range(0, 4).Except(taken))
                Assert.All(y.AsSpan((b * 12) + (t * 3), 3).ToArray(), value => Assert.Equal(0, value));
            for (var p = 0; p < sums.Length; p++)
                for (var i = 0; i < sums[p].Length; i++)
                    sums[p][i] += own.Parameters[p].Tensor.Gradient!.ToArray()[i];
        }

        Assert.All(x.Gradient!.ToArray().Where((_, i) => mask[i / 4] == 0), g => Assert.Equal(0, g));
        for (var p = 0; p < sums.Length; p++)
            for (var i = 0; i < sums[p].Length; i++)
                Assert.Equal(sums[p][i], gradients[p][i], 1e-5);
    }

    [Theory]
    [InlineData(BidirectionalMerge.Concat, true)]
    [InlineData(BidirectionalMerge.Average, true)]
    [InlineData(BidirectionalMerge.None, true)]
    [InlineData(BidirectionalMerge.Sum, false)]
    [InlineData(BidirectionalMerge.None, false)]
    public void Bidirectional_TwoOwnCells_AgreeWithTheFusedLayer(BidirectionalMerge merge, bool sequences)
    {
        var fused = new Gru(4, 3, bidirectional: true, returnSequences: sequences, merge: merge);
        var own = new Bidirectional(new OwnGru(4, 3, false, sequences), new OwnGru(4, 3, true, sequences), merge);
        int[] order = [0, 2, 1, 3, 4, 6, 5, 7];
        for (var p = 0; p < 8; p++)
            own.Parameters[p].Tensor.CopyFrom(fused.Parameters[order[p]].Tensor);
        var (x, mask) = (GradientCheck.Draw(1, 2, 5, 4), Tensor.From([1f, 1, 1, 0, 0, 1, 1, 0, 1, 1], 2, 5));
        var start = new RecurrentState([GradientCheck.Draw(2, 2, 3), GradientCheck.Draw(3, 2, 3)]);
        var (expected, state) = fused.Forward(x, start, mask);
        var (y, final) = own.Forward(x, start, mask);
        Assert.Equal(expected.Shape, y.Shape);
        Assert.Equal(y.Shape, own.OutputShape(x.Shape));
        Near(expected.ToArray(), y.ToArray());
        Near(state.Hidden[0].ToArray(), final.Hidden[0].ToArray());
        Near(state.Hidden[1].ToArray(), final.Hidden[1].ToArray());
        CourseKit.Inspection.GradientCheck.Of(own, x, start, mask).Throw();
    }

    [Fact]
    public void Bidirectional_CellsThatDoNotFit_ThrowsNamingBoth()
    {
        Assert.Equal("Bidirectional: the first cell must run forward and the second in reverse, but got OwnGru(inputSize: 4, hiddenSize: 3) and OwnGru(inputSize: 4, hiddenSize: 3). Make the second with reverse: true.",
            Assert.Throws<ArgumentException>(() => new Bidirectional(new OwnGru(4, 3), new OwnGru(4, 3))).Message);
        Assert.Equal("Bidirectional: both cells must have the same sizes and kinds of state, but got OwnGru(inputSize: 4, hiddenSize: 3) and OwnGru(inputSize: 4, hiddenSize: 2, reverse: true).",
            Assert.Throws<ArgumentException>(() => new Bidirectional(new OwnGru(4, 3), new OwnGru(4, 2, reverse: true))).Message);
        var model = new Model(1, new Bidirectional(new OwnGru(4, 3), new OwnGru(4, 3, reverse: true), BidirectionalMerge.None), new Linear(3, 1));
        Assert.Equal("[batch, time, 2, 3]", model.Summary().Layers[0].Output);
        Assert.Equal("Bidirectional(OwnGru(inputSize: 4, hiddenSize: 3), OwnGru(inputSize: 4, hiddenSize: 3, reverse: true), merge: None)", model.Layers[0].ToString());
        Assert.Equal("bidirectional.owngru2.linear.weight", model.Parameters[4].Name);
    }

    [Fact]
    public void Fit_OwnCellInAModel_LearnsAndIsSummarised()
    {
        var model = new Model(1, new OwnGru(2, 6, returnSequences: false), new Linear(6, 1));
        var x = GradientCheck.Draw(5, 8, 6, 2);
        var y = Tensor.Zeros(8, 1);
        for (var b = 0; b < 8; b++)
            y[b, 0] = x[b, 0, 0] + x[b, 3, 1];
        var history = model.Fit([new Batch(x, y)], new FitOptions { Epochs = 60, Optimizer = new CourseKit.Optimizers.Adam(0.03), Progress = null });

        Assert.True(history.Steps[^1].Loss < 0.1 * history.Steps[0].Loss, $"{history.Steps[0].Loss} became {history.Steps[^1].Loss}");
        Assert.Equal("OwnGru(inputSize: 2, hiddenSize: 6, returnSequences: false)", model.Summary().Layers[0].Layer);
        Assert.Equal("[batch, 6]", model.Summary().Layers[0].Output);
        Assert.Equal(3 * 6 * (2 + 6 + 2), model.Summary().Layers[0].ParameterCount);
        Assert.Equal(["owngru.linear.weight", "owngru.linear.bias", "owngru.linear2.weight", "owngru.linear2.bias", "linear.weight", "linear.bias"], model.Parameters.Select(p => p.Name));
    }

    [Fact]
    public void Forward_Wrong_ThrowsNamingTheLayer()
    {
        var own = new OwnGru(4, 3);
        Assert.Equal("OwnGru(inputSize: 4, hiddenSize: 3): x must be [batch, time, 4], but got [2, 5, 6]. The last dimension must equal inputSize.",
            Shape(() => own.Forward(Tensor.Zeros(2, 5, 6))));
        Assert.Equal("OwnGru(inputSize: 4, hiddenSize: 3): mask must be [2, 5], but got [5, 2]. It is [batch, time], as x is [2, 5, 4].",
            Shape(() => own.Forward(Tensor.Zeros(2, 5, 4), mask: Tensor.Zeros(5, 2))));
        Assert.Equal("OwnGru(inputSize: 4, hiddenSize: 3): state's hidden[0] must be [2, 3], but got [1, 3]. It is [batch, hiddenSize], with the batch of x.",
            Shape(() => own.Forward(Tensor.Zeros(2, 5, 4), new RecurrentState([Tensor.Zeros(1, 3)]))));
        Assert.Equal("Careless(inputSize: 4, hiddenSize: 3): Step must give a Hidden of [2, 3], but gave [2, 4]. It is [batch, hiddenSize].",
            Shape(() => new Careless((x, _) => x).Forward(Tensor.Zeros(2, 5, 4))));
        Assert.Equal("Careless(inputSize: 4, hiddenSize: 3): Step must give no Cell, as hasCell is false, but gave [2, 3].",
            Shape(() => new Careless((_, state) => new StepState(state.Hidden, state.Hidden)).Forward(Tensor.Zeros(2, 5, 4))));
        Assert.Equal("OwnGru: hiddenSize must be at least 1, but got 0.", Assert.Throws<ArgumentOutOfRangeException>(() => new OwnGru(4, 0)).Message);
    }

    private static void Compare(SequenceLayer own, SequenceLayer fused, int batchSize, int steps, bool withState)
    {
        var x = GradientCheck.Draw(1, batchSize, steps, 4);
        var h = GradientCheck.Draw(2, batchSize, 3);
        var state = withState ? new RecurrentState([h], fused is Lstm ? [GradientCheck.Draw(3, batchSize, 3)] : null) : null;
        var expected = Run(() => fused.Forward(x, state), fused, x, out var y, out var final);
        var dX = x.Gradient!.ToArray();
        var dH = withState ? h.Gradient!.ToArray() : [];
        h.ZeroGradient();

        // The own cell keeps all gates' weights in a Linear from the input and one from the state: the same order as weight_ih, bias_ih, weight_hh, bias_hh.
        var actual = Run(() => own.Forward(x, state), own, x, out var ownY, out var ownFinal);
        Near(y, ownY);
        Near(final, ownFinal);
        Near(dX, x.Gradient!.ToArray());
        Near(dH, withState ? h.Gradient!.ToArray() : []);
        int[] order = [0, 2, 1, 3];
        for (var p = 0; p < 4; p++)
            Near(expected[order[p]], actual[p]);
    }

    // Forward, a loss that weighs every number, backward; the gradients of all parameters.
    private static float[][] Run(Func<(Tensor Output, RecurrentState State)> forward, Layer layer, Tensor x, out float[] y, out float[] final)
    {
        x.ZeroGradient();
        foreach (var (_, tensor) in layer.Parameters)
            tensor.ZeroGradient();
        (y, final) = Tape.Step(() =>
        {
            var (output, state) = forward();
            var loss = (output * output).Sum();
            foreach (var part in state.Hidden.Concat(state.Cell ?? []))
                loss += (part * part).Sum();
            loss.Backward();
            return (output.ToArray(), state.Hidden[0].ToArray());
        });
        return [.. layer.Parameters.Select(p => p.Tensor.Gradient!.ToArray())];
    }

    private static void Copy(Layer from, Layer to)
    {
        from.Initialize(new RandomSource(4));
        int[] order = from is RecurrentCellLayer ? [0, 1, 2, 3] : [0, 2, 1, 3];
        for (var p = 0; p < 4; p++)
            to.Parameters[p].Tensor.CopyFrom(from.Parameters[order[p]].Tensor);
    }

    private static void Near(float[] expected, float[] actual) =>
        Close.To([.. expected.Select(value => (double)value)], actual.Length == 0 ? Tensor.Zeros(0) : Tensor.From(actual), "number", 1e-5);

    private static Tensor Turned(Tensor x)
    {
        var turned = Tensor.Zeros(x.Shape);
        for (var b = 0; b < x.Shape[0]; b++)
            for (var t = 0; t < x.Shape[1]; t++)
                for (var i = 0; i < x.Shape[2]; i++)
                    turned[b, x.Shape[1] - 1 - t, i] = x[b, t, i];
        return turned;
    }

    private static string Shape(Func<object> wrong) => Assert.Throws<ShapeException>(wrong).Message;

    private sealed class OwnLstm : RecurrentCellLayer
    {
        private readonly Linear input, hidden;

        public OwnLstm(int inputSize, int hiddenSize, bool reverse = false)
            : base(inputSize, hiddenSize, hasCell: true, reverse) =>
            (input, hidden) = (AddLayer(new Linear(inputSize, 4 * hiddenSize)), AddLayer(new Linear(hiddenSize, 4 * hiddenSize)));

        public override StepState Step(Tensor x, StepState state)
        {
            var gates = Ops.Split(input.Forward(x) + hidden.Forward(state.Hidden), 4);
            var cell = (Ops.Sigmoid(gates[1]) * state.Cell!) + (Ops.Sigmoid(gates[0]) * Ops.Tanh(gates[2]));
            return new(Ops.Sigmoid(gates[3]) * Ops.Tanh(cell), cell);
        }
    }

    private sealed class OwnGru : RecurrentCellLayer
    {
        private readonly Linear input, hidden;

        public OwnGru(int inputSize, int hiddenSize, bool reverse = false, bool returnSequences = true)
            : base(inputSize, hiddenSize, hasCell: false, reverse, returnSequences) =>
            (input, hidden) = (AddLayer(new Linear(inputSize, 3 * hiddenSize)), AddLayer(new Linear(hiddenSize, 3 * hiddenSize)));

        public override StepState Step(Tensor x, StepState state)
        {
            var (a, b) = (Ops.Split(input.Forward(x), 3), Ops.Split(hidden.Forward(state.Hidden), 3));
            var (r, z) = (Ops.Sigmoid(a[0] + b[0]), Ops.Sigmoid(a[1] + b[1]));
            var n = Ops.Tanh(a[2] + (r * b[2]));
            return n + (z * (state.Hidden - n));
        }
    }

    private sealed class Careless(Func<Tensor, StepState, StepState> step) : RecurrentCellLayer(4, 3)
    {
        public override StepState Step(Tensor x, StepState state) => step(x, state);
    }
}
