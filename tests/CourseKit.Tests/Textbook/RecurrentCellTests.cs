using CourseKit.Textbook;
using MathNet.Numerics.LinearAlgebra;

namespace CourseKit.Tests.Textbook;

public class RecurrentCellTests
{
    private const int InputSize = 3, HiddenSize = 4, Steps = 5;

    public static TheoryData<string> Cells => ["rnn", "rnn relu", "lstm", "gru after", "gru before", "simplified gru", "minimal gated unit"];

    /// <summary>Every gradient of Σ weights·h_t + weights·last state against (f(x + ε) − f(x − ε))/2ε.</summary>
    [Theory]
    [MemberData(nameof(Cells))]
    public void Backward_AgainstFiniteDifferences_Agrees(string kind)
    {
        var cell = Make(kind);
        var random = new Random(4);
        Vector<double> Draw(int length) => Vector<double>.Build.Dense(length, _ => 2 * random.NextDouble() - 1);

        var x = Enumerable.Range(0, Steps).Select(_ => Draw(InputSize)).ToArray();
        var isLstm = cell.Start.Cell is not null;
        var start = new CellState(Draw(HiddenSize), isLstm ? Draw(HiddenSize) : null);
        var dHidden = Enumerable.Range(0, Steps).Select(_ => Draw(HiddenSize)).ToArray();
        var dLast = new CellState(Draw(HiddenSize), isLstm ? Draw(HiddenSize) : null);

        double Loss()
        {
            var taken = Sequence.Forward(cell, x, start);
            var last = taken[^1].After;
            return taken.Zip(dHidden, (step, d) => step.Hidden * d).Sum() + last.Hidden * dLast.Hidden + (isLstm ? last.Cell! * dLast.Cell! : 0);
        }

        var (dX, dStart) = Sequence.Backward(cell, Sequence.Forward(cell, x, start), dHidden, dLast);

        for (var t = 0; t < Steps; t++)
            AssertGradient(dX[t], x[t], Loss);
        AssertGradient(dStart.Hidden, start.Hidden, Loss);
        if (isLstm)
            AssertGradient(dStart.Cell!, start.Cell!, Loss);
        AssertGradient(cell.Gradients.BiasIh, cell.Weights.BiasIh, Loss);
        AssertGradient(cell.Gradients.BiasHh, cell.Weights.BiasHh, Loss);
        AssertGradient(cell.Gradients.WeightIh, cell.Weights.WeightIh, Loss);
        AssertGradient(cell.Gradients.WeightHh, cell.Weights.WeightHh, Loss);
    }

    [Fact]
    public void GruForward_ResetBefore_DiffersFromAfterOnlyThroughTheResetGate()
    {
        var weights = CellWeights.Random(InputSize, HiddenSize, gates: 3, seed: 1);
        var (x, state) = (Vector<double>.Build.Dense(InputSize, 0.5), new CellState(Vector<double>.Build.Dense(HiddenSize, 0.7)));
        var (after, before) = (new GruCell(weights).Forward(x, state), new GruCell(weights, resetAfter: false).Forward(x, state));

        Assert.Equal(after.R, before.R);
        Assert.Equal(after.Z, before.Z);
        Assert.True((after.N - before.N).L2Norm() > 1e-3);

        // With the reset gate wide open both forms are one.
        var open = weights with { BiasIh = weights.BiasIh.MapIndexed((row, value) => row < HiddenSize ? 1e3 : value) };
        var gap = new GruCell(open).Forward(x, state).Hidden - new GruCell(open, resetAfter: false).Forward(x, state).Hidden;
        Assert.Equal(0, gap.L2Norm(), 1e-12);
    }

