using CourseKit.Autograd;
using CourseKit.Backends;
using CourseKit.Inspection;
using CourseKit.Layers;
using CourseKit.Tensors;
using CourseKit.Textbook;
using MathNet.Numerics.LinearAlgebra;

namespace CourseKit.Tests.Inspection;

/// <summary>What must hold of every cell holds of the library's, and a planted bug is caught by the row that names it.</summary>
public class CheckCellTests
{
    public static TheoryData<string> Layers => [.. LayerTable.Sequences.Keys];

    [Theory]
    [MemberData(nameof(Layers))]
    public void Of_LibraryLayer_HoldsAll(string layer)
    {
        var report = CheckCell.Of(LayerTable.Sequences[layer]());
        Assert.True(report.Passed, report.ToString());
        Assert.Equal(11, report.Rows.Count);
        Assert.All(report.Rows, row => Assert.True(row.Passed is not null || row.Property.StartsWith("the other", StringComparison.Ordinal) || row.Property.StartsWith("pieces", StringComparison.Ordinal) || layer.EndsWith("final", StringComparison.Ordinal), row.ToString()));
    }

    [Fact]
    public void Of_BidirectionalLayer_ComparesItsHalvesAndKeepsItsWeights()
    {
        var layer = new Lstm(3, 4, bidirectional: true);
        var before = layer.Parameters.Select(parameter => parameter.Tensor.ToArray()).ToList();
        var report = CheckCell.Of(layer).Throw();
        Assert.Equal((true, ""), (report.Rows[10].Passed, report.Rows[10].Detail));
        Assert.Equal(before, layer.Parameters.Select(parameter => parameter.Tensor.ToArray()));
    }

    [Fact]
    public void Of_TextbookCells_HoldAll()
    {
        foreach (RecurrentCell cell in new RecurrentCell[] { new SimpleRnnCell(CellWeights.Random(3, 4, 1, 1)), new LstmCell(CellWeights.Random(3, 4, 4, 1)), new GruCell(CellWeights.Random(3, 4, 3, 1)), new GruCell(CellWeights.Random(3, 4, 3, 1), resetAfter: false) })
            Assert.All(CheckCell.Of(cell).Throw().Rows, row => Assert.True(row.Passed, row.ToString()));
    }

    [Theory]
    [InlineData("peephole", "peephole")]
    [InlineData("projection", "projection")]
    [InlineData("norm", "gain_ih gain_hh gain_cell bias_cell")]
    [InlineData("depth", "depth_weight_ih depth_bias depth_from_cell depth_from_below")]
    public void Of_TextbookVariant_HoldsAllAndChecksWhatItAdds(string kind, string added)
    {
        var weights = CellWeights.Random(3, 4, 4, 1);
        Vector<double> V(int count) => CellWeights.Random(1, 1, count, 7).BiasIh;
        RecurrentCell cell = kind switch
        {
            "peephole" => new PeepholeLstmCell(weights, V(12)),
            "projection" => new ProjectedLstmCell(new CellWeights(weights.WeightIh, CellWeights.Random(1, 2, 8, 2).WeightHh, weights.BiasIh, weights.BiasHh), CellWeights.Random(4, 2, 1, 3).WeightIh),
            "norm" => new LayerNormLstmCell(weights, new LayerNormGains(V(16), V(16), V(4), V(4))),
            _ => new DepthGatedLstmCell(weights, new DepthGateWeights(CellWeights.Random(3, 4, 1, 5).WeightIh, V(4), V(4), V(4))),
        };
        Assert.All(CheckCell.Of(cell).Throw().Rows, row => Assert.True(row.Passed, row.ToString()));
        Assert.Equal(added, string.Join(' ', cell.MoreParameters.Select(parameter => parameter.Name)));
        Assert.Superset(cell.MoreParameters.Select(parameter => parameter.Name).ToHashSet(), GradientCheck.Of(cell).Rows.Select(row => row.Name).ToHashSet());
    }

    [Fact]
    public void ToString_GoodCell_SaysEachPropertyInARow()
    {
        var text = CheckCell.Of(new BuggyRnnLayer(3, 4)).ToString();
        Assert.StartsWith("BuggyRnnLayer(\"\"): all 10 properties hold.\n  pass  the gradient is right: ", text);
        Assert.EndsWith("\n  -     the other direction on the reversed input gives the reversed output: not checked: give the same layer made to run from the last time step to the first", text);
    }

    [Theory]
    [InlineData("missing transpose", "the gradient is right", "the finite difference is")]
    [InlineData("gates swapped", "the gradient is right", "weight_ih[")]
    [InlineData("bias forgotten", "the gradient is right", "bias_hh[")]
    [InlineData("state not passed", "the gradient is right", "it is right at the last time step alone")]
    [InlineData("state not carried", "what came before reaches what comes after", "the output at time step 1 is the same whatever the input at time step 0: the state is not carried, or not used")]
    [InlineData("forward gates swapped", "the output is that of LstmCell(inputSize: 4, hiddenSize: 4)", "here and")]
    public void Of_OwnTextbookCellWithABug_FailsTheRowThatNamesIt(string bug, string property, string detail)
    {
        var weights = CellWeights.Random(4, 4, 4, 2);
        var report = CheckCell.Of(new BuggyLstmCell(weights, bug), new LstmCell(weights));
        Assert.False(report.Passed);
        var row = Assert.Single(report.Rows, row => row.Property == property);
        Assert.False(row.Passed, report.ToString());
        Assert.Contains(detail, row.Detail);
        Assert.Contains($"\n  FAIL  {property}: ", Assert.Throws<CellCheckException>(report.Throw).Message);
    }

