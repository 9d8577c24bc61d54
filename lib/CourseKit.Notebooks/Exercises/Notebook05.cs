using CourseKit.Textbook;
using MathNet.Numerics.LinearAlgebra;
using Bptt = System.Func<
    MathNet.Numerics.LinearAlgebra.Matrix<double>, MathNet.Numerics.LinearAlgebra.Matrix<double>, MathNet.Numerics.LinearAlgebra.Matrix<double>,
    MathNet.Numerics.LinearAlgebra.Matrix<double>, MathNet.Numerics.LinearAlgebra.Matrix<double>,
    (MathNet.Numerics.LinearAlgebra.Matrix<double> DWeightIh, MathNet.Numerics.LinearAlgebra.Matrix<double> DWeightHh,
    MathNet.Numerics.LinearAlgebra.Vector<double> DBias, MathNet.Numerics.LinearAlgebra.Matrix<double> DInputs)>;

namespace CourseKit.Notebooks;

/// <summary>The exercises of notebook 05: one step back, a whole backward pass with planted bugs, truncation.</summary>
internal static class Notebook05
{
    private static readonly Matrix<double> W_ih = Of(new[,] { { 0.4, -0.7, 0.2 }, { 0.9, 0.3, -0.5 } });
    private static readonly Matrix<double> W_hh = Of(new[,] { { 0.5, -0.8 }, { 0.3, 0.6 } });
    private static readonly Matrix<double> X = Of(new[,] { { 1, 0.5, -0.3 }, { -0.6, 0.8, 0.2 }, { 0.1, -0.9, 0.7 }, { 0.4, 0.6, -1 } });
    private static readonly Matrix<double> DOutput = Of(new[,] { { 0.3, -0.2 }, { -0.5, 0.1 }, { 0.2, 0.4 }, { 0.6, -0.7 } });