    [Fact]
    public void SimplifiedGruForward_AnyWeights_IsAGruWhoseResetGateIsOpen()
    {
        var weights = CellWeights.Random(InputSize, HiddenSize, gates: 3, seed: 1);
        var open = weights with { BiasIh = weights.BiasIh.MapIndexed((row, value) => row < HiddenSize ? 1e3 : value) };
        var without = new CellWeights(
            weights.WeightIh.SubMatrix(HiddenSize, 2 * HiddenSize, 0, InputSize), weights.WeightHh.SubMatrix(HiddenSize, 2 * HiddenSize, 0, HiddenSize),
            weights.BiasIh.SubVector(HiddenSize, 2 * HiddenSize), weights.BiasHh.SubVector(HiddenSize, 2 * HiddenSize));
        var (x, state) = (Vector<double>.Build.Dense(InputSize, 0.5), new CellState(Vector<double>.Build.Dense(HiddenSize, 0.7)));

        var gap = new GruCell(open).Forward(x, state).Hidden - new SimplifiedGruCell(without).Forward(x, state).Hidden;

        Assert.Equal(0, gap.L2Norm(), 1e-12);
    }

    [Theory]
    [InlineData(-1e3, 0.7)]
    [InlineData(1e3, 0.46211715726000973)]
    public void MinimalGatedUnitForward_GateShutOrOpen_KeepsTheStateOrTakesTheCandidate(double bias, double expected)
    {
        // One unit, whose candidate with the gate open is tanh(0.3·0.5 + 0.5·0.7).
        var weights = new CellWeights(
            Matrix<double>.Build.DenseOfArray(new[,] { { 0.0 }, { 0.3 } }), Matrix<double>.Build.DenseOfArray(new[,] { { 0.0 }, { 0.5 } }),
            Vector<double>.Build.Dense([bias, 0.0]), Vector<double>.Build.Dense(2));
        var step = new MinimalGatedUnitCell(weights).Forward(Vector<double>.Build.Dense([0.5]), new CellState(Vector<double>.Build.Dense([0.7])));
        Assert.Equal(expected, step.Hidden[0], 1e-12);
    }

    [Fact]
    public void LstmForward_ForgetGateOpenAndInputGateShut_KeepsTheCellState()
    {
        var weights = CellWeights.Random(InputSize, HiddenSize, gates: 4, seed: 1);
        var held = weights with { BiasIh = Vector<double>.Build.Dense(4 * HiddenSize, row => (row / HiddenSize) switch { 0 => -1e3, 1 => 1e3, _ => 0 }) };
        var start = new CellState(Vector<double>.Build.Dense(HiddenSize), Vector<double>.Build.Dense(HiddenSize, row => row - 1.5));

        var steps = Sequence.Forward(new LstmCell(held), Enumerable.Repeat(Vector<double>.Build.Dense(InputSize, 1.0), 100), start);

        Assert.Equal(start.Cell, steps[^1].After.Cell);
    }

    [Fact]
    public void Forward_ByHand_IsTheFormula()
    {
        var cell = new SimpleRnnCell(new CellWeights(
            Matrix<double>.Build.DenseOfArray(new[,] { { 0.5, -1.0 } }),
            Matrix<double>.Build.DenseOfArray(new[,] { { 0.25 } }),
            Vector<double>.Build.Dense([0.1]),
            Vector<double>.Build.Dense([0.2])));

        var step = cell.Forward(Vector<double>.Build.Dense([2.0, 0.3]), new CellState(Vector<double>.Build.Dense([-0.4])));

        Assert.Equal(Math.Tanh(0.5 * 2 - 0.3 + 0.1 + 0.25 * -0.4 + 0.2), step.Hidden[0], 1e-15);
    }

    [Fact]
    public void ClearGradients_AfterBackward_StartsFromZeroAgain()
    {
        var cell = Make("lstm");
        var x = new[] { Vector<double>.Build.Dense(InputSize, 1.0) };
        var d = new[] { Vector<double>.Build.Dense(HiddenSize, 1.0) };
        Sequence.Backward(cell, Sequence.Forward(cell, x), d);
        var once = cell.Gradients.WeightIh.Clone();
        Sequence.Backward(cell, Sequence.Forward(cell, x), d);
        Assert.Equal(2 * once, cell.Gradients.WeightIh);

        cell.ClearGradients();
        Sequence.Backward(cell, Sequence.Forward(cell, x), d);

        Assert.Equal(once, cell.Gradients.WeightIh);
    }

