using CourseKit.Backends;
using ILGPU;

namespace CourseKit.Gpu;

/// <summary>
/// Runs every operation on one device through ILGPU: NVIDIA's GPUs by CUDA, others by OpenCL. Numbers stay on the device until they are read; operations are asked for and not waited for.
/// Results are the same bits in every run on the same device. Ask from one thread at a time.
/// </summary>
/// <remarks><see cref="Backend.Open"/> makes one by name. What the program waits for: reading numbers, and each loss, sum and mask check, which give a number back.</remarks>
public sealed partial class GpuBackend : IBackend
{
    private readonly GpuDevice device;

    internal GpuBackend(GpuDevice device) => this.device = device;

    /// <inheritdoc/>
    public string Name => device.Name;

    /// <summary>What has been asked of the device so far.</summary>
    public GpuTraffic Traffic => device.Traffic;

    /// <summary>Bytes of the device's memory that this backend holds, in use or waiting for their next use.</summary>
    public long DeviceBytes => device.Pool.Bytes;

    /// <inheritdoc/>
    /// <exception cref="BackendException">The device has no memory left.</exception>
    public Storage Rent(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        device.Pool.Sweep();
        return new GpuStorage(device, length);
    }

    /// <inheritdoc/>
    public void Return(Storage storage) => Own(storage).Release();

    /// <inheritdoc/>
    public void Read(Storage from, int offset, Span<float> to) => device.Download(Of(from).SubView(offset, to.Length), to);

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<float> from, Storage to, int offset)
    {
        var all = offset == 0 && from.Length == to.Length;
        device.Upload(from, (all ? Into(to) : Of(to)).SubView(offset, from.Length));
    }

    /// <inheritdoc/>
    public void Copy(Storage from, Storage to) => device.Copy(Of(from), Into(to));

    /// <inheritdoc/>
    public void Fill(Storage x, double value)
    {
        if (value == 0) Own(x).Empty();
        else device.Fill(Into(x), (float)value);
    }

    /// <summary>Waits until the device has done all that was asked of it, for who measures time.</summary>
    public void Synchronize() => device.Wait();

    // The numbers, to read or to change.
    private ArrayView<float> Of(Storage storage) => Own(storage).View;

    private ArrayView<float> OfOptional(Storage? storage) => storage is null ? ArrayView<float>.Empty : Of(storage);

    // Where to write all numbers.
    private ArrayView<float> Into(Storage storage) => Own(storage).Accumulate(out _);

    private ArrayView<float> IntoOptional(Storage? storage) => storage is null ? ArrayView<float>.Empty : Into(storage);

    // Where to write all numbers, or to add to all of them where there are some: adds is 1 or 0.
    private ArrayView<float> Onto(Storage storage, out int adds)
    {
        var view = Own(storage).Accumulate(out var some);
        adds = some ? 1 : 0;
        return view;
    }

    private GpuStorage Own(Storage storage)
    {
        if (storage is GpuStorage own && own.Device == device) return own;
        throw new ArgumentException(
            $"GpuBackend: the storage must come from the same backend ({Name}), but is a {storage.GetType().Name}{(storage is GpuStorage other ? $" of {other.Device.Name}" : "")}. Move the tensor with MoveTo, or make it inside Tensor.MakeOn.",
            nameof(storage));
    }

    // Memory that lasts as long as one operation.
    private Scratch Rented(int length) => new(device, length);

    private Scratch Uploaded(ReadOnlySpan<int> numbers)
    {
        var scratch = Rented(numbers.Length);
        device.Upload(System.Runtime.InteropServices.MemoryMarshal.Cast<int, float>(numbers), scratch.View);
        return scratch;
    }

    private readonly struct Scratch : IDisposable
    {
        private readonly GpuDevice? device;
        private readonly GpuBlock? block;

        internal Scratch(GpuDevice device, int length)
        {
            (this.device, block) = (device, device.Rent(length));
            View = block.View(length);
        }

        // What lasts longer anyway, for one who needs either.
        internal Scratch(ArrayView<float> lasting) => View = lasting;

        internal ArrayView<float> View { get; }

        internal ArrayView<int> Integers => View.Cast<int>();

        public void Dispose()
        {
            if (block is not null) device!.Pool.Return(block);
        }
    }
}
