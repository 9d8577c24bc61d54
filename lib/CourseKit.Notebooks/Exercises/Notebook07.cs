using CourseKit.Textbook;
using MathNet.Numerics.LinearAlgebra;

namespace CourseKit.Notebooks;

/// <summary>The exercises of notebook 07.</summary>
internal static class Notebook07
{
    private const int ManySteps = 1000;

    public static IReadOnlyList<Exercise> All { get; } =
    [
        Exercise.OfProperty<Func<CellWeights>>("07.1", "CellWeights Keep()",
            solution: () => Gates(-20, 20, 0, 20),
            judge: JudgeKeep,
            mistakes:
            [
                new("The cell forgets: 1,000 steps multiply it with f 1,000 times. How near to 1 must f be for that?", () => Gates(-20, 3, 0, 20)),
                new("The cell is emptied in the first step: the forget gate is shut. Which value of f keeps?", () => Gates(-20, -20, 0, 20)),
                new("The cell is kept, but it is also written to: the input gate lets the candidate in.", () => Listening(0, 20, 20)),
                new("The cell keeps, but h does not show it: h must be tanh(c), so all of it must pass the output gate.", () => Gates(-20, 20, 0, 0)),
                new("The weights must be those of one input and one neuron: WeightIh and WeightHh are [4, 1].", () => CellWeights.Zeros(1, 2, 4)),
            ]),
        Exercise.OfFunction<Func<double, int, double>>("07.2", "double BiasFor(double left, int steps)",
            solution: (left, steps) => -Math.Log(Math.Pow(left, -1.0 / steps) - 1),
            cases: [[0.5, 1], [0.5, 10], [0.2, 35], [0.9, 100]],
            mistakes:
            [
                new("That is σ(b), the share that one step keeps. The bias is what must go into the sigmoid for that.", (left, steps) => Math.Pow(left, 1.0 / steps)),
                new("That keeps the share in a single step. After the second one only its square is left.", (left, _) => Math.Log(left / (1 - left))),
                new("The share of one step is not that of all steps divided by their number: steps multiply.", (left, steps) => 1 - (1 - left) / steps is var each ? Math.Log(each / (1 - each)) : 0),
                new("The sign is the other one: a gate that keeps much has a large bias.", (left, steps) => Math.Log(Math.Pow(left, -1.0 / steps) - 1)),
            ]),
        Exercise.OfFunction<Func<double, double, double, double, double, double, double, double, double[]>>(
            "07.3", "double[] GateGradients(double i, double f, double g, double o, double cBefore, double c, double dh, double dc)",
            solution: ByTextbook,
            cases: [[0.3, 0.9, -0.6, 0.7, 0.8, 0.54, 1.5, -0.4], [0.8, 0.2, 0.5, 0.4, -1.0, 0.2, -0.7, 0.3], [0.5, 0.5, 0.9, 0.1, 2.0, 1.45, 0.6, 1.0]],
            mistakes:
            [
                new("The cell has two paths to the loss: dc comes in from the next step, and h adds its part, through o and tanh.", (i, f, g, o, old, c, dh, dc) => Sums(i, f, g, o, old, c, dh, dc)),
                new("Here the gradient of the next step's cell is left out: dc comes in on the straight path and must be added.", (i, f, g, o, old, c, dh, dc) => Back(i, f, g, o, old, c, dh, 0)),
                new("These are the gradients of the gates themselves. The sums stand before σ and tanh, whose derivatives are still missing.", (i, f, g, o, old, c, dh, dc) => Total(o, c, dh, dc) is var d ? [d * g, d * old, d * i, dh * Math.Tanh(c)] : []),
                new("The forget gate multiplied the cell before the step, not the new one.", (i, f, g, o, old, c, dh, dc) => Back(i, f, g, o, c, c, dh, dc)),
                new("On its way into h the cell goes through tanh, whose derivative is missing in the path from dh.", (i, f, g, o, old, c, dh, dc) => Sums(i, f, g, o, old, c, dh, dc + dh * o)),
                new("The candidate comes from tanh, not from a sigmoid: its derivative is another one.", (i, f, g, o, old, c, dh, dc) => Back(i, f, g, o, old, c, dh, dc) is var d ? [d[0], d[1], Total(o, c, dh, dc) * i * g * (1 - g), d[3]] : []),
            ],
            parts: ["da[gate]"]),
    ];

