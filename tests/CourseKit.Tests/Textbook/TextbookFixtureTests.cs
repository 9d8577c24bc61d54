using CourseKit.Tests.Fixtures;
using CourseKit.Textbook;
using MathNet.Numerics.LinearAlgebra;

namespace CourseKit.Tests.Textbook;

/// <summary>Textbook cells against PyTorch's float64 numbers: stacked, both directions, whole sequences, every gradient.</summary>
public class TextbookFixtureTests
{
    // The files keep nine digits of inputs, weights and results alike, so sums of a few dozen products may be this far off.
    private const double Tolerance = 5e-8;

    public static TheoryData<string> Names =>
    [
        "rnn_l1", "rnn_l1_bi", "rnn_l2", "rnn_l2_bi", "rnn_relu_l1", "rnn_relu_l2_bi",
        "lstm_l1", "lstm_l1_bi", "lstm_l2", "lstm_l2_bi", "gru_l1", "gru_l1_bi", "gru_l2", "gru_l2_bi",
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void SequenceForwardAndBackward_AgainstPyTorch_Agree(string name)
    {
        var fixture = Fixture.Load(name);
        var directions = fixture["bidirectional"].GetBoolean() ? 2 : 1;
        var cells = Enumerable.Range(0, fixture.Int("layers") * directions)
            .Select(index => Cell(fixture, $"_l{index / directions}" + (index % directions == 1 ? "_reverse" : ""))).ToArray();
        double loss = 0;

        for (var example = 0; example < fixture.Int("batch"); example++)
            loss += RunExample(fixture, cells, directions, example);

        Assert.Equal(fixture.Number("loss"), loss, Tolerance);
        for (var index = 0; index < cells.Length; index++)
        {
            var suffix = $"_l{index / directions}" + (index % directions == 1 ? "_reverse" : "");
            var gradients = cells[index].Gradients;
            AssertClose(fixture.Tensor("grad_weights", "weight_ih" + suffix).Data, gradients.WeightIh.ToRowMajorArray());
            AssertClose(fixture.Tensor("grad_weights", "weight_hh" + suffix).Data, gradients.WeightHh.ToRowMajorArray());
            AssertClose(fixture.Tensor("grad_weights", "bias_ih" + suffix).Data, gradients.BiasIh);
            AssertClose(fixture.Tensor("grad_weights", "bias_hh" + suffix).Data, gradients.BiasHh);
        }
    }

    private static double RunExample(Fixture fixture, RecurrentCell[] cells, int directions, int example)
    {
        var time = fixture.Int("time");
        var isLstm = fixture.Has("c0");
        CellState State(string hidden, string cell, int index) =>
            new(Row(fixture.Tensor(hidden), index, example), isLstm ? Row(fixture.Tensor(cell), index, example) : null);

        // Up the stack: layer by layer, each direction over the layer below.
        var input = Enumerable.Range(0, time).Select(t => Row(fixture.Tensor("x"), t, example)).ToArray();
        var steps = new IReadOnlyList<CellStep>[cells.Length];
        for (var first = 0; first < cells.Length; first += directions)
        {
            for (var index = first; index < first + directions; index++)
                steps[index] = Sequence.Forward(cells[index], Ordered(input, index - first), State("h0", "c0", index));
            input = [.. Enumerable.Range(0, time).Select(t => Stack(Enumerable.Range(first, directions).Select(index => At(steps[index], t, index - first).Hidden)))];
        }

        double loss = 0;
        for (var t = 0; t < time; t++)
        {
            AssertClose(Row(fixture.Tensor("y"), t, example), input[t]);
            loss += input[t] * Row(fixture.Tensor("loss_weight_y"), t, example);
        }
        for (var index = 0; index < cells.Length; index++)
        {
            var last = steps[index][^1].After;
            AssertClose(Row(fixture.Tensor("hn"), index, example), last.Hidden);
            loss += last.Hidden * Row(fixture.Tensor("loss_weight_h"), index, example);
            if (isLstm)
            {
                AssertClose(Row(fixture.Tensor("cn"), index, example), last.Cell!);
                loss += last.Cell! * Row(fixture.Tensor("loss_weight_c"), index, example);
            }
        }

        // And down again.
        var dOutput = Enumerable.Range(0, time).Select(t => Row(fixture.Tensor("loss_weight_y"), t, example)).ToArray();
        var hiddenSize = cells[0].Weights.HiddenSize;
        for (var first = cells.Length - directions; first >= 0; first -= directions)
        {
            Vector<double>[]? dBelow = null;
            for (var index = first; index < first + directions; index++)
            {
                var direction = index - first;
                var dHidden = Ordered([.. dOutput.Select(d => d.SubVector(direction * hiddenSize, hiddenSize))], direction);
                var (dX, dStart) = Sequence.Backward(cells[index], steps[index], dHidden, State("loss_weight_h", "loss_weight_c", index));

                AssertClose(Row(fixture.Tensor("grad_h0"), index, example), dStart.Hidden);
                if (isLstm)
                    AssertClose(Row(fixture.Tensor("grad_c0"), index, example), dStart.Cell!);
                var inOrder = Ordered([.. dX], direction);
                dBelow = dBelow is null ? inOrder : [.. dBelow.Zip(inOrder, (a, b) => a + b)];
            }
            dOutput = dBelow!;
        }
        for (var t = 0; t < time; t++)
            AssertClose(Row(fixture.Tensor("grad_x"), t, example), dOutput[t]);
        return loss;
    }

    private static RecurrentCell Cell(Fixture fixture, string suffix)
    {
        Matrix<double> Weight(string name)
        {
            var tensor = fixture.Tensor("weights", name + suffix);
            return Matrix<double>.Build.Dense(tensor.Shape[0], tensor.Shape[1], (i, j) => tensor.Data[i * tensor.Shape[1] + j]);
        }

        Vector<double> Bias(string name) => Vector<double>.Build.Dense(fixture.Tensor("weights", name + suffix).Data);

        var weights = new CellWeights(Weight("weight_ih"), Weight("weight_hh"), Bias("bias_ih"), Bias("bias_hh"));
        return fixture.Text("kind") switch
        {
            "RNN" => new SimpleRnnCell(weights, relu: fixture.Text("nonlinearity") == "relu"),
            "LSTM" => new LstmCell(weights),
            _ => new GruCell(weights),
        };
    }

    private static Vector<double>[] Ordered(Vector<double>[] sequence, int direction) => direction == 0 ? sequence : [.. sequence.Reverse()];

    private static CellStep At(IReadOnlyList<CellStep> steps, int t, int direction) => steps[direction == 0 ? t : steps.Count - 1 - t];

    private static Vector<double> Row(GoldenTensor tensor, int first, int second) => Vector<double>.Build.Dense(tensor.Row(first, second));

    private static Vector<double> Stack(IEnumerable<Vector<double>> parts) => Vector<double>.Build.DenseOfEnumerable(parts.SelectMany(part => part));

    private static void AssertClose(IEnumerable<double> expected, IEnumerable<double> actual) =>
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
}
