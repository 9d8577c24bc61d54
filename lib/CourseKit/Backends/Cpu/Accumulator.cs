namespace CourseKit.Backends.Cpu;

/// <summary>A place where numbers are added, or written where nothing stands yet.</summary>
internal readonly unsafe struct Accumulator(float* pointer, bool adds)
{
    internal float* Pointer { get; } = pointer;

    internal bool Adds { get; } = adds;

    /// <summary>Whether nobody wants the numbers.</summary>
    internal bool IsNone => Pointer is null;

    internal Accumulator Skip(long numbers) => new(Pointer is null ? null : Pointer + numbers, Adds);
}
