using CourseKit.Backends;
using FsCheck;
using FsCheck.Fluent;

namespace CourseKit.Tests.Backends;

public abstract partial class BackendContract
{
    [Fact]
    public void MatMul_AnyShape_MatchesOracle() =>
        Prop.ForAll(Gen.Choose(1, 130).ArrayOf(3).ToArbitrary(), ArbMap.Default.ArbFor<bool[]>(), (sizes, flags) =>
        {
            var (m, n, k) = (sizes[0], sizes[1], sizes[2]);
            bool Flag(int i) => flags.Length > i && flags[i];
            MatMulMatches(m, n, k, Flag(0), Flag(1), Flag(2));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void MatMul_NothingToSum_IsZeroOrUnchanged()
    {
        var c = Of([1, 2, 3, 4, 5, 6]);
        Backend.MatMul(Of([]), Of([]), c, 2, 3, 0, false, false, accumulate: true);
        Assert.Equal([1, 2, 3, 4, 5, 6], Numbers(c));
        Backend.MatMul(Of([]), Of([]), c, 2, 3, 0, false, false, accumulate: false);
        Assert.All(Numbers(c), v => Assert.Equal(0, v));
    }

    [Fact]
    public void MatMul_NotFiniteOperands_ReachTheirRowsAndColumnsAlone()
    {
        const int M = 11, N = 37, K = 21;
        var (a, b) = (Draw(M * K), Draw(K * N));
        (a[(3 * K) + 5], a[(7 * K) + 20], b[(2 * N) + 36]) = (double.NaN, double.PositiveInfinity, double.NegativeInfinity);
        var c = Backend.Rent(M * N);
        Backend.MatMul(Of(a), Of(b), c, M, N, K, false, false, false);
        var values = Numbers(c);
        for (var i = 0; i < M; i++)
            for (var j = 0; j < N; j++)
            {
                var value = values[(i * N) + j];
                if (i == 3) Assert.True(float.IsNaN(value));
                else Assert.Equal(i != 7 && j != 36, float.IsFinite(value));
            }
    }

    [Fact]
    public void Activate_EdgesOfTheLine_SaturateAndKeepNaN()
    {
        double[] x = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1e30, -1e30, 100, -100, 0, -0.0, 1e-30, 0.5];
        float[] Through(Activation function)
        {
            var y = Backend.Rent(x.Length);
            Backend.Activate(function, Of(x), y);
            return Numbers(y);
        }

        var tanh = Through(Activation.Tanh);
        Assert.Equal([float.NaN, 1, -1, 1, -1, 1, -1], tanh[..7]);
        Assert.Equal([0, 0, 1e-30f, (float)Math.Tanh(0.5)], tanh[7..].Select(v => v == 0 ? 0 : v));
        var sigmoid = Through(Activation.Sigmoid);
        Assert.Equal([float.NaN, 1], sigmoid[..2]);
        Assert.All(new[] { sigmoid[2], sigmoid[4], sigmoid[6] }, v => Assert.InRange(v, 0, 1e-37f));
        Assert.Equal([1, 1, 0.5f, 0.5f, 0.5f], new[] { sigmoid[3], sigmoid[5], sigmoid[7], sigmoid[8], sigmoid[9] });
        Assert.Equal([float.NaN, float.PositiveInfinity, 0, 1e30f, 0, 100, 0], Through(Activation.Relu)[..7]);
    }

    [Fact]
    public void Activate_WholeLine_StaysWithinItsStatedError()
    {
        const int Count = 200_001;
        var x = Enumerable.Range(0, Count).Select(i => (double)(float)((i - (Count / 2)) * 2e-4)).Concat(Enumerable.Range(-200, 400).Select(i => (double)(float)Math.CopySign(Math.Pow(2, -Math.Abs(i) / 4.0), i))).ToArray();
        void Within(Activation function, Func<double, double> exact, double relative)
        {
            var y = Backend.Rent(x.Length);
            Backend.Activate(function, Of(x), y);
            var values = Numbers(y);
            var (worst, at) = Enumerable.Range(0, x.Length).Max(i => (Math.Abs(values[i] - exact(x[i])) / Math.Abs(exact(x[i]) + 1e-36), x[i]));
            Assert.True(worst <= relative, $"{function}({at:R}) is off by {worst:E2}");
            Assert.All(values, v => Assert.InRange(v, -1, 1));
        }

        Within(Activation.Tanh, Math.Tanh, 3e-7);
        Within(Activation.Sigmoid, v => 1 / (1 + Math.Exp(-v)), 2.5e-7);
    }

    [Theory]
    [InlineData(Activation.Tanh)]
    [InlineData(Activation.Sigmoid)]
    public void Activate_ShortBuffers_GiveTheBitsOfLongOnes(Activation function)
    {
        var x = Draw(67, 6);
        var whole = Backend.Rent(x.Length);
        Backend.Activate(function, Of(x), whole);
        for (var length = 1; length <= x.Length; length++)
        {
            var y = Backend.Rent(length);
            Backend.Activate(function, Of(x[..length]), y);
            Assert.Equal(Numbers(whole)[..length], Numbers(y));
        }
    }

    [Fact]
    public void Softmax_LargeAndNotFiniteLogits_StayInTheirRow()
    {
        double[] x = [1000, 999, -1000, 0, 0, double.NaN, 0, double.NegativeInfinity, 0];
        var y = Backend.Rent(9);
        Backend.Softmax(Of(x), y, 3, 3);
        var values = Numbers(y);
        Close([1 / (1 + Math.Exp(-1)), 1 / (1 + Math.E), 0], values[..3], 1e-6);
        Assert.All(values[3..6], v => Assert.True(float.IsNaN(v)));
        Assert.Equal([0.5f, 0, 0.5f], values[6..]);
        Assert.True(double.IsNaN(Backend.CrossEntropy(Of(x), new ClassTargets { Classes = [0, 1, 2], Weights = [1, 1, 1] }, null, null, 3, 3)));
    }

    [Theory]
    [InlineData("tanh")]
    [InlineData("lstm")]
    [InlineData("gru after")]
    [InlineData("gru before")]
    public void Recurrent_NaNInOneExample_StaysInItFromThatStepOn(string cell)
    {
        const int B = 3, T = 4, I = 5, H = 18;
        var oracle = Oracle(cell, B, T, I, H, reverse: false, full: true);
        oracle.X[(((1 * T) + 2) * I) + 1] = double.NaN;
        var run = new RecurrentRun(Backend, cell, oracle, B, T, I, H, false);
        run.Forward(keep: true);
        var y = Numbers(run.Y);
        for (var i = 0; i < y.Length; i++) Assert.Equal(i / (T * H) == 1 && i / H % T >= 2, float.IsNaN(y[i]));
    }

    [Theory]
    [InlineData("tanh", 5, 33)]
    [InlineData("lstm", 7, 50)]
    [InlineData("gru after", 13, 67)]
    [InlineData("gru before", 6, 129)]
    public void Recurrent_ManyRowsAndOddSizes_ForwardMatchesOracle(string cell, int B, int H)
    {
        const int T = 6, I = 23;
        var oracle = Oracle(cell, B, T, I, H, reverse: true, full: true);
        var shrink = 1 / Math.Sqrt(H);
        oracle.WeightHh = [.. oracle.WeightHh.Select(w => (double)(float)(w * shrink))];
        var run = new RecurrentRun(Backend, cell, oracle, B, T, I, H, true);
        run.Forward(keep: false);
        Close(oracle.Run().Y, Numbers(run.Y));
    }

    private void MatMulMatches(int m, int n, int k, bool transposeA, bool transposeB, bool accumulate)
    {
        var (a, b, c) = (Draw(m * k), Draw(k * n), Draw(m * n));
        var expected = new double[m * n];
        for (var i = 0; i < m; i++)
            for (var j = 0; j < n; j++)
            {
                var sum = accumulate ? c[(i * n) + j] : 0;
                for (var p = 0; p < k; p++) sum += (transposeA ? a[(p * m) + i] : a[(i * k) + p]) * (transposeB ? b[(j * k) + p] : b[(p * n) + j]);
                expected[(i * n) + j] = sum;
            }

        var result = Of(c);
        Backend.MatMul(Of(a), Of(b), result, m, n, k, transposeA, transposeB, accumulate);
        // Rounding grows with the number of terms.
        Close(expected, Numbers(result), 1e-5 + (5e-8 * k));
    }
}
