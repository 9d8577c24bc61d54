using CourseKit.Backends;
using CourseKit.Backends.Cpu;

namespace CourseKit.Tests.Backends;

/// <summary>No result may depend on the number of threads, to the last bit.</summary>
public class CpuThreadsTests
{
    private static readonly int[] Counts = [1, 2, 3, 8];

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void MatMul_AnyThreads_SameBits(bool transposeA, bool transposeB)
    {
        foreach (var (m, n, k) in new[] { (200, 130, 300), (3, 700, 500), (517, 33, 260), (64, 512, 600) })
        {
            Same(backend =>
            {
                var c = Draw(backend, m * n, 3);
                backend.MatMul(Draw(backend, m * k, 1), Draw(backend, k * n, 2), c, m, n, k, transposeA, transposeB, accumulate: true);
                return [c];
            });
        }
    }

    [Theory]
    [InlineData("tanh", 32, 5, 70, 70)]
    [InlineData("lstm", 32, 5, 70, 70)]
    [InlineData("lstm", 1, 3, 300, 300)]
    [InlineData("lstm", 2, 2, 129, 257)]
    [InlineData("gru after", 9, 5, 70, 330)]
    [InlineData("tanh", 30, 3, 70, 520)] // On more than one thread the input products are taken ahead.
    [InlineData("lstm", 30, 3, 70, 300)]
    [InlineData("gru after", 30, 3, 70, 330)]
    [InlineData("gru before", 9, 5, 70, 330)]
    [InlineData("gru before", 1, 4, 300, 500)]
    [InlineData("lstm", 1, 1, 600, 600)]
    public void Recurrent_AnyThreads_SameBits(string cell, int B, int T, int I, int H)
    {
        var gates = cell switch { "lstm" => 4, "tanh" => 1, _ => 3 };
        Same(backend =>
        {
            Storage x = Draw(backend, B * T * I, 1), h0 = Draw(backend, B * H, 2), c0 = Draw(backend, B * H, 3), y = backend.Rent(B * T * H), hN = backend.Rent(B * H), cN = backend.Rent(B * H);
            Storage wIh = Draw(backend, gates * H * I, 4, 0.1f), wHh = Draw(backend, gates * H * H, 5, 0.1f), bIh = Draw(backend, gates * H, 6), bHh = Draw(backend, gates * H, 7);
            Storage dY = Draw(backend, B * T * H, 8), dX = Draw(backend, B * T * I, 9), dH0 = Draw(backend, B * H, 10), dC0 = Draw(backend, B * H, 11);
            Storage dIh = Draw(backend, wIh.Length, 12), dHh = Draw(backend, wHh.Length, 13), dBiasIh = Draw(backend, gates * H, 14), dBiasHh = Draw(backend, gates * H, 15);
            var s = new RecurrentSequence { B = B, T = T, I = I, H = H, X = x, H0 = h0, WeightIh = wIh, WeightHh = wHh, BiasIh = bIh, BiasHh = bHh };
            var d = new RecurrentGradients { DY = dY, DHN = hN, DX = dX, DH0 = dH0, DWeightIh = dIh, DWeightHh = dHh, DBiasIh = dBiasIh, DBiasHh = dBiasHh };
            switch (cell)
            {
                case "lstm":
                    s = s with { C0 = c0 };
                    var kept = backend.Rent(backend.LstmReserve(s));
                    backend.LstmForward(s, y, hN, cN, kept);
                    backend.LstmBackward(s, y, kept, d with { DCN = cN, DC0 = dC0 });
                    return [y, hN, cN, dX, dH0, dC0, dIh, dHh, dBiasIh, dBiasHh];
                case "tanh":
                    s = s with { Reverse = true };
                    kept = backend.Rent(backend.SimpleRnnReserve(s));
                    backend.SimpleRnnForward(Activation.Tanh, s, y, hN, kept);
                    backend.SimpleRnnBackward(Activation.Tanh, s, y, kept, d);
                    break;
                default:
                    var form = cell == "gru after" ? GruForm.ResetAfter : GruForm.ResetBefore;
                    kept = backend.Rent(backend.GruReserve(form, s));
                    backend.GruForward(form, s, y, hN, kept);
                    backend.GruBackward(form, s, y, kept, d);
                    break;
            }

            return [y, hN, dX, dH0, dIh, dHh, dBiasIh, dBiasHh];
        });
    }

    [Theory]
    [InlineData("mask dropout hidden zoneout cell zoneout", 32, 5, 70, 70)]
    [InlineData("mask dropout", 1, 3, 300, 300)]
    [InlineData("hidden zoneout", 2, 2, 129, 257)]
    [InlineData("peephole coupled depth", 9, 5, 70, 330)]
    [InlineData("projection peephole mask dropout", 9, 5, 70, 330)]
    [InlineData("projection coupled", 1, 3, 300, 500)]
    [InlineData("norm mask peephole", 9, 5, 70, 330)]
    public void Lstm_WithWhatIsAddedOnAnyThreads_SameBits(string what, int B, int T, int I, int H)
    {
        var contract = new CpuBackendAvx512Contract();
        var oracle = contract.LstmOracleOf(what, B, T, I, H, reverse: false, full: true);
        var lossY = contract.Draw(B * T * oracle.Sizes.P);
        Same(backend =>
        {
            var run = new LstmRun(backend, oracle).Forward().Backward(lossY, null, null, before: 1);
            return [run.Y, run.HN, run.CN, .. run.Gradients.Select(g => g.Gradient)];
        });
    }