    public static IReadOnlyList<Exercise> All { get; } =
    [
        Exercise.OfFunction<Func<Matrix<double>, Vector<double>, Vector<double>, (Vector<double>, Vector<double>)>>(
            "05.1", "(Vector<double> dSum, Vector<double> dBefore) StepBack(Matrix<double> weightHh, Vector<double> hidden, Vector<double> dHidden)",
            solution: (weightHh, hidden, dHidden) =>
            {
                // The textbook's cell, with a step made up: its backward pass reads only the state after it.
                var cell = new SimpleRnnCell(CellWeights.Zeros(1, hidden.Count, 1) with { WeightHh = weightHh });
                var (_, dBefore) = cell.Backward(new SimpleRnnStep(Vector<double>.Build.Dense(1), cell.Start, new(hidden)), new(dHidden));
                return (cell.Gradients.BiasHh, dBefore.Hidden);
            },
            cases: [[W_hh, V(0.3, -0.6), V(1, 2)], [Of(new[,] { { 0.2, 0.9, -0.4 }, { -0.7, 0.1, 0.5 }, { 0.6, -0.3, 0.8 } }), V(0.5, -0.2, 0.9), V(-1, 0.5, 2)]],
            mistakes:
            [
                new("dBefore lacks a transpose. Neuron j of the old state reaches sum i through weightHh[i, j], so its gradient gathers column j. The matrix is square, so no shape complains.",
                    (weightHh, hidden, dHidden) => (Sum(hidden, dHidden), weightHh * Sum(hidden, dHidden))),
                new("The squashing is missing: dHidden must first go through tanh, whose slope at each neuron is known from hidden.",
                    (weightHh, hidden, dHidden) => (dHidden, weightHh.TransposeThisAndMultiply(dHidden))),
                new("dSum is right, but dBefore was made from dHidden. The state before reaches the loss through the sum, so it gets what came through tanh.",
                    (weightHh, hidden, dHidden) => (Sum(hidden, dHidden), weightHh.TransposeThisAndMultiply(dHidden))),
                new("That is tanh taken a second time: hidden is already tanh of the sum, and the slope is one minus its square.",
                    (weightHh, hidden, dHidden) => Both(weightHh, dHidden.PointwiseMultiply(1 - hidden.PointwiseTanh().PointwisePower(2)))),
                new("The slope of tanh is one minus the square of hidden, not one minus hidden.",
                    (weightHh, hidden, dHidden) => Both(weightHh, dHidden.PointwiseMultiply(1 - hidden))),
            ],
            parts: ["dSum[neuron]", "dBefore[neuron]"]),
        Exercise.OfFunction<Bptt>(
            "05.2",
            "(Matrix<double> dWeightIh, Matrix<double> dWeightHh, Vector<double> dBias, Matrix<double> dInputs) Backward(Matrix<double> weightIh, Matrix<double> weightHh, Matrix<double> x, Matrix<double> h, Matrix<double> dOutput)",
            solution: Solution,
            cases: [[W_ih, W_hh, X, States(W_ih, W_hh, X), DOutput], [2 * W_ih, W_hh.Transpose(), X.SubMatrix(0, 3, 0, 3), States(2 * W_ih, W_hh.Transpose(), X.SubMatrix(0, 3, 0, 3)), DOutput.SubMatrix(0, 3, 0, 2)]],
            mistakes:
            [
                new("All three bugs are still there. Begin with the bias: it acts at every time step. Then look at what is squashed, and at what goes to the time step before.", Wrong(transpose: false, slopeOfHidden: true, sumBias: false)),
                new("Two bugs are left. One is in the slope of tanh, one in what is handed to the time step before.", Wrong(transpose: false, slopeOfHidden: true)),
                new("Two bugs are left. One is in the bias, one in what is handed to the time step before.", Wrong(transpose: false, sumBias: false)),
                new("Two bugs are left. One is in the bias, one in the slope of tanh.", Wrong(slopeOfHidden: true, sumBias: false)),
                new("One bug is left, in what is handed to the time step before: it lacks a transpose. weightHh is square, so no shape complains.", Wrong(transpose: false)),
                new("One bug is left, in the slope of tanh: h already is tanh of the sum, and tanh is taken of it again.", Wrong(slopeOfHidden: true)),
                new("One bug is left: the bias is the same one at every time step, so its gradient is a sum over time. Here only one time step remains.", Wrong(sumBias: false)),
                new("The gradient from the future is forgotten: h[t] also went into time step t + 1, and what comes back from there must be added to dOutput[t].", Wrong(future: false)),
                new("dWeightHh is one time step off: weightHh multiplied the state before the step, so its share at t needs h[t - 1], and zeros at the first.", Wrong(shift: true)),
            ],
            parts: ["dWeightIh[neuron, feature]", "dWeightHh[to, from]", "dBias[neuron]", "dInputs[time, feature]"]),
        Exercise.OfFunction<Func<Matrix<double>, Matrix<double>, Matrix<double>, int, Matrix<double>>>(
            "05.3", "Matrix<double> Truncated(Matrix<double> weightHh, Matrix<double> h, Matrix<double> dOutput, int window)",
            solution: (weightHh, h, dOutput, window) =>
            {
                // The textbook's cell from step to step; the inputs do not matter for what goes back.
                var cell = new SimpleRnnCell(CellWeights.Zeros(1, weightHh.RowCount, 1) with { WeightHh = weightHh });
                var dHidden = dOutput.Clone();
                for (var t = dOutput.RowCount - 1; t > 0; t--)
                {
                    var (_, dBefore) = cell.Backward(new SimpleRnnStep(Vector<double>.Build.Dense(1), new(h.Row(t - 1)), new(h.Row(t))), new(dHidden.Row(t)));
                    if (t % window != 0)
                        dHidden.SetRow(t - 1, dOutput.Row(t - 1) + dBefore.Hidden);
                }

                return dHidden;
            },
            cases: [[W_hh, Long, DLong, 3], [W_hh, Long, DLong, 2], [W_hh, Long, DLong, 7]],
            mistakes:
            [
                new("Nothing is cut here: the gradient flows through all time steps. It must not pass from the first step of a window to the last step of the one before.",
                    (weightHh, h, dOutput, _) => Back(weightHh, h, dOutput, _ => false)),
                new("The cut is one time step off: with window 3 the windows are 0 to 2, 3 to 5 and so on, so nothing comes from 3 to 2.",
                    (weightHh, h, dOutput, window) => Back(weightHh, h, dOutput, t => t % window == 0)),
                new("Windows begin at the first time step and not at the last: when the length is no multiple of the window, the last window is the short one.",
                    (weightHh, h, dOutput, window) => Back(weightHh, h, dOutput, t => (dOutput.RowCount - 1 - t) % window == 0)),
                new("Gradients were cut at every time step: inside a window they still flow from one step to the one before.",
                    (_, _, dOutput, _) => dOutput.Clone()),
                new("The losses before the last window are forgotten. Every window has its own losses; only what comes from later windows is cut off.",
                    (weightHh, h, dOutput, window) =>
                    {
                        var last = (dOutput.RowCount - 1) / window * window;
                        var only = dOutput.Clone();
                        for (var t = 0; t < last; t++)
                            only.ClearRow(t);
                        return Back(weightHh, h, only, t => (t + 1) % window == 0);
                    }),
            ],
            parts: ["dHidden[time, neuron]"]),
    ];