    // One input and one neuron with these biases.
    private static CellWeights Gates(double i, double f, double g, double o)
    {
        var weights = CellWeights.Zeros(1, 1, 4);
        weights.BiasIh.SetValues([i, f, g, o]);
        return weights;
    }

    private static CellWeights Listening(double i, double f, double o)
    {
        var weights = Gates(i, f, 0, o);
        weights.WeightIh[2, 0] = 1;
        return weights;
    }

    private static string? JudgeKeep(Func<CellWeights> keep)
    {
        var weights = keep();
        if (weights.InputSize != 1 || weights.HiddenSize != 1 || weights.WeightIh.RowCount != 4)
            return "The weights must be those of one input and one neuron: WeightIh and WeightHh are [4, 1].";
        var cell = new LstmCell(weights);
        var random = new Random(7);
        foreach (var start in (double[])[0.8, -1.5])
        {
            var inputs = Enumerable.Range(0, ManySteps).Select(_ => Vector<double>.Build.Dense(1, 2 * random.NextDouble() - 1));
            var steps = Sequence.Forward(cell, inputs, new CellState(Vector<double>.Build.Dense(1), Vector<double>.Build.Dense(1, start))).Cast<LstmStep>().ToList();
            var last = steps[^1];
            if (steps.Exists(step => !double.IsFinite(step.After.Cell![0])))
                return "The cell does not stay finite. Are all the weights finite?";
            if (steps.Max(step => Math.Abs(step.After.Cell![0] - start)) > 0.01)
            {
                var written = steps.Max(step => Math.Abs(step.I[0] * step.G[0]));
                if (steps[0].F[0] < 0.1)
                    return "The cell is emptied in the first step: the forget gate is shut. Which value of f keeps?";
                return written > 1e-5
                    ? "The cell is kept, but it is also written to: the input gate lets the candidate in."
                    : "The cell forgets: 1,000 steps multiply it with f 1,000 times. How near to 1 must f be for that?";
            }

            if (Math.Abs(last.After.Hidden[0] - Math.Tanh(start)) > 0.01)
                return "The cell keeps, but h does not show it: h must be tanh(c), so all of it must pass the output gate.";
        }

        return null;
    }

    // In the textbook cell's backward pass the gradients of the biases are those of the sums.
    private static double[] ByTextbook(double i, double f, double g, double o, double cBefore, double c, double dh, double dc)
    {
        static Vector<double> One(double value) => Vector<double>.Build.Dense(1, value);
        var cell = new LstmCell(CellWeights.Zeros(1, 1, 4));
        var step = new LstmStep(new CellState(One(0), One(cBefore)), new CellState(One(o * Math.Tanh(c)), One(c)), One(0), One(i), One(f), One(g), One(o));
        cell.Backward(step, new CellState(One(dh), One(dc)));
        return [.. cell.Gradients.BiasIh];
    }

    private static double[] Back(double i, double f, double g, double o, double cBefore, double c, double dh, double dc) => Sums(i, f, g, o, cBefore, c, dh, Total(o, c, dh, dc));

    private static double Total(double o, double c, double dh, double dc) => dc + dh * o * (1 - Math.Tanh(c) * Math.Tanh(c));

    private static double[] Sums(double i, double f, double g, double o, double cBefore, double c, double dh, double all) =>
        [all * g * i * (1 - i), all * cBefore * f * (1 - f), all * i * (1 - g * g), dh * Math.Tanh(c) * o * (1 - o)];
}
