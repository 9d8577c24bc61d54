namespace CourseKit.Backends.Reference;

/// <summary>
/// Every operation as its equation says: float64, one loop, one thread. Slow and plain, it is what fast backends and gradients are held to.
/// </summary>
/// <remarks>
/// Fresh memory is full of NaN, so that a kernel which reads what nobody wrote shows. Use it with <c>Tensor.MakeOn</c>, <c>tensor.MoveTo</c> and
/// <c>layer.To</c>; a tensor's own reading and writing rounds to float32, <see cref="Read(Storage, int, Span{double})"/> and
/// <see cref="Write(ReadOnlySpan{double}, Storage, int)"/> do not.
/// </remarks>
public sealed partial class Float64Backend : IBackend
{
    /// <inheritdoc/>
    public string Name => "CPU, float64 reference";

    /// <inheritdoc/>
    public Storage Rent(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return new Float64Storage(length);
    }

    /// <inheritdoc/>
    public void Return(Storage storage) => Own(storage).Release();

    /// <inheritdoc/>
    public void Read(Storage from, int offset, Span<float> to)
    {
        var numbers = Of(from);
        for (var i = 0; i < to.Length; i++) to[i] = (float)numbers[offset + i];
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<float> from, Storage to, int offset)
    {
        var numbers = Of(to);
        for (var i = 0; i < from.Length; i++) numbers[offset + i] = from[i];
    }

    /// <summary>Copies numbers out, starting at <paramref name="offset"/>, as precise as they are.</summary>
    /// <param name="from">Of this kind of backend.</param>
    /// <param name="offset">The first number.</param>
    /// <param name="to">As many as are wanted.</param>
    /// <exception cref="ArgumentException">The storage belongs to another kind of backend.</exception>
    /// <exception cref="InvalidOperationException">The storage was returned.</exception>
    public static void Read(Storage from, int offset, Span<double> to) => Of(from).AsSpan(offset, to.Length).CopyTo(to);

    /// <summary>Copies numbers in, starting at <paramref name="offset"/>, without rounding them.</summary>
    /// <param name="from">The numbers.</param>
    /// <param name="to">Of this kind of backend.</param>
    /// <param name="offset">Where the first goes.</param>
    /// <exception cref="ArgumentException">The storage belongs to another kind of backend.</exception>
    /// <exception cref="InvalidOperationException">The storage was returned.</exception>
    public static void Write(ReadOnlySpan<double> from, Storage to, int offset) => from.CopyTo(Of(to).AsSpan(offset, from.Length));

    private static double[] Of(Storage storage) => Own(storage).Numbers;

    private static double[]? OfOptional(Storage? storage) => storage is null ? null : Of(storage);

    private static Float64Storage Own(Storage storage) =>
        storage as Float64Storage ?? throw new ArgumentException($"Float64Backend: the storage must come from Float64Backend.Rent, but is a {storage.GetType().Name}.", nameof(storage));
}