    private static Matrix<double> Long => States(W_ih, W_hh, X.Stack(-X.SubMatrix(0, 3, 0, 3)));

    private static Matrix<double> DLong => DOutput.Stack(0.5 * DOutput.SubMatrix(1, 3, 0, 2));

    // The textbook's cell; x and h are [time, feature].
    private static (Matrix<double>, Matrix<double>, Vector<double>, Matrix<double>) Solution(Matrix<double> weightIh, Matrix<double> weightHh, Matrix<double> x, Matrix<double> h, Matrix<double> dOutput)
    {
        var zeros = Vector<double>.Build.Dense(weightHh.RowCount);
        var cell = new SimpleRnnCell(new(weightIh, weightHh, zeros, zeros));
        SimpleRnnStep[] steps = [.. Enumerable.Range(0, x.RowCount).Select(t => new SimpleRnnStep(x.Row(t), new(t == 0 ? zeros : h.Row(t - 1)), new(h.Row(t))))];
        var (dX, _) = Sequence.Backward(cell, steps, [.. dOutput.EnumerateRows()]);
        return (cell.Gradients.WeightIh, cell.Gradients.WeightHh, cell.Gradients.BiasIh, Matrix<double>.Build.DenseOfRowVectors(dX));
    }

    // The plain loop, with mistakes to choose from.
    private static Bptt Wrong(bool transpose = true, bool slopeOfHidden = false, bool sumBias = true, bool future = true, bool shift = false) => (weightIh, weightHh, x, h, dOutput) =>
    {
        var (dWeightIh, dWeightHh, dInputs) = (0 * weightIh, 0 * weightHh, 0 * x);
        var dBias = Vector<double>.Build.Dense(weightHh.RowCount);
        var dNext = Vector<double>.Build.Dense(weightHh.RowCount);
        for (var t = x.RowCount - 1; t >= 0; t--)
        {
            var dSum = Sum(slopeOfHidden ? h.Row(t).PointwiseTanh() : h.Row(t), dOutput.Row(t) + dNext);
            dWeightIh += dSum.OuterProduct(x.Row(t));
            if (shift)
                dWeightHh += dSum.OuterProduct(h.Row(t));
            else if (t > 0)
                dWeightHh += dSum.OuterProduct(h.Row(t - 1));
            dBias = sumBias ? dBias + dSum : dSum;
            dInputs.SetRow(t, weightIh.TransposeThisAndMultiply(dSum));
            dNext = !future ? 0 * dNext : transpose ? weightHh.TransposeThisAndMultiply(dSum) : weightHh * dSum;
        }

        return (dWeightIh, dWeightHh, dBias, dInputs);
    };

    // ∂L/∂h_t for all t; cut says after which time step nothing comes back.
    private static Matrix<double> Back(Matrix<double> weightHh, Matrix<double> h, Matrix<double> dOutput, Func<int, bool> cut)
    {
        var dHidden = dOutput.Clone();
        for (var t = dOutput.RowCount - 2; t >= 0; t--)
            if (!cut(t))
                dHidden.SetRow(t, dOutput.Row(t) + weightHh.TransposeThisAndMultiply(Sum(h.Row(t + 1), dHidden.Row(t + 1))));
        return dHidden;
    }

    private static Matrix<double> States(Matrix<double> weightIh, Matrix<double> weightHh, Matrix<double> x)
    {
        var zeros = Vector<double>.Build.Dense(weightHh.RowCount);
        return Matrix<double>.Build.DenseOfRowVectors(Sequence.Forward(new SimpleRnnCell(new(weightIh, weightHh, zeros, zeros)), x.EnumerateRows()).Select(step => step.Hidden));
    }

    // Through tanh, from its value.
    private static Vector<double> Sum(Vector<double> hidden, Vector<double> dHidden) => dHidden.PointwiseMultiply(1 - hidden.PointwiseMultiply(hidden));

    private static (Vector<double>, Vector<double>) Both(Matrix<double> weightHh, Vector<double> dSum) => (dSum, weightHh.TransposeThisAndMultiply(dSum));

    private static Matrix<double> Of(double[,] values) => Matrix<double>.Build.DenseOfArray(values);

    private static Vector<double> V(params double[] values) => Vector<double>.Build.Dense(values);
}
