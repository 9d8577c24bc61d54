using CourseKit.Backends;
using ILGPU;

namespace CourseKit.Gpu;

/// <summary>A block of device memory while it is lent; one that nobody returns goes back when it is collected.</summary>
internal sealed class GpuStorage(GpuDevice device, int length) : Storage(length)
{
    private GpuBlock? block = device.Rent(length);
    private bool empty;

    ~GpuStorage()
    {
        if (block is { } left) device.Pool.Collect(left);
    }

    internal GpuDevice Device => device;

    /// <summary>The numbers, to read or to overwrite; zeros that nobody has written are written first.</summary>
    internal ArrayView<float> View
    {
        get
        {
            var view = Block.View(Length);
            if (empty)
            {
                empty = false;
                device.Fill(view, 0);
            }

            return view;
        }
    }

    private GpuBlock Block => block ?? throw new InvalidOperationException("GpuBackend: this storage went back to the pool and cannot be used any more.");

    /// <summary>Makes all numbers 0 without writing them before somebody looks: mostly a product comes first and overwrites them.</summary>
    internal void Empty()
    {
        _ = Block;
        empty = true;
    }

    /// <summary>Where to put numbers, for one who writes them all; whether they are to be added to what is there.</summary>
    internal ArrayView<float> Accumulate(out bool adds)
    {
        adds = !empty;
        empty = false;
        return Block.View(Length);
    }

    /// <summary>Gives up the block, once.</summary>
    internal void Release()
    {
        var left = Interlocked.Exchange(ref block, null) ?? throw new InvalidOperationException("GpuBackend: this storage went back to the pool before and cannot be returned twice.");
        device.Pool.Return(left);
    }
}
