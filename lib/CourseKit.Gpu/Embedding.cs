using ILGPU;

namespace CourseKit.Gpu;

/// <summary>y[row] = weight[ids[row]]. weight [V, Size], y [rows, Size].</summary>
internal struct Embedding : IEach
{
    public ArrayView<float> Weight, Y;
    public ArrayView<int> Ids;
    public int Size;

    public readonly void At(int i) => Y[i] = Weight[(Ids[i / Size] * Size) + (i % Size)];
}

/// <summary>
/// dWeight[Ids[k]] += Σ dY[row] over the rows Order[Starts[k]..Starts[k + 1]], in order: one thread for each number of each id that occurs, so that nobody else adds to it.
/// dY [rows, Size], dWeight [V, Size].
/// </summary>
internal struct EmbeddingBackward : IEach
{
    public ArrayView<float> DY, DWeight;
    public ArrayView<int> Ids, Starts, Order;
    public int Size;

    public readonly void At(int i)
    {
        var (k, j) = (i / Size, i % Size);
        var sum = 0f;
        for (var n = Starts[k]; n < Starts[k + 1]; n++) sum += DY[(Order[n] * Size) + j];
        DWeight[(Ids[k] * Size) + j] += sum;
    }
}