    [Fact]
    public void Forward_InputOfWrongLength_ThrowsNamingBoth()
    {
        var error = Assert.Throws<ArgumentException>(() => Make("lstm").Forward(Vector<double>.Build.Dense(7), Make("lstm").Start));
        Assert.StartsWith("LstmCell(inputSize: 3, hiddenSize: 4): x must have 3 numbers, but has 7.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Forward_LstmWithoutCellState_ThrowsNamingStart()
    {
        var error = Assert.Throws<ArgumentException>(() => Make("lstm").Forward(Vector<double>.Build.Dense(InputSize), Make("rnn").Start));
        Assert.StartsWith("LstmCell(inputSize: 3, hiddenSize: 4): the state must hold a cell state c of 4 numbers, but holds none. Begin with Start.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Construct_WeightsOfAnotherCell_ThrowsNamingTheGates()
    {
        var error = Assert.Throws<ArgumentException>(() => new GruCell(CellWeights.Zeros(InputSize, HiddenSize, gates: 4)));
        Assert.StartsWith("GruCell(inputSize: 3, hiddenSize: 4): the weights and biases must have 3 gates of 4 rows each, 12 rows, but have 16, 16, 16 and 16.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SequenceBackward_TooFewGradients_ThrowsNamingBoth()
    {
        var cell = Make("rnn");
        var steps = Sequence.Forward(cell, [Vector<double>.Build.Dense(InputSize)]);
        var error = Assert.Throws<ArgumentException>(() => Sequence.Backward(cell, steps, []));
        Assert.StartsWith("Sequence.Backward: dHidden must have one gradient for each of the 1 steps, but has 0.", error.Message, StringComparison.Ordinal);
    }

    private static RecurrentCell Make(string kind) => kind switch
    {
        "rnn" => new SimpleRnnCell(CellWeights.Random(InputSize, HiddenSize, gates: 1, seed: 2)),
        "rnn relu" => new SimpleRnnCell(CellWeights.Random(InputSize, HiddenSize, gates: 1, seed: 2), relu: true),
        "lstm" => new LstmCell(CellWeights.Random(InputSize, HiddenSize, gates: 4, seed: 2)),
        "simplified gru" => new SimplifiedGruCell(CellWeights.Random(InputSize, HiddenSize, gates: 2, seed: 2)),
        "minimal gated unit" => new MinimalGatedUnitCell(CellWeights.Random(InputSize, HiddenSize, gates: 2, seed: 2)),
        "gru after" => new GruCell(CellWeights.Random(InputSize, HiddenSize, gates: 3, seed: 2)),
        _ => new GruCell(CellWeights.Random(InputSize, HiddenSize, gates: 3, seed: 2), resetAfter: false),
    };

    private static void AssertGradient(Vector<double> gradient, Vector<double> values, Func<double> loss)
    {
        for (var i = 0; i < values.Count; i++)
        {
            var index = i;
            Assert.Equal(Slope(loss, values[i], value => values[index] = value), gradient[i], 1e-7);
        }
    }

    private static void AssertGradient(Matrix<double> gradient, Matrix<double> values, Func<double> loss)
    {
        for (var i = 0; i < values.RowCount; i++)
        {
            for (var j = 0; j < values.ColumnCount; j++)
            {
                var (row, column) = (i, j);
                Assert.Equal(Slope(loss, values[i, j], value => values[row, column] = value), gradient[i, j], 1e-7);
            }
        }
    }

    private static double Slope(Func<double> loss, double value, Action<double> set)
    {
        const double Epsilon = 1e-5;
        set(value + Epsilon);
        var above = loss();
        set(value - Epsilon);
        var below = loss();
        set(value);
        return (above - below) / (2 * Epsilon);
    }
}
