using CourseKit.Backends;

namespace CourseKit.Tests.Backends;

public abstract partial class BackendContract
{
    [Fact]
    public void MatMul_OddShapesTransposesAndAccumulate_MatchOracle()
    {
        foreach (var (m, n, k) in new[] { (1, 1, 1), (2, 3, 4), (1, 130, 33), (7, 65, 17), (6, 64, 32), (13, 16, 9), (33, 47, 1), (5, 9, 130), (130, 70, 65), (300, 70, 530) })
            foreach (var (transposeA, transposeB, accumulate) in new[] { (false, false, false), (true, false, true), (false, true, false), (true, true, true), (false, false, true) })
                MatMulMatches(m, n, k, transposeA, transposeB, accumulate);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(37)]
    public void Elementwise_EachOperation_MatchesItsEquation(int n)
    {
        var (a, b, c) = (Draw(n), Draw(n), Draw(n));
        void Check(Func<int, double> expected, Action<Storage, Storage, Storage> call)
        {
            var y = Of(c);
            call(Of(a), Of(b), y);
            Close([.. Enumerable.Range(0, n).Select(expected)], Numbers(y), 2e-6);
        }

        Check(i => a[i], (p, _, y) => Backend.Copy(p, y));
        Check(_ => 3.5, (_, _, y) => Backend.Fill(y, 3.5f));
        Check(_ => 0, (_, _, y) => Backend.Fill(y, 0));
        Check(i => c[i] + a[i], (p, _, y) => Backend.AddTo(p, y));
        Check(i => c[i] - (2.5 * a[i]), (p, _, y) => Backend.AddScaled(-2.5f, p, y));
        Check(i => a[i] + b[i], (p, q, y) => Backend.Add(p, q, y));
        Check(i => a[i] - b[i], (p, q, y) => Backend.Subtract(p, q, y));
        Check(i => a[i] * b[i], (p, q, y) => Backend.Multiply(p, q, y));
        Check(i => c[i] + (a[i] * b[i]), (p, q, y) => Backend.MultiplyAdd(p, q, y));
        Check(i => -1.5 * a[i], (p, _, y) => Backend.Scale(p, -1.5f, y));
        Check(i => Math.Clamp(c[i], -0.25, 0.25), (_, _, y) => Backend.Clip(y, 0.25f));
        Check(i => Math.Tanh(a[i]), (p, _, y) => Backend.Activate(Activation.Tanh, p, y));
        Check(i => Math.Max(0, a[i]), (p, _, y) => Backend.Activate(Activation.Relu, p, y));
        Check(i => 1 / (1 + Math.Exp(-a[i])), (p, _, y) => Backend.Activate(Activation.Sigmoid, p, y));
        Check(i => c[i] + (b[i] * (1 - (a[i] * a[i]))), (p, q, y) => Backend.ActivateBackward(Activation.Tanh, p, q, y));
        Check(i => c[i] + (a[i] > 0 ? b[i] : 0), (p, q, y) => Backend.ActivateBackward(Activation.Relu, p, q, y));
        Check(i => c[i] + (b[i] * a[i] * (1 - a[i])), (p, q, y) => Backend.ActivateBackward(Activation.Sigmoid, p, q, y));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(37)]
    public void Fill_Zero_IsAddedToAsZeros(int n)
    {
        var (a, b, c) = (Draw(n), Draw(n), Draw(n));
        void Check(Func<int, double> expected, Action<Storage, Storage, Storage> call)
        {
            var y = Of(c);
            Backend.Fill(y, 0);
            call(Of(a), Of(b), y);
            Close([.. Enumerable.Range(0, n).Select(expected)], Numbers(y), 2e-6);
        }

        Check(i => a[i], (p, _, y) => Backend.AddTo(p, y));
        Check(i => a[i] * b[i], (p, q, y) => Backend.MultiplyAdd(p, q, y));
        Check(i => a[i] * b[0], (p, q, y) => Backend.MatMul(p, q, y, n, 1, 1, transposeA: false, transposeB: false, accumulate: true));
        Check(i => 2 * a[i] * b[0], (p, q, y) =>
        {
            Backend.MatMul(p, q, y, n, 1, 1, transposeA: false, transposeB: false, accumulate: true);
            Backend.MatMul(p, q, y, n, 1, 1, transposeA: false, transposeB: false, accumulate: true);
        });
        Check(i => i == n - 1 ? 5 : 0, (_, _, y) => Backend.Write([5], y, n - 1));
        Check(_ => 7, (_, _, y) => Backend.Fill(y, 7));
        Check(_ => 0, (_, _, y) => Backend.Scale(y, float.MaxValue, y));
    }

