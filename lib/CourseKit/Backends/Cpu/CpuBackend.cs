using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace CourseKit.Backends.Cpu;

/// <summary>Runs every operation on the processor's cores. Safe to call from several threads at once.</summary>
public sealed unsafe partial class CpuBackend : IBackend
{
    private readonly CpuDevice device;

    /// <summary>Makes a backend with its own worker threads and memory pool.</summary>
    /// <param name="threads">How many threads share the work, 1 or more; 0 takes all cores. Results do not depend on it.</param>
    /// <exception cref="ArgumentOutOfRangeException">threads is negative.</exception>
    public CpuBackend(int threads = 0)
        : this(threads, CpuDevice.Best)
    {
    }

    internal CpuBackend(int threads, InstructionSet instructions)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        device = new CpuDevice(threads == 0 ? Environment.ProcessorCount : threads, instructions);
    }

    /// <summary>The backend of tensors made from now on. Default: all cores. Set one with fewer threads to leave cores to others.</summary>
    /// <exception cref="ArgumentNullException">Set to null.</exception>
    public static CpuBackend Default { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = new();

    /// <summary>How many threads share the work.</summary>
    public int Threads => device.Threads;

    /// <inheritdoc/>
    public string Name
    {
        get
        {
            var instructions = device.Instructions switch { InstructionSet.Avx512 => "AVX-512", InstructionSet.Avx2 => "AVX2", InstructionSet.Portable => "portable", _ => "no vectors" };
            return $"CPU, {instructions}, {Threads} thread{(Threads == 1 ? "" : "s")}";
        }
    }

    /// <inheritdoc/>
    public Storage Rent(int length) => new CpuStorage(length, device.Pool.Rent(length));

    /// <inheritdoc/>
    public void Return(Storage storage) => device.Pool.Return(Own(storage).Release());

    /// <inheritdoc/>
    public void Read(Storage from, int offset, Span<float> to)
    {
        Debug.Assert(offset >= 0 && offset + to.Length <= from.Length, "Read: the block lies outside the storage.");
        // A look at numbers that are not written yet leaves them so: another thread may be about to write them.
        if (Own(from).IsEmpty) to.Clear();
        else new Span<float>(Memory(from) + offset, to.Length).CopyTo(to);
        GC.KeepAlive(from);
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<float> from, Storage to, int offset)
    {
        Debug.Assert(offset >= 0 && offset + from.Length <= to.Length, "Write: the block lies outside the storage.");
        from.CopyTo(new Span<float>(Memory(to) + offset, from.Length));
        GC.KeepAlive(to);
    }

    private static float* Memory(Storage? storage) => storage is null ? null : Own(storage).Pointer;

    private static Accumulator Accumulate(Storage? storage) => storage is null ? default : Own(storage).Accumulate();

    private static CpuStorage Own(Storage storage) =>
        storage as CpuStorage ?? throw new ArgumentException($"CpuBackend: the storage must come from CpuBackend.Rent, but is a {storage.GetType().Name}.", nameof(storage));

    // A block's memory belongs to its storage: these must stay reachable until the kernel that uses their pointers is done.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Keep(Storage? a, Storage? b = null, Storage? c = null, Storage? d = null, Storage? e = null, Storage? f = null, Storage? g = null, Storage? h = null)
    {
    }
}
