using CourseKit.Backends;
using ILGPU;

namespace CourseKit.Gpu;

public sealed partial class GpuBackend
{
    /// <inheritdoc/>
    public int MaskedSoftmax(Storage x, Storage mask, Storage y, int batch, int queries, int steps)
    {
        using var shut = Rented(batch);
        device.Each(new ShutRows { Mask = Of(mask), Shut = shut.View, Steps = steps }, batch, (long)batch * steps);
        var rows = new float[batch];
        device.Download(shut.View, rows);
        var first = Array.FindIndex(rows, row => row != 0);
        if (first >= 0) return first;
        device.Grouped(new Softmax { X = Of(x), Mask = Of(mask), Y = Into(y), Columns = steps, Queries = queries }, batch * queries, RowThreads(steps), 3L * batch * queries * steps);
        return -1;
    }

    /// <inheritdoc/>
    public void AdditiveScores(Storage query, Storage keys, Storage v, Storage scores, int batch, int queries, int steps, int size)
    {
        var of = new AdditiveOperands { Query = Of(query), Keys = Of(keys), V = Of(v), Queries = queries, Steps = steps, Size = size };
        device.Each(new AdditiveScores { Of = of, Scores = Into(scores) }, batch * queries * steps, (long)batch * queries * steps * size);
    }

    /// <inheritdoc/>
    public void AdditiveScoresBackward(
        Storage query, Storage keys, Storage v, Storage dScores, Storage? dQuery, Storage? dKeys, Storage? dV, int batch, int queries, int steps, int size)
    {
        var of = new AdditiveOperands { Query = Of(query), Keys = Of(keys), V = Of(v), DScores = Of(dScores), Queries = queries, Steps = steps, Size = size };
        var touched = (long)batch * queries * steps * size;
        if (dQuery is not null) device.Each(new AdditiveQuery { Of = of, DQuery = Of(dQuery) }, batch * queries * size, touched);
        if (dKeys is not null) device.Each(new AdditiveKeys { Of = of, DKeys = Of(dKeys) }, batch * steps * size, touched);
        if (dV is not null) ColumnSums(new AdditiveTerm { Of = of }, Of(dV), ArrayView<float>.Empty, batch * queries * steps, size);
    }
}
