using CourseKit.Backends;

namespace CourseKit.Tests.Backends;

public abstract partial class BackendContract
{
    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(3, 1, 7, 33)]
    [InlineData(2, 5, 17, 9)]
    [InlineData(4, 9, 37, 20)]
    [InlineData(2, 6, 3, 130)]
    public void BatchMatMul_EachTranspose_MatchesOracle(int batch, int m, int n, int k)
    {
        foreach (var (transposeA, transposeB) in new[] { (false, false), (false, true), (true, false) })
        {
            foreach (var accumulate in new[] { false, true })
            {
                var (a, b, before) = (Draw(batch * m * k), Draw(batch * k * n), Draw(batch * m * n));
                var c = Of(before);
                Backend.BatchMatMul(Of(a), Of(b), c, batch, m, n, k, transposeA, transposeB, accumulate);
                var expected = new double[batch * m * n];
                for (var at = 0; at < expected.Length; at++)
                {
                    var (matrix, i, j) = (at / (m * n), at / n % m, at % n);
                    expected[at] = (accumulate ? before[at] : 0) + Enumerable.Range(0, k).Sum(p =>
                        a[(matrix * m * k) + (transposeA ? (p * m) + i : (i * k) + p)] * b[(matrix * k * n) + (transposeB ? (j * k) + p : (p * n) + j)]);
                }

                Close(expected, Numbers(c));
            }
        }
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 2, 7)]
    [InlineData(2, 3, 40)]
    public void MaskedSoftmax_AnyPattern_MatchesOracleAndIsExactlyZeroElsewhere(int batch, int queries, int steps)
    {
        var x = Draw(batch * queries * steps, 5);
        double[] mask = [.. Enumerable.Range(0, batch * steps).Select(i => i % steps == i / steps % steps || random.Next(2) == 0 ? 1.0 : 0.0)];

        // The greatest score of all stands at a padded step: it must not push the others out of float32.
        for (var i = 0; i < x.Length; i++)
        {
            if (mask[(i / (queries * steps) * steps) + (i % steps)] == 0) x[i] = 3000;
        }

        var y = Backend.Rent(x.Length);
        Assert.Equal(-1, Backend.MaskedSoftmax(Of(x), Of(mask), y, batch, queries, steps));
        var expected = new double[x.Length];
        for (var row = 0; row < batch * queries; row++)
        {
            var open = Enumerable.Range(0, steps).Where(s => mask[(row / queries * steps) + s] == 1).ToArray();
            var sum = open.Sum(s => Math.Exp(x[(row * steps) + s]));
            foreach (var s in open) expected[(row * steps) + s] = Math.Exp(x[(row * steps) + s]) / sum;
        }

        var actual = Numbers(y);
        Close(expected, actual, 1e-6);
        for (var i = 0; i < actual.Length; i++) Assert.True(expected[i] != 0 || actual[i] == 0, $"number {i} is padding, but {actual[i]:R}");
    }

    [Fact]
    public void MaskedSoftmax_RowAllMasked_IsNamed() =>
        Assert.Equal(1, Backend.MaskedSoftmax(Of(Draw(3 * 2 * 2)), Of([1, 0, 0, 0, 0, 0]), Backend.Rent(12), 3, 2, 2));

    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(2, 1, 5, 16)]
    [InlineData(3, 4, 6, 35)]
    public void AdditiveScores_ForwardAndBackward_MatchOracle(int batch, int queries, int steps, int size)
    {
        var (query, keys, v, dScores) = (Draw(batch * queries * size), Draw(batch * steps * size), Draw(size), Draw(batch * queries * steps));
        var (startQuery, startKeys, startV) = (Draw(query.Length), Draw(keys.Length), Draw(size));
        double[] scores = new double[dScores.Length], dQuery = [.. startQuery], dKeys = [.. startKeys], dV = [.. startV];
        for (var at = 0; at < scores.Length; at++)
        {
            var (row, step) = (at / steps, at % steps);
            for (var j = 0; j < size; j++)
            {
                var (q, k) = ((row * size) + j, (((row / queries * steps) + step) * size) + j);
                var t = Math.Tanh(query[q] + keys[k]);
                scores[at] += v[j] * t;
                var d = dScores[at] * v[j] * (1 - (t * t));
                dQuery[q] += d;
                dKeys[k] += d;
                dV[j] += dScores[at] * t;
            }
        }

        var y = Backend.Rent(scores.Length);
        Storage qs = Of(query), ks = Of(keys), vs = Of(v), ds = Of(dScores), q0 = Of(startQuery), k0 = Of(startKeys), v0 = Of(startV);
        Backend.AdditiveScores(qs, ks, vs, y, batch, queries, steps, size);
        Close(scores, Numbers(y), 2e-6);
        Backend.AdditiveScoresBackward(qs, ks, vs, ds, q0, null, null, batch, queries, steps, size);
        Backend.AdditiveScoresBackward(qs, ks, vs, ds, null, k0, null, batch, queries, steps, size);
        Backend.AdditiveScoresBackward(qs, ks, vs, ds, null, null, v0, batch, queries, steps, size);
        Close(dQuery, Numbers(q0), 5e-6);
        Close(dKeys, Numbers(k0), 5e-6);
        Close(dV, Numbers(v0), 5e-6);
    }
}
