namespace CourseKit.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public void BatchMatMul(Storage a, Storage b, Storage c, int batch, int m, int n, int k, bool transposeA, bool transposeB, bool accumulate)
    {
        Cpu.BatchMatMul.Run(device, Memory(a), Memory(b), Memory(c), batch, m, n, k, transposeA, transposeB, accumulate);
        Keep(a, b, c);
    }

    /// <inheritdoc/>
    public int MaskedSoftmax(Storage x, Storage mask, Storage y, int batch, int queries, int steps)
    {
        var bare = Attention.Softmax(device, Memory(x), Memory(mask), Memory(y), batch, queries, steps);
        Keep(x, mask, y);
        return bare;
    }

    /// <inheritdoc/>
    public void AdditiveScores(Storage query, Storage keys, Storage v, Storage scores, int batch, int queries, int steps, int size)
    {
        Attention.Scores(device, Memory(query), Memory(keys), Memory(v), Memory(scores), batch, queries, steps, size);
        Keep(query, keys, v, scores);
    }

    /// <inheritdoc/>
    public void AdditiveScoresBackward(
        Storage query, Storage keys, Storage v, Storage dScores, Storage? dQuery, Storage? dKeys, Storage? dV, int batch, int queries, int steps, int size)
    {
        Attention.ScoresBackward(device, Memory(query), Memory(keys), Memory(v), Memory(dScores), Memory(dQuery), Memory(dKeys), Memory(dV), batch, queries, steps, size);
        Keep(query, keys, v, dScores, dQuery, dKeys, dV);
    }
}