    [Theory]
    [InlineData("tanh", 32, 5, 70, 70)]
    [InlineData("gru after", 32, 5, 70, 70)]
    [InlineData("gru after", 9, 5, 70, 330)]
    [InlineData("gru before", 1, 4, 300, 500)]
    [InlineData("gru before", 9, 5, 70, 330)]
    [InlineData("gru update", 9, 5, 70, 330)]
    [InlineData("gru minimal", 9, 5, 70, 330)]
    [InlineData("tanh", 2, 4, 129, 700)]
    public void Gated_WithAllOptionsOnAnyThreads_SameBits(string cell, int B, int T, int I, int H)
    {
        foreach (var what in new[] { "", "mask dropout zoneout" })
        {
            var run = new GatedRun(cell, B, T, I, H, reverse: true, what);
            var expected = run.Both(new CpuBackend(1));
            foreach (var threads in Counts)
                foreach (var (name, values) in run.Both(new CpuBackend(threads)))
                    Assert.True(expected[name].AsSpan().SequenceEqual(values), $"{name} differs between 1 and {threads} threads");
        }
    }

    [Fact]
    public void EveryOtherOperation_AnyThreads_SameBits()
    {
        const int Rows = 411, Columns = 1009, N = Rows * Columns;
        Same(backend =>
        {
            Storage a = Draw(backend, N, 1, 3), b = Draw(backend, N, 2), y = Draw(backend, N, 3), sums = Draw(backend, Columns, 4), more = backend.Rent(N), scalars = backend.Rent(5);
            backend.AddScaled(0.3f, a, y);
            backend.MultiplyAdd(a, b, y);
            backend.Activate(Activation.Tanh, a, more);
            backend.ActivateBackward(Activation.Sigmoid, more, b, y);
            backend.SumRows(y, sums, Rows, Columns);
            backend.Softmax(y, more, Rows, Columns);
            backend.SoftmaxBackward(more, b, y, Rows, Columns);
            backend.CopyColumns(a, Columns, 3, y, Columns, 7, Rows, Columns - 7, accumulate: true);
            int[] ids = [.. Enumerable.Range(0, Rows).Select(i => i * 31 % 17)];
            backend.EmbeddingBackward(a, ids, y, Columns);
            var gradient = backend.Rent(N);
            var losses = new[] { backend.CrossEntropy(y, new ClassTargets { Classes = ids, Weights = [.. ids.Select(id => id == 3 ? 0 : 1.0 / Rows)], ClassWeights = sums, Smoothing = 0.1 }, null, gradient, Rows, Columns), backend.BinaryCrossEntropyWithLogits(a, b, null), backend.MeanSquaredError(a, b, null), backend.Sum(y), backend.SumOfSquares(a) };
            backend.Write([.. losses.Select(v => (float)v)], scalars, 0);
            Storage first = Draw(backend, N, 5), second = backend.Rent(N);
            backend.Fill(second, 0.01f);
            backend.AdamStep(a, gradient, first, second, 1e-3f, 0.9f, 0.999f, 1e-8f, 0.01f, true, 3);
            backend.RmsPropStep(b, gradient, second, first, 1e-3f, 0.99f, 1e-8f, 0.5f, 0.01f);
            backend.SgdStep(b, a, first, 0.1f, 0.9f, true, 0.01f, false);
            return [a, b, y, sums, more, gradient, first, second, scalars];
        });
    }

    [Fact]
    public async Task Backend_SharedByManyCallers_GivesEachItsOwnResult()
    {
        var backend = new CpuBackend(2);
        const int Size = 150;
        var expected = Product(backend);
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Enumerable.Range(0, 20).Select(_ => Product(backend)).ToArray())));
        Assert.All(results.SelectMany(r => r), r => Assert.Equal(expected, r));

        static float[] Product(CpuBackend backend)
        {
            Storage a = Draw(backend, Size * Size, 1), b = Draw(backend, Size * Size, 2), c = backend.Rent(Size * Size);
            backend.MatMul(a, b, c, Size, Size, Size, false, false, false);
            var values = Numbers(backend, c);
            foreach (var used in new[] { a, b, c }) backend.Return(used);
            return values;
        }
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 7)]
    [InlineData(8, 3)]
    [InlineData(5, 100)]
    public void Part_OfTotal_CoversAllOnce(int count, int total)
    {
        var covered = new List<int>();
        for (var i = 0; i < count; i++)
        {
            var (from, to) = new Part(i, count, null).Of(total);
            covered.AddRange(Enumerable.Range(from, to - from));
        }

        Assert.Equal(Enumerable.Range(0, total), covered);
    }

    private static void Same(Func<CpuBackend, Storage[]> run)
    {
        float[][]? expected = null;
        foreach (var threads in Counts)
        {
            var backend = new CpuBackend(threads);
            var results = run(backend).Select(s => Numbers(backend, s)).ToArray();
            expected ??= results;
            Assert.DoesNotContain(results.SelectMany(r => r), float.IsNaN);
            for (var i = 0; i < results.Length; i++) Assert.True(expected[i].AsSpan().SequenceEqual(results[i]), $"result {i} differs between 1 and {threads} threads");
        }
    }

    private static float[] Numbers(CpuBackend backend, Storage storage)
    {
        var values = new float[storage.Length];
        backend.Read(storage, 0, values);
        return values;
    }

    private static Storage Draw(CpuBackend backend, int count, int seed, float scale = 1)
    {
        var random = new Random(seed);
        var values = new float[count];
        for (var i = 0; i < count; i++) values[i] = (float)((random.NextDouble() * 2) - 1) * scale;
        var storage = backend.Rent(count);
        backend.Write(values, storage, 0);
        return storage;
    }
}