    [Fact]
    public void Clip_NaNAndInfinities_KeepsTheNaNAndHoldsTheRest()
    {
        var x = Of([.. Enumerable.Repeat(new[] { double.NaN, double.NegativeInfinity, 0.5, double.PositiveInfinity, -2 }, 7).SelectMany(five => five)]);
        Backend.Clip(x, 1);
        Assert.Equal(Enumerable.Repeat(new[] { float.NaN, -1, 0.5f, 1, -1 }, 7).SelectMany(five => five), Numbers(x));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(100_003)]
    public void Sums_AnyLength_MatchOracle(int n)
    {
        var a = Draw(n);
        Assert.Equal(a.Sum(), Backend.Sum(Of(a)), 1e-6 + (2e-10 * n));
        Assert.Equal(a.Sum(v => v * v), Backend.SumOfSquares(Of(a)), 1e-6 * (n + 1));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 65)]
    [InlineData(300, 7)]
    public void Rows_SumsAndSoftmax_MatchOracle(int rows, int columns)
    {
        var (x, dY, start) = (Draw(rows * columns, 5), Draw(rows * columns), Draw(rows * columns));
        var dB = Of(start.Take(columns).ToArray());
        Backend.SumRows(Of(dY), dB, rows, columns);
        Close([.. Enumerable.Range(0, columns).Select(j => start[j] + Enumerable.Range(0, rows).Sum(r => dY[(r * columns) + j]))], Numbers(dB));

        var y = Backend.Rent(rows * columns);
        Backend.Softmax(Of(x), y, rows, columns);
        var expected = Softmax(x, rows, columns);
        Close(expected, Numbers(y), 2e-6);

        var dX = Of(start);
        Backend.SoftmaxBackward(Of(expected), Of(dY), dX, rows, columns);
        double Dot(int row) => Enumerable.Range(row * columns, columns).Sum(i => expected[i] * dY[i]);
        Close([.. Enumerable.Range(0, rows * columns).Select(i => start[i] + (expected[i] * (dY[i] - Dot(i / columns))))], Numbers(dX));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void CopyColumns_InnerBlock_TouchesNothingElse(bool accumulate)
    {
        var (from, to) = (Draw(3 * 7), Draw(3 * 5));
        var target = Of(to);
        Backend.CopyColumns(Of(from), 7, 4, target, 5, 1, 3, 2, accumulate);
        double At(int row, int j) => j is 1 or 2 ? from[(row * 7) + 4 + j - 1] + (accumulate ? to[(row * 5) + j] : 0) : to[(row * 5) + j];
        Close([.. Enumerable.Range(0, 15).Select(i => At(i / 5, i % 5))], Numbers(target), 1e-6);
    }

    [Fact]
    public void Linear_WithAndWithoutBias_MatchesOracle()
    {
        var (x, w, b) = (Draw(5 * 3), Draw(4 * 3), Draw(4));
        foreach (var bias in new[] { b, null })
        {
            var y = Backend.Rent(20);
            Backend.Linear(Of(x), Of(w), OfOptional(bias), y, 5, 3, 4);
            Close([.. Enumerable.Range(0, 20).Select(i => (bias?[i % 4] ?? 0) + Enumerable.Range(0, 3).Sum(p => x[(i / 4 * 3) + p] * w[(i % 4 * 3) + p]))], Numbers(y));
        }
    }

    [Fact]
    public void Embedding_RepeatedIds_SumTheirGradients()
    {
        var (weight, dY, start) = (Draw(4 * 3), Draw(5 * 3), Draw(4 * 3));
        int[] ids = [2, 0, 2, 3, 2];
        var (y, dWeight) = (Backend.Rent(15), Of(start));
        Backend.Embedding(Of(weight), ids, y, 3);
        Close([.. Enumerable.Range(0, 15).Select(i => weight[(ids[i / 3] * 3) + (i % 3)])], Numbers(y), 0);
        Backend.EmbeddingBackward(Of(dY), ids, dWeight, 3);
        Close([.. Enumerable.Range(0, 12).Select(i => start[i] + Enumerable.Range(0, 5).Where(row => ids[row] == i / 3).Sum(row => dY[(row * 3) + (i % 3)]))], Numbers(dWeight));
    }

    [Fact]
    public void Losses_OfValues_MatchOracle()
    {
        double[] logits = [.. Draw(37, 4), 120, -120];
        var t = Draw(39);
        var d = Backend.Rent(39);
        var loss = Backend.BinaryCrossEntropyWithLogits(Of(logits), Of(t), d);
        Assert.Equal(Enumerable.Range(0, 39).Average(i => Math.Max(logits[i], 0) - (logits[i] * t[i]) + Math.Log(1 + Math.Exp(-Math.Abs(logits[i])))), loss, 1e-6);
        Close([.. Enumerable.Range(0, 39).Select(i => ((1 / (1 + Math.Exp(-logits[i]))) - t[i]) / 39)], Numbers(d), 1e-7);

        loss = Backend.MeanSquaredError(Of(logits), Of(t), d);
        Assert.Equal(Enumerable.Range(0, 39).Average(i => (logits[i] - t[i]) * (logits[i] - t[i])), loss, 1e-3);
        Close([.. Enumerable.Range(0, 39).Select(i => 2 * (logits[i] - t[i]) / 39)], Numbers(d), 1e-6);
    }

    private static double[] Softmax(double[] x, int rows, int columns)
    {
        var y = new double[rows * columns];
        for (var row = 0; row < rows; row++)
        {
            var sum = Enumerable.Range(row * columns, columns).Sum(i => Math.Exp(x[i]));
            for (var j = 0; j < columns; j++) y[(row * columns) + j] = Math.Exp(x[(row * columns) + j]) / sum;
        }

        return y;
    }
}
