using CourseKit.Backends;
using CourseKit.Backends.Reference;

namespace CourseKit.Tests.Backends;

public abstract partial class BackendContract
{
    [Theory]
    [InlineData(6, 65, 0, false)]
    [InlineData(4, 3, 0, true)]
    [InlineData(5, 37, 0.1, false)]
    [InlineData(3, 16, 0.3, true)]
    [InlineData(2, 1, 1, true)]
    public void CrossEntropy_WeightsAndSmoothing_MatchOracle(int rows, int classes, double smoothing, bool weighClasses)
    {
        var x = Draw(rows * classes, 5);
        int[] targets = [.. Enumerable.Range(0, rows).Select(row => row == 1 ? -100 : row * 7 % classes)];
        double[] weights = [.. Enumerable.Range(0, rows).Select(row => row == 1 ? 0 : 0.25 + row)];
        double[]? w = weighClasses ? [.. Enumerable.Range(0, classes).Select(j => j % 3 * 0.5)] : null;
        var p = Softmax(x, rows, classes);
        double Q(int i) => (w?[i % classes] ?? 1) * ((targets[i / classes] == i % classes ? 1 - smoothing : 0) + smoothing / classes);
        var (losses, d) = (new double[rows], new double[rows * classes]);
        for (var i = 0; i < x.Length; i++)
        {
            var row = i / classes;
            losses[row] -= weights[row] * Q(i) * Math.Log(p[i]);
            d[i] = weights[row] * (p[i] * Enumerable.Range(row * classes, classes).Sum(Q) - Q(i));
        }

        var (each, gradient) = (Backend.Rent(rows), Backend.Rent(rows * classes));
        var of = new ClassTargets { Classes = targets, Weights = weights, ClassWeights = OfOptional(w), Smoothing = smoothing };
        var total = Backend.CrossEntropy(Of(x), of, each, gradient, rows, classes);
        Assert.Equal(losses.Sum(), total, 2e-6 * Math.Max(1, losses.Sum()));
        Close(losses, Numbers(each), 2e-6);
        Close(d, Numbers(gradient), 2e-6);
        Assert.Equal(total, Backend.CrossEntropy(Of(x), of, null, null, rows, classes));
    }

    [Theory]
    [InlineData(1, 1, 2, 0)]
    [InlineData(3, 9, 5, 3)]
    [InlineData(4, 21, 37, 8)]
    public void Ctc_OddShapes_MatchesTheReference(int B, int T, int V, int L)
    {
        var x = Draw(B * T * V, 4);
        int[] labels = [.. Enumerable.Range(0, B * L).Select(i => i * 5 % (V - 1))];
        int[] times = [.. Enumerable.Range(0, B).Select(b => b == 3 ? L - 1 : T - b)], counts = [.. Enumerable.Range(0, B).Select(b => Math.Max(0, L - b % 3))];
        double[] weights = [.. Enumerable.Range(1, B).Select(b => 0.5 * b)];
        var (losses, gradient) = (Backend.Rent(B), Backend.Rent(B * T * V));
        var targets = new CtcTargets { Labels = labels, MaxLength = L, InputLengths = times, TargetLengths = counts, Weights = weights, Blank = V - 1, ZeroInfinity = true };
        var total = Backend.Ctc(Of(x), targets, losses, gradient, B, T, V);

        var reference = new Float64Backend();
        var (input, expectedLosses, expected) = (reference.Rent(x.Length), reference.Rent(B), reference.Rent(x.Length));
        Float64Backend.Write(x, input, 0);
        Assert.Equal(reference.Ctc(input, targets, expectedLosses, expected, B, T, V), total, 1e-4);
        Close(Doubles(expectedLosses), Numbers(losses), 2e-6);
        Close(Doubles(expected), Numbers(gradient), 2e-6);
        Assert.Equal(total, Backend.Ctc(Of(x), targets, null, null, B, T, V));
    }

    [Fact]
    public void AddScaledRows_OddSizes_MatchesItsEquation()
    {
        foreach (var (rows, columns) in new[] { (1, 1), (5, 17), (300, 129) })
        {
            var (scale, x, y) = (Draw(rows), Draw(rows * columns), Draw(rows * columns));
            var to = Of(y);
            Backend.AddScaledRows(Of(scale), Of(x), to, rows, columns);
            Close([.. y.Select((value, i) => value + scale[i / columns] * x[i])], Numbers(to), 1e-6);
        }
    }

    private static double[] Doubles(Storage storage)
    {
        var values = new double[storage.Length];
        Float64Backend.Read(storage, 0, values);
        return values;
    }
}
