using System.Buffers;
using CourseKit.Backends;
using ILGPU;

namespace CourseKit.Gpu;

public sealed partial class GpuBackend
{
    // Threads among which a sum is divided at most: each adds its numbers one after the other, so that few threads would round more.
    private const int SumThreads = 1 << 14;

    /// <inheritdoc/>
    public void AddTo(Storage x, Storage y) => AddScaled(1, x, y);

    /// <inheritdoc/>
    public void AddScaled(double scale, Storage x, Storage y)
    {
        var to = Onto(y, out var adds);
        if (adds == 0) device.Each(new Scaled { X = Of(x), Scale = (float)scale, Y = to }, y.Length, 2L * y.Length);
        else device.Each(new PlusScaled { A = to, B = Of(x), Scale = (float)scale, Y = to }, y.Length, 3L * y.Length);
    }

    /// <inheritdoc/>
    public void Add(Storage a, Storage b, Storage y) => device.Each(new PlusScaled { A = Of(a), B = Of(b), Scale = 1, Y = Into(y) }, y.Length, 3L * y.Length);

    /// <inheritdoc/>
    public void Subtract(Storage a, Storage b, Storage y) => device.Each(new PlusScaled { A = Of(a), B = Of(b), Scale = -1, Y = Into(y) }, y.Length, 3L * y.Length);

    /// <inheritdoc/>
    public void Multiply(Storage a, Storage b, Storage y) => device.Each(new Times { A = Of(a), B = Of(b), Y = Into(y) }, y.Length, 3L * y.Length);

    /// <inheritdoc/>
    public void MultiplyAdd(Storage a, Storage b, Storage y) => device.Each(new Times { A = Of(a), B = Of(b), Y = Onto(y, out var adds), Adds = adds }, y.Length, (3L + adds) * y.Length);

    /// <inheritdoc/>
    public void Scale(Storage x, float scale, Storage y) => device.Each(new Scaled { X = Of(x), Scale = scale, Y = Into(y) }, y.Length, 2L * y.Length);

    /// <inheritdoc/>
    public void Clip(Storage x, float limit) => device.Each(new Clipped { X = Of(x), Limit = limit }, x.Length, 2L * x.Length);

    /// <inheritdoc/>
    public void Activate(Activation function, Storage x, Storage y) => device.Each(new Activate { X = Of(x), Y = Into(y), Function = (int)function }, y.Length, 2L * y.Length);

    /// <inheritdoc/>
    public void ActivateBackward(Activation function, Storage y, Storage dY, Storage dX) =>
        device.Each(new ActivateBackward { Y = Of(y), DY = Of(dY), DX = Onto(dX, out var adds), Adds = adds, Function = (int)function }, dX.Length, (3L + adds) * dX.Length);

    /// <inheritdoc/>
    public double Sum(Storage x) => Own(x).Constant is { } value ? (double)value * x.Length : Sum(Of(x));

    /// <inheritdoc/>
    public double SumOfSquares(params ReadOnlySpan<Storage> xs)
    {
        var groups = 0;
        foreach (var x in xs) groups += SumGroups(x.Length);
        using var parts = Rented(groups);
        groups = 0;
        foreach (var x in xs)
        {
            SumParts(Of(x), parts.View.SubView(groups), squared: true);
            groups += SumGroups(x.Length);
        }

        return SumOfParts(parts.View);
    }

    /// <inheritdoc/>
    public void SumRows(Storage dY, Storage dB, int rows, int columns) => ColumnSums(new Plain { X = Of(dY), Columns = columns }, Of(dB), ArrayView<float>.Empty, rows, columns);

    /// <inheritdoc/>
    public void AddScaledRows(Storage scale, Storage x, Storage y, int rows, int columns) =>
        device.Each(new AddScaledRows { Scale = Of(scale), X = Of(x), Y = Of(y), Columns = columns }, rows * columns, 3L * rows * columns);

    /// <inheritdoc/>
    public void CopyColumns(Storage from, int fromColumns, int fromColumn, Storage to, int toColumns, int toColumn, int rows, int count, bool accumulate) => device.Each(
        new CopyColumns
        {
            From = Of(from),
            FromColumns = fromColumns,
            FromColumn = fromColumn,
            To = Of(to),
            ToColumns = toColumns,
            ToColumn = toColumn,
            Count = count,
            Adds = accumulate ? 1 : 0,
        },
        rows * count,
        2L * rows * count);

    /// <inheritdoc/>
    public void Softmax(Storage x, Storage y, int rows, int columns) =>
        device.Grouped(new Softmax { X = Of(x), Y = Into(y), Columns = columns, Queries = 1 }, rows, RowThreads(columns), 2L * rows * columns);

    /// <inheritdoc/>
    public void SoftmaxBackward(Storage y, Storage dY, Storage dX, int rows, int columns) =>
        device.Grouped(new SoftmaxBackward { Y = Of(y), DY = Of(dY), DX = Onto(dX, out var adds), Adds = adds, Columns = columns }, rows, RowThreads(columns), (3L + adds) * rows * columns);

