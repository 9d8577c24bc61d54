using CourseKit.Inspection;
using CourseKit.Textbook;
using MathNet.Numerics.LinearAlgebra;

namespace CourseKit.Tests.Textbook;

public class LstmVariantCellTests
{
    public static TheoryData<string> Kinds => [.. LstmVariantCells.Kinds];

    /// <summary>Every gradient of Σ weights·h_t + weights·last state against (f(x + ε) − f(x − ε))/2ε.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Backward_AgainstFiniteDifferences_Agrees(string kind)
    {
        const int Steps = 4;
        var made = LstmVariantCells.Make(kind, inputSize: 3, cellSize: 4, seed: 7);
        var cell = made.Cell;
        var random = new Random(4);
        Vector<double> Draw(int length) => Vector<double>.Build.Dense(length, _ => (2 * random.NextDouble()) - 1);
        CellState State() => new(Draw(made.StateSize), Draw(made.CellSize));

        var x = Enumerable.Range(0, Steps).Select(_ => Draw(made.XSize)).ToArray();
        var (start, dLast) = (State(), State());
        var dHidden = Enumerable.Range(0, Steps).Select(_ => Draw(made.StateSize)).ToArray();
        double Loss()
        {
            var taken = Sequence.Forward(cell, x, start);
            return taken.Zip(dHidden, (step, d) => step.Hidden * d).Sum() + (taken[^1].After.Hidden * dLast.Hidden) + (taken[^1].After.Cell! * dLast.Cell!);
        }

        var (dX, dStart) = Sequence.Backward(cell, Sequence.Forward(cell, x, start), dHidden, dLast);

        for (var t = 0; t < Steps; t++) AssertSlopes($"x[{t}]", dX[t].ToArray(), x[t].ToArray(), x[t].SetValues, Loss);
        AssertSlopes("h", dStart.Hidden.ToArray(), start.Hidden.ToArray(), start.Hidden.SetValues, Loss);
        AssertSlopes("c", dStart.Cell!.ToArray(), start.Cell!.ToArray(), start.Cell.SetValues, Loss);
        foreach (var (name, (values, set, gradient)) in made.Arrays) AssertSlopes(name, gradient(), values, set, Loss);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void GradientCheck_OfTheCell_Passes(string kind) => GradientCheck.Of(LstmVariantCells.Make(kind, inputSize: 3, cellSize: 5, seed: 2).Cell).Throw();

    [Theory]
    [MemberData(nameof(Kinds))]
    public void ClearGradients_AfterBackward_StartsFromZeroAgain(string kind)
    {
        var made = LstmVariantCells.Make(kind, inputSize: 2, cellSize: 3, seed: 1);
        var x = new[] { Vector<double>.Build.Dense(made.XSize, 1.0) };
        var d = new[] { Vector<double>.Build.Dense(made.StateSize, 1.0) };
        double[][] Backward()
        {
            Sequence.Backward(made.Cell, Sequence.Forward(made.Cell, x), d);
            return [.. made.Arrays.Values.Select(array => array.Gradient())];
        }

        var once = Backward();
        Assert.Equal([.. once.Select(gradient => gradient.Select(value => 2 * value))], Backward());
        made.Cell.ClearGradients();
        Assert.Equal(once, Backward());
    }

    [Fact]
    public void DepthGatedForward_GateShut_IsTheLstm()
    {
        var made = (DepthGatedLstmCell)LstmVariantCells.Make("depth", 2, 3, 1).Cell;
        made.Depth.Bias.Clear();
        made.Depth.Bias.Add(-1e3, made.Depth.Bias);
        var (x, below) = (Vector<double>.Build.Dense(2, 0.5), Vector<double>.Build.Dense(3, 0.7));
        var step = made.Forward(DepthGatedLstmCell.Input(x, below), made.Start);
        Assert.Equal(0, step.D.AbsoluteMaximum());
        Assert.Equal(new LstmCell(made.Weights).Forward(x, made.Start).Hidden, step.Hidden);
    }

    [Fact]
    public void Construct_PartsThatDoNotFit_ThrowNamingBoth()
    {
        var weights = CellWeights.Zeros(2, 3, 4);
        void Throws(string message, Func<object> make) => Assert.StartsWith(message, Assert.ThrowsAny<ArgumentException>(make).Message, StringComparison.Ordinal);
        Throws("PeepholeLstmCell: peephole must have 9 numbers, 3·hiddenSize, but has 4.", () => new PeepholeLstmCell(weights, Vector<double>.Build.Dense(4)));
        Throws("ProjectedLstmCell: projection must have 3 rows, as many as WeightHh has columns, but has 2.", () => new ProjectedLstmCell(weights, Matrix<double>.Build.Dense(2, 3)));
        Throws("ProjectedLstmCell(inputSize: 2, hiddenSize: 3): the weights and biases must have 4 gates of 5 rows each, 20 rows, but have 12, 12, 12 and 12.", () => new ProjectedLstmCell(weights, Matrix<double>.Build.Dense(3, 5)));
        Throws("DepthGatedLstmCell(inputSize: 2, hiddenSize: 3): x must have 5 numbers, but has 2.", () =>
        {
            var cell = new DepthGatedLstmCell(weights, new(Matrix<double>.Build.Dense(3, 2), Vector<double>.Build.Dense(3), Vector<double>.Build.Dense(3), Vector<double>.Build.Dense(3)));
            return cell.Forward(Vector<double>.Build.Dense(2), cell.Start);
        });
    }

    private static void AssertSlopes(string what, double[] gradient, double[] values, Action<double[]> set, Func<double> loss)
    {
        const double Epsilon = 1e-5;
        for (var i = 0; i < values.Length; i++)
        {
            double At(double change)
            {
                var changed = values.ToArray();
                changed[i] += change;
                set(changed);
                return loss();
            }

            var slope = (At(Epsilon) - At(-Epsilon)) / (2 * Epsilon);
            set(values);
            Assert.True(Math.Abs(slope - gradient[i]) <= 1e-7 * (1 + Math.Abs(slope)), $"{what}[{i}]: the finite difference is {slope:R}, but Backward gave {gradient[i]:R}.");
        }
    }
}