    [Theory]
    [InlineData("state not carried", "pieces with the state carried are the whole", "in the second piece")]
    [InlineData("batch rows mixed", "batch rows do not mix", "for example 0 of the batch, the output of neuron")]
    [InlineData("row 0 for all", "batch rows in another order give the same in that order", "in the new order and")]
    [InlineData("off by one in reverse", "the other direction on the reversed input gives the reversed output", "in the other direction and")]
    [InlineData("mask ignored", "padding at the back changes nothing", "for a sequence of 3 steps among 5, ")]
    [InlineData("mask ignored", "padding at the front changes nothing", "for a sequence of 3 steps among 5, ")]
    public void Of_OwnLayerWithABug_FailsTheRowThatNamesIt(string bug, string property, string detail)
    {
        var report = CheckCell.Of(new BuggyRnnLayer(3, 4, bug), new BuggyRnnLayer(3, 4, bug, reverse: true));
        var row = Assert.Single(report.Rows, row => row.Property == property);
        Assert.False(row.Passed, report.ToString());
        Assert.Contains(detail, row.Detail);
    }

    [Fact]
    public void Of_OwnLayerWithItsReverse_HoldsAll() =>
        Assert.All(CheckCell.Of(new BuggyRnnLayer(3, 4), new BuggyRnnLayer(3, 4, reverse: true)).Throw().Rows, row => Assert.True(row.Passed, row.ToString()));

    [Fact]
    public void Of_OwnCellLayer_HoldsAll() =>
        Assert.All(CheckCell.Of(new OwnCell(reverse: false), new OwnCell(reverse: true)).Throw().Rows, row => Assert.True(row.Passed, row.ToString()));

    [Fact]
    public void Of_SameFormulaAsReference_IsTheSame()
    {
        var mine = new BuggyRnnLayer(3, 4);
        var library = new SimpleRnn(3, 4);
        library.BiasHh().CopyFrom(new float[4]);
        foreach (var (to, from) in new[] { library.WeightIh(), library.WeightHh(), library.BiasIh() }.Zip(mine.Parameters))
            to.CopyFrom(from.Tensor);
        Assert.Equal(true, CheckCell.Of(mine, reference: library).Throw().Rows[^1].Passed);
    }

    [Fact]
    public void Of_CellThatThrows_SaysWhatInItsRows()
    {
        var report = CheckCell.Of(new ThrowingCell());
        Assert.All(report.Rows.Where(row => row.Passed is not null), row => Assert.Equal("it threw InvalidOperationException: no such step", row.Detail));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_OwnCellNeverInitialized_IsCheckedWithNumbersAndKeepsItsZeros(bool detached)
    {
        var cell = new OwnWeights(detached);
        var report = CheckCell.Of(cell);
        Assert.Equal(detached ? ["the gradient is right"] : [], report.Rows.Where(row => row.Passed == false).Select(row => row.Property));
        Assert.All(cell.Parameters, parameter => Assert.All(parameter.Tensor.ToArray(), number => Assert.Equal(0, number)));
    }

    // Parameters of its own, which are 0 until a model or Initialize draws them.
    private sealed class OwnWeights : RecurrentCellLayer
    {
        private readonly Tensor _fromInput, _fromState, _bias;
        private readonly bool _detached;

        public OwnWeights(bool detached)
            : base(3, 4)
        {
            (_fromInput, _fromState, _bias) = (AddParameter("from_input", 4, 3), AddParameter("from_state", 4, 4), AddParameter("bias", 4));
            _detached = detached;
        }

        public override StepState Step(Tensor x, StepState state) =>
            Ops.Tanh(Ops.Linear(x, _fromInput, _bias) + Ops.Linear(_detached ? state.Hidden.Detach() : state.Hidden, _fromState));
    }

    private sealed class OwnCell : RecurrentCellLayer
    {
        private readonly Linear _fromInput, _fromState;

        public OwnCell(bool reverse)
            : base(3, 4, reverse: reverse)
        {
            (_fromInput, _fromState) = (AddLayer(new Linear(3, 4)), AddLayer(new Linear(4, 4)));
            Initialize(new RandomSource(1));
        }

        public override StepState Step(Tensor x, StepState state) => Ops.Activate(_fromInput.Forward(x) + _fromState.Forward(state.Hidden), Activation.Tanh);
    }

    private sealed class ThrowingCell() : RecurrentCellLayer(3, 4)
    {
        public override StepState Step(Tensor x, StepState state) => throw new InvalidOperationException("no such step");
    }
}
