using CourseKit.Tensors;

namespace CourseKit.Data;

/// <summary>A number series cut into examples: some numbers in, the numbers that follow out.</summary>
public sealed class Windows
{
    private readonly float[] series;
    private readonly int length, stride, horizon;

    private Windows(float[] series, int length, int stride, int horizon)
    {
        (this.series, this.length, this.stride, this.horizon) = (series, length, stride, horizon);
        if (length < 1 || stride < 1 || horizon < 1)
            throw new ArgumentOutOfRangeException(nameof(length), $"{this}: length, stride and horizon must be at least 1.");
        if (series.Length < length + (long)horizon)
            throw new DataException($"{this}: the series must have at least length + horizon = {length + (long)horizon} numbers, but has {series.Length}. Give a longer series, or a smaller length or horizon.");
        Count = (series.Length - length - horizon) / stride + 1;
    }

    /// <summary>How many examples there are, at least 1.</summary>
    public int Count { get; }

    /// <summary>Cuts a series: example e has the numbers from e·stride on.</summary>
    /// <param name="series">At least length + horizon numbers; copied.</param>
    /// <param name="length">Numbers in, at least 1.</param>
    /// <param name="stride">From the start of one example to that of the next, at least 1. Default: 1.</param>
    /// <param name="horizon">Numbers out, those right after the numbers in, at least 1. Default: 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">length, stride or horizon is below 1.</exception>
    /// <exception cref="DataException">The series is shorter than length + horizon.</exception>
    public static Windows Sliding(ReadOnlySpan<float> series, int length, int stride = 1, int horizon = 1) =>
        new(series.ToArray(), length, stride, horizon);

    /// <summary>All examples as one batch: Features [Count, length, 1], Values [Count, horizon].</summary>
    public Batch All() => Take([.. Enumerable.Range(0, Count)]);

    /// <summary>One epoch of batches: Features [batchSize, length, 1], Values [batchSize, horizon]. The last may have fewer examples.</summary>
    /// <param name="batchSize">Examples a batch, at least 1.</param>
    /// <param name="shuffle">Draws a new order each time that the batches are enumerated; null keeps the order of the series. Default: null.</param>
    /// <exception cref="ArgumentOutOfRangeException">batchSize is below 1.</exception>
    public IEnumerable<Batch> Batches(int batchSize, RandomSource? shuffle = null)
    {
        if (batchSize < 1)
            throw new ArgumentOutOfRangeException(nameof(batchSize), $"{this}.Batches: batchSize must be at least 1, but got {batchSize}.");
        return Epoch();

        IEnumerable<Batch> Epoch()
        {
            var order = Enumerable.Range(0, Count).ToArray();
            shuffle?.Shuffle<int>(order);
            foreach (var examples in order.Chunk(batchSize))
                yield return Take(examples);
        }
    }

    /// <summary>"Windows(length: 20, stride: 1, horizon: 1)".</summary>
    public override string ToString() => $"Windows(length: {length}, stride: {stride}, horizon: {horizon})";

    private Batch Take(int[] examples)
    {
        var (inputs, targets) = (new float[examples.Length * length], new float[examples.Length * horizon]);
        for (var row = 0; row < examples.Length; row++)
        {
            var example = series.AsSpan(examples[row] * stride, length + horizon);
            example[..length].CopyTo(inputs.AsSpan(row * length));
            example[length..].CopyTo(targets.AsSpan(row * horizon));
        }
        return new(Tensor.From(inputs, examples.Length, length, 1), Tensor.From(targets, examples.Length, horizon));
    }
}
