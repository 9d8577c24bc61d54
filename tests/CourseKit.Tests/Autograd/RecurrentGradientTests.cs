using CourseKit.Autograd;
using CourseKit.Backends;
using CourseKit.Tensors;
using CourseKit.Tests.Tensors;
using CourseKit.Textbook;
using MathNet.Numerics.LinearAlgebra;

namespace CourseKit.Tests.Autograd;

/// <summary>The fused recurrent operations against finite differences and the textbook cells, at the edges of their sizes.</summary>
public class RecurrentGradientTests
{
    public static TheoryData<string, int, int, int, int, bool> Cases
    {
        get
        {
            var data = new TheoryData<string, int, int, int, int, bool>();
            foreach (var kind in new[] { "tanh", "relu", "lstm", "gru", "gru before", "gru update", "gru minimal" })
            {
                data.Add(kind, 1, 1, 1, 1, false);
                data.Add(kind, 2, 3, 2, 5, false);
                data.Add(kind, 2, 3, 2, 5, true);
                data.Add(kind, 3, 1, 4, 3, true);
                data.Add(kind, 1, 4, 3, 17, false);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void AllInputs_Gradient_IsTheDifference(string kind, int batchSize, int steps, int inputSize, int hiddenSize, bool reverse)
    {
        var (x, weights) = Draw(kind, batchSize, steps, inputSize, hiddenSize);
        var (hidden, cell) = (GradientCheck.Draw(6, batchSize, hiddenSize), GradientCheck.Draw(7, batchSize, hiddenSize));
        var inputs = new List<Tensor> { x, weights.WeightIh, weights.WeightHh, weights.BiasIh!, weights.BiasHh!, hidden };
        if (kind == "lstm")
            inputs.Add(cell);
        GradientCheck.Of(() => Run(kind, x, hidden, cell, weights, reverse), [.. inputs]);
    }

    [Theory]
    [InlineData("tanh")]
    [InlineData("lstm")]
    [InlineData("gru")]
    [InlineData("gru before")]
    public void NoStateAndNoBiases_Gradient_IsTheDifference(string kind)
    {
        var (x, weights) = Draw(kind, 2, 3, 2, 3);
        weights = weights with { BiasIh = null, BiasHh = null };
        GradientCheck.Of(() => Run(kind, x, null, null, weights, reverse: false), x, weights.WeightIh, weights.WeightHh);
    }

    [Theory]
    [InlineData("lstm")]
    [InlineData("gru")]
    [InlineData("tanh")]
    public void OnlyTheFinalStateUsed_Gradient_IsTheDifference(string kind)
    {
        var (x, weights) = Draw(kind, 2, 3, 2, 3);
        GradientCheck.Of(() => Run(kind, x, null, null, weights, reverse: false)[^1], x, weights.WeightIh, weights.WeightHh, weights.BiasHh!);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_AgainstTheTextbook_Agrees(string kind, int batchSize, int steps, int inputSize, int hiddenSize, bool reverse)
    {
        var (x, weights) = Draw(kind, batchSize, steps, inputSize, hiddenSize);
        var y = Run(kind, x, null, null, weights, reverse)[0];

        var written = new CellWeights(Matrix(weights.WeightIh), Matrix(weights.WeightHh), Vector(weights.BiasIh!), Vector(weights.BiasHh!));
        RecurrentCell textbook = kind switch
        {
            "lstm" => new LstmCell(written),
            "gru" => new GruCell(written),
            "gru before" => new GruCell(written, resetAfter: false),
            "gru update" => new SimplifiedGruCell(written),
            "gru minimal" => new MinimalGatedUnitCell(written),
            _ => new SimpleRnnCell(written, relu: kind == "relu"),
        };
        var expected = new List<double>();
        for (var b = 0; b < batchSize; b++)
        {
            var sequence = Enumerable.Range(0, steps).Select(t => Vector<double>.Build.Dense(inputSize, i => x[b, t, i])).ToList();
            if (reverse)
                sequence.Reverse();
            var states = Sequence.Forward(textbook, sequence).Select(step => step.Hidden).ToList();
            if (reverse)
                states.Reverse();
            expected.AddRange(states.SelectMany(state => state));
        }

        Close.To([.. expected], y, kind, kind == "relu" ? 1e-5 : 2e-6);
    }

    private static (Tensor X, RecurrentWeights Weights) Draw(string kind, int batchSize, int steps, int inputSize, int hiddenSize)
    {
        var rows = hiddenSize * (kind switch { "lstm" => 4, "gru" or "gru before" => 3, "gru update" or "gru minimal" => 2, _ => 1 });
        var weights = new RecurrentWeights(GradientCheck.Draw(2, rows, inputSize), GradientCheck.Draw(3, rows, hiddenSize),
            GradientCheck.Draw(4, rows), GradientCheck.Draw(5, rows));
        // relu's corner must lie between no two points of a difference: the biases keep every sum above it or well below.
        if (kind == "relu")
        {
            weights.BiasIh!.CopyFrom([.. Enumerable.Range(0, rows).Select(i => i % 2 == 0 ? 6f : -6f)]);
            weights.WeightHh.CopyFrom([.. weights.WeightHh.ToArray().Select(w => w / 20)]);
        }

        return (GradientCheck.Draw(1, batchSize, steps, inputSize), weights);
    }

    private static Tensor[] Run(string kind, Tensor x, Tensor? hidden, Tensor? cell, RecurrentWeights weights, bool reverse)
    {
        if (kind == "lstm")
        {
            var (y, h, c) = Ops.Lstm(x, hidden, cell, weights, reverse);
            return [y, h, c];
        }

        var (output, final) = kind switch
        {
            "gru" => Ops.Gru(x, hidden, weights, GruForm.ResetAfter, reverse),
            "gru before" => Ops.Gru(x, hidden, weights, GruForm.ResetBefore, reverse),
            "gru update" => Ops.Gru(x, hidden, weights, GruForm.UpdateOnly, reverse),
            "gru minimal" => Ops.Gru(x, hidden, weights, GruForm.Minimal, reverse),
            "relu" => Ops.SimpleRnn(x, hidden, weights, Activation.Relu, reverse),
            _ => Ops.SimpleRnn(x, hidden, weights, Activation.Tanh, reverse),
        };
        return [output, final];
    }

    private static Matrix<double> Matrix(Tensor x) => Matrix<double>.Build.Dense(x.Shape[0], x.Shape[1], (row, column) => x[row, column]);

    private static Vector<double> Vector(Tensor x) => Vector<double>.Build.Dense(x.Length, i => x[i]);
}
