using CourseKit.Textbook;
using MathNet.Numerics.LinearAlgebra;

namespace CourseKit.Notebooks;

/// <summary>The exercises of notebook 03.</summary>
internal static class Notebook03
{
    private static readonly double[,] SomeW = { { 0.5, -0.3, 0.8 }, { 0.2, 0.7, -0.6 }, { -0.9, 0.4, 0.1 } };
    private static readonly double[,] SomeU = { { 0.4, -0.7, 0.2 }, { 0.9, 0.1, -0.5 }, { -0.3, 0.6, 0.8 } };
    private static readonly double[] SomeB = [0.1, -0.2, 0.3];

    public static IReadOnlyList<Exercise> All { get; } =
    [
        Exercise.OfFunction<Func<int, int, int, int>>("03.1", "int CountParameters(int inputs, int states, int outputs)",
            solution: (inputs, states, outputs) => Rows(states, inputs) + Rows(states, states) + Rows(outputs, states),
            cases: [[3, 5, 4], [10, 20, 3], [1, 1, 1], [7, 2, 9]],
            mistakes:
            [
                new("That has one bias for the state. The library, as PyTorch, has two, one beside each product, and counts both.", (i, s, o) => s * i + s * s + s + o * s + o),
                new("The biases are missing: every neuron of A, B and C adds one number of its own.", (i, s, o) => s * i + s * s + o * s),
                new("Neurons B are missing: they read the delayed state, every one all of it.", (i, s, o) => s * i + s + o * s + o),
                new("Neurons C read the state, not the input.", (i, s, o) => s * i + s + s * s + s + o * i + o),
                new("Neurons C are missing: they make the output of the state.", (i, s, _) => s * i + s + s * s + s),
            ]),
        Exercise.OfFunction<Func<Matrix<double>, Matrix<double>, Matrix<double>>>("03.2", "Matrix<double> Stack(Matrix<double> Waa, Matrix<double> Wax)",
            solution: (Waa, Wax) => Matrix<double>.Build.Dense(Waa.RowCount, Waa.ColumnCount + Wax.ColumnCount, (i, j) => j < Waa.ColumnCount ? Waa[i, j] : Wax[i, j - Waa.ColumnCount]),
            cases: [[Dense(SomeU), Dense(SomeW)], [Dense(SomeW), Dense(SomeU)]],
            mistakes:
            [
                new("The columns stand the other way round: the vector is [a, x], so the first columns must be those that multiply a.", (Waa, Wax) => Wax.Append(Waa)),
                new("That puts them below one another, which gives two vectors of states instead of their sum. Each row must meet a and x.", (Waa, Wax) => Waa.Stack(Wax)),
                new("A sum of the matrices would multiply a and x by the same numbers. Each needs its own columns.", (Waa, Wax) => Waa + Wax),
                new("One of them, or both, is transposed: rows are the new state's numbers, columns what is read.", (Waa, Wax) => Waa.Transpose().Append(Wax.Transpose())),
            ]),
        Exercise.OfFunction<Func<double[,], double[,], double[], double[][], double[][]>>("03.3", "double[][] Run(double[,] W, double[,] U, double[] b, double[][] x)",
            solution: (W, U, b, x) =>
            {
                var cell = new SimpleRnnCell(new(Dense(W), Dense(U), Vector<double>.Build.Dense(b), Vector<double>.Build.Dense(b.Length)));
                return [.. Sequence.Forward(cell, x.Select(step => Vector<double>.Build.Dense(step))).Select(step => step.Hidden.ToArray())];
            },
            cases: [[SomeW, SomeU, SomeB, new[] { new[] { 1.0, 0, 0 }, [0, 1, 0], [1, 0, 0], [0, 0, 1] }], [SomeU, SomeW, SomeB, new[] { new[] { 0.5, -1, 2 }, [0.5, -1, 2], [0.5, -1, 2] }]],
            mistakes:
            [
                new("The state is not handed on: every step begins with zeros, so equal inputs give equal states.", (w, u, b, x) => Loop(w, u, b, x, (a, h) => (a.PointwiseTanh(), h))),
                new("The sum must go through tanh before it is the new state.", (w, u, b, x) => Loop(w, u, b, x, (a, _) => (a, a))),
                new("U is transposed: row i of U makes number i of the new state.", (w, u, b, x) => Loop(w, Turned(u), b, x, (a, _) => (a.PointwiseTanh(), a.PointwiseTanh()))),
                new("W is transposed: row i of W makes number i of the new state.", (w, u, b, x) => Loop(Turned(w), u, b, x, (a, _) => (a.PointwiseTanh(), a.PointwiseTanh()))),
                new("The delay keeps what was before tanh. What is handed on is the state itself, after tanh.", (w, u, b, x) => Loop(w, u, b, x, (a, _) => (a.PointwiseTanh(), a))),
                new("The bias is missing: every neuron adds its own number to the sum.", (w, u, b, x) => Loop(w, u, new double[b.Length], x, (a, _) => (a.PointwiseTanh(), a.PointwiseTanh()))),
            ]),
    ];

    private static int Rows(int neurons, int reads) => Enumerable.Range(0, neurons).Sum(_ => reads + 1);

    private static Matrix<double> Dense(double[,] values) => Matrix<double>.Build.DenseOfArray(values);

    private static double[,] Turned(double[,] values) => Dense(values).Transpose().ToArray();

    // A loop with a mistake: what a step gives out, and what it hands on.
    private static double[][] Loop(double[,] w, double[,] u, double[] b, double[][] x, Func<Vector<double>, Vector<double>, (Vector<double> Out, Vector<double> On)> step)
    {
        var (h, outputs) = (Vector<double>.Build.Dense(b.Length), new List<double[]>());
        foreach (var input in x)
        {
            var (given, on) = step(Dense(w) * Vector<double>.Build.Dense(input) + Dense(u) * h + Vector<double>.Build.Dense(b), h);
            outputs.Add(given.ToArray());
            h = on;
        }

        return [.. outputs];
    }
}
