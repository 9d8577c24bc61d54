using CourseKit.Data;
using CourseKit.Layers;
using CourseKit.Optimizers;
using CourseKit.Tensors;
using CourseKit.Textbook;
using CourseKit.Training;
using MathNet.Numerics.LinearAlgebra;

namespace CourseKit.Tests.Training;

/// <summary>Truncated backpropagation through time with k1 = Window and k2 = Window·BackpropagationWindows, against the textbook's cell taken back by hand.</summary>
public class TruncatedBackpropagationTests
{
    private const int Window = 4, Rows = 2, Inputs = 3, Hidden = 5, Time = 30;
    private const double Rate = 0.5;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(20)]
    public void Fit_Windows_TakesTheTextbooksSteps(int windows)
    {
        var (x, targets) = (Draw(1, Inputs), Draw(2, Hidden));
        var lstm = new Lstm(Inputs, Hidden);
        var model = new Model(7, lstm);
        var weights = Copy(lstm);

        var history = model.Fit(Batches(x, targets), new() { Optimizer = new Sgd(Rate), BackpropagationWindows = windows, Progress = null });

        var (losses, end) = ByHand(weights, x, targets, windows);
        Assert.Equal(losses.Count, history.Steps.Count);
        for (var step = 0; step < losses.Count; step++)
            Assert.Equal(losses[step], history.Steps[step].Loss, 2e-6);
        var got = Copy(lstm);
        foreach (var (expected, actual) in new[] { (end.WeightIh, got.WeightIh), (end.WeightHh, got.WeightHh), (end.BiasIh.ToColumnMatrix(), got.BiasIh.ToColumnMatrix()) })
            Assert.InRange((expected - actual).Enumerate().Max(Math.Abs), 0, 1e-5);
    }

    [Fact]
    public void Fit_MoreWindows_LearnsSomethingElse()
    {
        var (x, targets) = (Draw(1, Inputs), Draw(2, Hidden));
        double[] Losses(int windows) =>
            [.. new Model(7, new Lstm(Inputs, Hidden)).Fit(Batches(x, targets), new() { Optimizer = new Sgd(Rate), BackpropagationWindows = windows, Progress = null }).Steps.Select(step => step.Loss)];

        var (one, two) = (Losses(1), Losses(2));
        // The first step has one window either way; from the second on the window before is run again with the new weights.
        Assert.Equal(one[0], two[0]);
        Assert.NotEqual(one[1], two[1]);
    }

    [Fact]
    public void Fit_BatchThatDoesNotContinue_BeginsAnew()
    {
        var (x, targets) = (Draw(1, Inputs), Draw(2, Hidden));
        Batch[] apart = [.. Batches(x, targets).Select(batch => new Batch(batch.Features!, batch.Values!))];
        double[] Losses(int windows) => [.. new Model(7, new Lstm(Inputs, Hidden)).Fit(apart, new() { BackpropagationWindows = windows, Progress = null }).Steps.Select(step => step.Loss)];
        Assert.Equal(Losses(1), Losses(4));
    }

    [Fact]
    public void Fit_WindowsBelowOne_Throws() => Assert.Equal(
        "FitOptions: BackpropagationWindows must be at least 1, but is 0.",
        Assert.Throws<ArgumentException>(() => new Model(1, new Lstm(1, 1)).Fit([], new() { BackpropagationWindows = 0, Progress = null })).Message);

    // The oracle: all kept windows forward from the oldest's state, back from the newest's loss alone.
    private static (List<double> Losses, CellWeights End) ByHand(CellWeights weights, float[][,] x, float[][,] targets, int windows)
    {
        var losses = new List<double>();
        var states = new CellState?[Rows];
        for (var (first, now) = (0, 0); now < Time; now += Window)
        {
            var to = Math.Min(now + Window, Time);
            var cell = new LstmCell(weights);
            var (loss, count) = (0.0, Rows * (to - now) * Hidden);
            var after = new CellState[Rows];
            for (var row = 0; row < Rows; row++)
            {
                var steps = Sequence.Forward(cell, Enumerable.Range(first, to - first).Select(t => Row(x[row], t)), states[row]);
                var slopes = steps.Select((step, index) => first + index < now ? Vector<double>.Build.Dense(Hidden) : (step.Hidden - Row(targets[row], first + index)) * 2 / count).ToList();
                loss += slopes.Sum(slope => slope.DotProduct(slope)) * count / 4;
                _ = Sequence.Backward(cell, steps, slopes);
                after[row] = steps[Math.Min(Window, steps.Count) - 1].After;
            }
            losses.Add(loss);
            if (now - first == (windows - 1) * Window)
                (first, states) = (first + Window, after);
            var g = cell.Gradients;
            weights = new(weights.WeightIh - (Rate * g.WeightIh), weights.WeightHh - (Rate * g.WeightHh), weights.BiasIh - (Rate * g.BiasIh), weights.BiasHh - (Rate * g.BiasHh));
        }
        return (losses, weights);
    }

    private static IEnumerable<Batch> Batches(float[][,] x, float[][,] targets)
    {
        for (var now = 0; now < Time; now += Window)
            yield return new(Cut(x, now), Cut(targets, now), continues: now > 0);
    }

    private static Tensor Cut(float[][,] rows, int from)
    {
        var (steps, size) = (Math.Min(Window, Time - from), rows[0].GetLength(1));
        var cut = Tensor.Zeros(Rows, steps, size);
        for (var row = 0; row < Rows; row++)
            for (var t = 0; t < steps; t++)
                for (var i = 0; i < size; i++)
                    cut[row, t, i] = rows[row][from + t, i];
        return cut;
    }

    private static float[][,] Draw(int seed, int size)
    {
        var random = new RandomSource(seed);
        var rows = Enumerable.Range(0, Rows).Select(_ => new float[Time, size]).ToArray();
        foreach (var row in rows)
            for (var i = 0; i < row.Length; i++)
                row[i / size, i % size] = (float)random.NextNormal();
        return rows;
    }

    private static Vector<double> Row(float[,] numbers, int t) => Vector<double>.Build.Dense(numbers.GetLength(1), i => numbers[t, i]);

    private static CellWeights Copy(Lstm lstm) => new(Matrix(lstm.WeightIh()), Matrix(lstm.WeightHh()), Matrix(lstm.BiasIh()).Column(0), Matrix(lstm.BiasHh()).Column(0));

    private static Matrix<double> Matrix(Tensor tensor)
    {
        var (columns, numbers) = (tensor.Shape.Rank == 2 ? tensor.Shape.Last : 1, tensor.ToArray());
        return Matrix<double>.Build.Dense(numbers.Length / columns, columns, (i, j) => numbers[(i * columns) + j]);
    }
}
