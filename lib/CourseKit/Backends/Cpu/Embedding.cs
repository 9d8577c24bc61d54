namespace CourseKit.Backends.Cpu;

internal static unsafe class Embedding
{
    // weight [V, size], ids [rows], y [rows, size]: y[row] = weight[ids[row]].
    internal static void Forward(float* weight, ReadOnlySpan<int> ids, float* y, int size)
    {
        for (var row = 0; row < ids.Length; row++)
            new Span<float>(weight + ((long)ids[row] * size), size).CopyTo(new Span<float>(y + ((long)row * size), size));
    }

    // dY [rows, size], ids [rows], dWeight [V, size]: dWeight[ids[row]] += dY[row].
    internal static void Backward(float* dY, ReadOnlySpan<int> ids, float* dWeight, int size)
    {
        for (var row = 0; row < ids.Length; row++)
        {
            for (var j = 0; j < size; j++) dWeight[((long)ids[row] * size) + j] += dY[((long)row * size) + j];
        }
    }
}
