using CourseKit.Backends;
using CourseKit.Backends.Cpu;
using CourseKit.Tensors;

namespace CourseKit.Tests.Backends;

/// <summary>The kernels of attention, large enough to be shared out: the same bits on any number of threads.</summary>
public class AttentionThreadTests
{
    [Fact]
    public void Kernels_OnAnyNumberOfThreads_GiveTheSameBits()
    {
        var one = Run(new CpuBackend(1));
        foreach (var threads in new[] { 2, 3, 5 })
        {
            var several = Run(new CpuBackend(threads));
            for (var i = 0; i < one.Length; i++)
                Assert.Equal(one[i], several[i]);
        }
    }

    private static float[][] Run(CpuBackend backend)
    {
        const int Batch = 7, Queries = 21, Steps = 33, Size = 130;
        var random = new RandomSource(5);
        Storage query = Of(Batch * Queries * Size), keys = Of(Batch * Steps * Size), v = Of(Size), dScores = Of(Batch * Queries * Steps);
        Storage plain = Of(dScores.Length), scores = Of(dScores.Length), weights = Of(dScores.Length), context = Of(query.Length);
        Storage dQuery = Of(query.Length), dKeys = Of(keys.Length), dV = Of(Size), dValues = Of(keys.Length), mask = Of(Batch * Steps);
        backend.Fill(mask, 1);
        backend.BatchMatMul(query, keys, plain, Batch, Queries, Steps, Size, transposeA: false, transposeB: true, accumulate: false);
        backend.AdditiveScores(query, keys, v, scores, Batch, Queries, Steps, Size);
        Assert.Equal(-1, backend.MaskedSoftmax(scores, mask, weights, Batch, Queries, Steps));
        backend.BatchMatMul(weights, keys, context, Batch, Queries, Size, Steps, transposeA: false, transposeB: false, accumulate: false);
        backend.BatchMatMul(weights, query, dValues, Batch, Steps, Size, Queries, transposeA: true, transposeB: false, accumulate: true);
        backend.AdditiveScoresBackward(query, keys, v, dScores, dQuery, dKeys, dV, Batch, Queries, Steps, Size);
        return [.. new[] { plain, scores, weights, context, dValues, dQuery, dKeys, dV }.Select(Numbers)];

        Storage Of(int length)
        {
            var (storage, values) = (backend.Rent(length), new float[length]);
            random.FillUniform(values, -1, 1);
            backend.Write(values, storage, 0);
            return storage;
        }

        float[] Numbers(Storage storage)
        {
            var values = new float[storage.Length];
            backend.Read(storage, 0, values);
            return values;
        }
    }
}
