using CourseKit.Backends;
using ILGPU;

namespace CourseKit.Gpu;

/// <summary>A block of device memory while it is lent; one that nobody returns goes back when it is collected.</summary>
internal sealed class GpuStorage(GpuDevice device, int length) : Storage(length)
{
    private GpuBlock? block = device.Rent(length);
    private float? constant;

    ~GpuStorage()
    {
        if (block is { } left) device.Pool.Collect(left);
    }

    internal GpuDevice Device => device;

    /// <summary>What all numbers are, where that is known without asking the device.</summary>
    internal float? Constant => constant;

    /// <summary>The numbers, to read or to change; a constant that nobody has written is written first.</summary>
    internal ArrayView<float> View
    {
        get
        {
            var view = Block.View(Length);
            if (constant is { } value)
            {
                constant = null;
                device.Fill(view, value);
            }

            return view;
        }
    }

    private GpuBlock Block => block ?? throw new InvalidOperationException("GpuBackend: this storage went back to the pool and cannot be used any more.");

    /// <summary>Makes all numbers one, without writing them before somebody looks: mostly a product comes first and overwrites them.</summary>
    internal void Fill(float value)
    {
        _ = Block;
        constant = value;
    }

    /// <summary>Where to write all numbers.</summary>
    internal ArrayView<float> Overwrite()
    {
        constant = null;
        return Block.View(Length);
    }

    /// <summary>Where to put numbers, for one who writes them all; whether they are to be added to what is there.</summary>
    internal ArrayView<float> Accumulate(out bool adds)
    {
        adds = constant != 0;
        return adds ? View : Overwrite();
    }

    /// <summary>Gives up the block, once.</summary>
    internal void Release()
    {
        var left = Interlocked.Exchange(ref block, null) ?? throw new InvalidOperationException("GpuBackend: this storage went back to the pool before and cannot be returned twice.");
        device.Pool.Return(left);
    }
}