    /// <inheritdoc/>
    public void LayerNorm(Storage x, Storage? gain, Storage? bias, Storage y, Storage? statistics, int rows, int columns, float epsilon) => device.Grouped(
        new LayerNorm
        {
            X = Of(x),
            Gain = OfOptional(gain),
            Bias = OfOptional(bias),
            Y = Into(y),
            Statistics = IntoOptional(statistics),
            Columns = columns,
            XRow = columns,
            YRow = columns,
            StatisticsRow = 2,
            Epsilon = epsilon,
        },
        rows,
        RowThreads(columns),
        2L * rows * columns);

    /// <inheritdoc/>
    public void LayerNormBackward(Storage x, Storage? gain, Storage statistics, Storage dY, Storage? dX, Storage? dGain, Storage? dBias, int rows, int columns)
    {
        if (dX is not null)
        {
            var kernel = new LayerNormBackward
            {
                X = Of(x),
                Gain = OfOptional(gain),
                Statistics = Of(statistics),
                DY = Of(dY),
                DX = Onto(dX, out var adds),
                Columns = columns,
                XRow = columns,
                StatisticsRow = 2,
                DYRow = columns,
                DXRow = columns,
                Adds = adds,
            };
            device.Grouped(kernel, rows, RowThreads(columns), 4L * rows * columns);
        }

        if (dGain is not null) ColumnSums(new NormalTerm { X = Of(x), Statistics = Of(statistics), DY = Of(dY), Columns = columns }, Of(dGain), ArrayView<float>.Empty, rows, columns);
        if (dBias is not null) SumRows(dY, dBias, rows, columns);
    }

    /// <inheritdoc/>
    public void Embedding(Storage weight, ReadOnlySpan<int> ids, Storage y, int size)
    {
        using var rows = Uploaded(ids);
        device.Each(new Embedding { Weight = Of(weight), Ids = rows.Integers, Y = Into(y), Size = size }, ids.Length * size, 2L * ids.Length * size);
    }

    /// <inheritdoc/>
    public void EmbeddingBackward(Storage dY, ReadOnlySpan<int> ids, Storage dWeight, int size)
    {
        if (ids.IsEmpty) return;

        // The rows of each id that occurs, in order: sorted by id, then by row.
        var keys = new long[ids.Length];
        for (var row = 0; row < keys.Length; row++) keys[row] = ((long)ids[row] << 32) | (uint)row;
        Array.Sort(keys);
        var (order, distinct, starts) = (new int[keys.Length], new List<int>(), new List<int>());
        for (var n = 0; n < keys.Length; n++)
        {
            order[n] = (int)keys[n];
            var id = (int)(keys[n] >> 32);
            if (n > 0 && id == distinct[^1]) continue;
            distinct.Add(id);
            starts.Add(n);
        }

        starts.Add(order.Length);
        using Scratch which = Uploaded(distinct.ToArray()), from = Uploaded(starts.ToArray()), rows = Uploaded(order);
        var kernel = new EmbeddingBackward { DY = Of(dY), DWeight = Of(dWeight), Ids = which.Integers, Starts = from.Integers, Order = rows.Integers, Size = size };
        device.Each(kernel, distinct.Count * size, ((long)ids.Length + (2 * distinct.Count)) * size);
    }

    // to and also [columns] += the terms' column sums.
    private void ColumnSums<TTerm>(in TTerm term, ArrayView<float> to, ArrayView<float> also, int rows, int columns)
        where TTerm : struct, ITerm
    {
        var width = Math.Min(32, RowThreads(columns));
        var lanes = device.Threads / width;
        while (lanes > 1 && lanes > rows) lanes /= 2;
        device.Grouped(new ColumnSums<TTerm> { Term = term, To = to, Also = also, Rows = rows, Columns = columns, Lanes = lanes }, (columns + width - 1) / width, width * lanes, (long)rows * columns);
    }

    private double Sum(ArrayView<float> x)
    {
        using var parts = Rented(SumGroups(x.IntLength));
        SumParts(x, parts.View, squared: false);
        return SumOfParts(parts.View);
    }

    // The device adds up parts, a group each, and the processor adds those.
    private int SumGroups(int n) => Math.Min(SumThreads / device.Threads, (n + device.Threads - 1) / device.Threads);

    private void SumParts(ArrayView<float> x, ArrayView<float> parts, bool squared) =>
        device.Grouped(new PartSums { X = x, Parts = parts, N = x.IntLength, Squared = squared ? 1 : 0 }, SumGroups(x.IntLength), device.Threads, x.Length);

    private double SumOfParts(ArrayView<float> parts)
    {
        if (parts.Length == 0) return 0;
        var sums = ArrayPool<float>.Shared.Rent(parts.IntLength);
        device.Download(parts, sums.AsSpan(0, parts.IntLength));
        var sum = 0.0;
        foreach (var part in sums.AsSpan(0, parts.IntLength)) sum += part;
        ArrayPool<float>.Shared.Return(sums);
        return sum;
    }

    // Threads for a row: a power of two, no more than it has numbers.
    private int RowThreads(int columns)
    {
        var threads = device.Threads;
        while (threads > 1 && threads / 2 >= columns) threads /= 2;
        return threads;
    }
}
