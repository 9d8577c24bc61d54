namespace CourseKit.Backends.Reference;

/// <summary>Doubles of the reference backend, NaN until they are written.</summary>
internal sealed class Float64Storage : Storage
{
    private double[]? _numbers;

    internal Float64Storage(int length)
        : base(length)
    {
        _numbers = new double[length];
        Array.Fill(_numbers, double.NaN);
    }

    internal double[] Numbers => _numbers ?? throw new InvalidOperationException("Float64Backend: this storage was returned and cannot be used any more.");

    /// <summary>Gives up the numbers, once.</summary>
    internal void Release()
    {
        if (Interlocked.Exchange(ref _numbers, null) is null)
            throw new InvalidOperationException("Float64Backend: this storage was returned before and cannot be returned twice.");
    }
}
