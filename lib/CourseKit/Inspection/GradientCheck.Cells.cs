using CourseKit.Tensors;
using CourseKit.Textbook;
using MathNet.Numerics.LinearAlgebra;

namespace CourseKit.Inspection;

public static partial class GradientCheck
{
    /// <summary>
    /// Checks a cell with a Backward written by hand, over several time steps, so that what flows through the state counts: the gradients of its weights and biases
    /// and whatever more it learns, of the inputs, and of the first state.
    /// </summary>
    /// <param name="cell">One of the textbook's cells, or your own. Its weights and its Gradients are as before afterwards; the gradients of its MoreParameters are zero.</param>
    /// <param name="steps">How many time steps, at least 1. Default: 4.</param>
    /// <param name="seed">The inputs and the first state are drawn from it.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="ArgumentOutOfRangeException">steps is below 1.</exception>
    public static GradientCheckResult Of(RecurrentCell cell, int steps = 4, long seed = 1)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        var random = new RandomSource(seed);
        Vector<double> Draw(int count) => Vector<double>.Build.Dense(count, _ => (2 * random.NextDouble()) - 1);

        var (weights, start) = (cell.Weights, cell.Start);
        var x = Enumerable.Range(0, steps).Select(_ => Draw(cell.XSize)).ToArray();
        start = new CellState(Draw(start.Hidden.Count), start.Cell is null ? null : Draw(start.Cell.Count));
        var dHidden = x.Select(_ => Draw(start.Hidden.Count)).ToArray();
        var dLast = new CellState(Draw(start.Hidden.Count), start.Cell is null ? null : Draw(start.Cell.Count));

        var kept = cell.Gradients;
        cell.ClearGradients();
        var (dX, dStart) = Sequence.Backward(cell, Sequence.Forward(cell, x, start), dHidden, dLast);
        var gradients = cell.Gradients;
        var numbers = new List<CheckedNumbers>
        {
            Of("weight_ih", weights.WeightIh, gradients.WeightIh),
            Of("weight_hh", weights.WeightHh, gradients.WeightHh),
            Of("bias_ih", weights.BiasIh, gradients.BiasIh),
            Of("bias_hh", weights.BiasHh, gradients.BiasHh),
            new("x", [1, steps, cell.XSize], [.. x.SelectMany(v => v)], (i, value) => x[i / cell.XSize][i % cell.XSize] = value, [.. dX.SelectMany(v => v)]),
            Of("hidden", start.Hidden, dStart.Hidden),
        };
        numbers.AddRange(cell.MoreParameters.Select(more => new CheckedNumbers(more.Name, more.Shape, more.Values, more.Set, more.Gradient)));
        if (start.Cell is not null)
            numbers.Add(Of("cell", start.Cell, dStart.Cell ?? Vector<double>.Build.Dense(start.Cell.Count)));

        var result = new GradientCheckResult(cell.ToString()!, [.. numbers.Select(number => number.Compare(Loss, Tolerance))], Tolerance);
        cell.ClearGradients();
        cell.Gradients = kept;
        return result;

        double Loss()
        {
            var taken = Sequence.Forward(cell, x, start);
            var last = taken[^1].After;
            return taken.Zip(dHidden, (step, d) => step.Hidden * d).Sum() + (last.Hidden * dLast.Hidden) + (last.Cell is null ? 0 : last.Cell * dLast.Cell);
        }
    }

    /// <summary>Checks a function with a backward function of your own.</summary>
    /// <param name="forward">y = f(x), of any lengths; the same for the same x.</param>
    /// <param name="backward">From x and ∂L/∂y, as long as y, to ∂L/∂x, as long as x.</param>
    /// <param name="x">Where to check.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="ArgumentException">backward gave another length than x has.</exception>
    public static GradientCheckResult Of(Func<double[], double[]> forward, Func<double[], double[], double[]> backward, double[] x)
    {
        ArgumentNullException.ThrowIfNull(forward);
        ArgumentNullException.ThrowIfNull(backward);
        ArgumentNullException.ThrowIfNull(x);
        double[] at = [.. x];
        var weights = Array.ConvertAll(Weights(forward([.. at]).Length, 0), w => (double)w);
        var gradient = backward([.. at], weights);
        if (gradient.Length != x.Length)
            throw new ArgumentException($"GradientCheck: backward must give one number for each of the {x.Length} of x, but gave {gradient.Length}.", nameof(backward));
        var row = new CheckedNumbers("x", [x.Length], x, (i, value) => at[i] = value, gradient).Compare(() => forward([.. at]).Zip(weights, (y, w) => y * w).Sum(), Tolerance);
        return new GradientCheckResult(nameof(GradientCheck), [row], Tolerance);
    }

    private static CheckedNumbers Of(string name, Matrix<double> value, Matrix<double> gradient) =>
        new(name, [value.RowCount, value.ColumnCount], [.. RowMajor(value)], (i, number) => value[i / value.ColumnCount, i % value.ColumnCount] = number, [.. RowMajor(gradient)]);

    private static CheckedNumbers Of(string name, Vector<double> value, Vector<double> gradient) =>
        new(name, [value.Count], [.. value], (i, number) => value[i] = number, [.. gradient]);

    private static IEnumerable<double> RowMajor(Matrix<double> matrix) => matrix.EnumerateRows().SelectMany(row => row);
}
