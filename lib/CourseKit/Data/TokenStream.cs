using System.Collections;
using CourseKit.Tensors;

namespace CourseKit.Data;

/// <summary>
/// A long text cut for truncated backpropagation through time: the text becomes batchSize columns, each a contiguous piece, and a batch is the next
/// window of every column. The state of one batch therefore carries over to the next, and the target of every symbol is the one after it.
/// </summary>
/// <remarks>
/// A column has L = length / batchSize symbols, rounded down; what remains at the text's end is left out. The first L − 1 of them are inputs, the
/// last window of an epoch is as short as what is left. Enumerating gives one epoch, the same one every time. Known elsewhere as batchify and get_batch
/// in PyTorch's word_language_model.
/// </remarks>
public sealed class TokenStream : IEnumerable<Batch>
{
    private readonly int[] ids;
    private readonly int columnLength;

    /// <summary>Cuts a text.</summary>
    /// <param name="ids">The text as ids; copied.</param>
    /// <param name="batchSize">Columns, at least 1.</param>
    /// <param name="window">Symbols of a column in one batch, at least 1: through how many steps gradients flow back.</param>
    /// <exception cref="ArgumentOutOfRangeException">batchSize or window is below 1.</exception>
    /// <exception cref="DataException">A column is shorter than one window and the target after it.</exception>
    public TokenStream(ReadOnlySpan<int> ids, int batchSize, int window)
    {
        (BatchSize, Window) = (batchSize, window);
        if (batchSize < 1 || window < 1)
            throw new ArgumentOutOfRangeException(batchSize < 1 ? nameof(batchSize) : nameof(window), $"{this}: batchSize and window must be at least 1.");

        columnLength = ids.Length / batchSize;
        if (columnLength <= window)
        {
            var mend = ids.Length > window ? "Give a longer text, a smaller batchSize, or a smaller window." : "Give a longer text, or a smaller window.";
            throw new DataException(
                $"{this}: every column must have at least window + 1 = {window + 1} symbols, but the text of {ids.Length} symbols gives {columnLength} to each of {batchSize}. {mend}");
        }
        this.ids = ids.ToArray();
    }

    /// <summary>Columns: the batch dimension.</summary>
    public int BatchSize { get; }

    /// <summary>The longest batch's time dimension.</summary>
    public int Window { get; }

    /// <summary>Batches in an epoch.</summary>
    public int Count => (columnLength - 1 + Window - 1) / Window;

    /// <summary>Targets in an epoch.</summary>
    public long TargetCount => (long)BatchSize * (columnLength - 1);

    /// <summary>One epoch: the first batch starts from zeros, every other one continues the batch before.</summary>
    /// <returns>Batches with Ids and Classes, [batchSize, window]; the last may be shorter.</returns>
    public IEnumerator<Batch> GetEnumerator()
    {
        for (var start = 0; start < columnLength - 1; start += Window)
        {
            var steps = Math.Min(Window, columnLength - 1 - start);
            yield return new(Cut(start, steps), Cut(start + 1, steps), continues: start > 0);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>"TokenStream(batchSize: 32, window: 50)".</summary>
    public override string ToString() => $"TokenStream(batchSize: {BatchSize}, window: {Window})";

    private IntTensor Cut(int start, int steps)
    {
        var cut = new int[BatchSize * steps];
        for (var column = 0; column < BatchSize; column++)
            ids.AsSpan(column * columnLength + start, steps).CopyTo(cut.AsSpan(column * steps));
        return IntTensor.Of(cut, new Shape(BatchSize, steps));
    }
}
