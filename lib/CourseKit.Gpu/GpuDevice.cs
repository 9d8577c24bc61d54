using CourseKit.Backends;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace CourseKit.Gpu;

/// <summary>One device: its memory, its one stream, in which everything happens in the order it was asked for, and the kernels compiled for it.</summary>
internal sealed class GpuDevice
{
    /// <summary>The most threads in a group, and the numbers of shared memory that a reduction takes.</summary>
    internal const int MostThreads = 256;

    private const int StagedNumbers = 1 << 20, MostGroups = 1 << 16;

    // Bound before each use: CUDA's context belongs to a thread.
    private readonly Accelerator accelerator;
    private readonly AcceleratorStream stream;
    private readonly Lock guard = new();
    private readonly Dictionary<Type, Delegate> kernels = [];

    // What is copied goes through memory that the collector does not move and the device reads by itself.
    private readonly PageLockedArray1D<float> uploads, downloads;
    private int uploaded;
    private GpuTraffic traffic;

    internal GpuDevice(Accelerator accelerator)
    {
        this.accelerator = accelerator;
        stream = accelerator.DefaultStream;
        uploads = accelerator.AllocatePageLocked1D<float>(StagedNumbers, false);
        downloads = accelerator.AllocatePageLocked1D<float>(StagedNumbers, false);
        Threads = 1;
        while (Threads * 2 <= Math.Min(MostThreads, accelerator.MaxNumThreadsPerGroup)) Threads *= 2;
        Pool = new GpuPool(Allocate);
        if (accelerator is CudaAccelerator cuda) CuBlas = CuBlasProducts.TryLoad(cuda);
    }

    /// <summary>The device's name, and through what it is used: "NVIDIA H100, CUDA, cuBLAS".</summary>
    internal string Name => $"{accelerator.Name.Trim()}, {accelerator.AcceleratorType switch { AcceleratorType.Cuda => "CUDA", AcceleratorType.OpenCL => "OpenCL", _ => "ILGPU's CPU accelerator" }}{(CuBlas is null ? "" : ", cuBLAS")}";

    /// <summary>Threads in a group where nothing else decides: a power of two.</summary>
    internal int Threads { get; }

    /// <summary>How many groups run at once, about.</summary>
    internal int Multiprocessors => accelerator.NumMultiprocessors;

    internal GpuPool Pool { get; }

    /// <summary>The vendor's products, or null where there are none.</summary>
    internal CuBlasProducts? CuBlas { get; }

    internal GpuTraffic Traffic
    {
        get
        {
            lock (guard) return traffic;
        }
    }

    /// <summary>Opens a device.</summary>
    /// <exception cref="BackendException">Its driver fails.</exception>
    internal static GpuDevice Open(Context context, Device device)
    {
        try
        {
            return new GpuDevice(device.CreateAccelerator(context));
        }
        catch (Exception e) when (e is not BackendException)
        {
            throw new BackendException($"{device.Name.Trim()}: the device was found but cannot be used: {e.Message} Update its driver, or take another backend, such as cpu.", e);
        }
    }

    internal GpuBlock Rent(int length) => Pool.Rent(length);

    /// <summary>op.At(i) for every i below n.</summary>
    /// <param name="op">The operands.</param>
    /// <param name="n">How many.</param>
    /// <param name="touched">How many numbers all of them read and write.</param>
    internal void Each<T>(in T op, int n, long touched)
        where T : struct, IEach
    {
        if (n == 0) return;
        lock (guard)
        {
            var run = (Action<AcceleratorStream, KernelConfig, T, int>)Kernel<T>(static accelerator => accelerator.LoadKernel<T, int>(Kernels.Each));
            try
            {
                run(stream, new KernelConfig(Math.Min((n + Threads - 1) / Threads, MostGroups), Threads), op, n);
            }
            catch (AcceleratorException e)
            {
                throw Failed(e);
            }

            Count(touched, 0);
        }
    }

    /// <summary>op.Run() in so many groups of so many threads.</summary>
    internal void Grouped<T>(in T op, int groups, int threads, long touched, long flops = 0)
        where T : struct, IGrouped
    {
        if (groups == 0) return;
        lock (guard)
        {
            var run = (Action<AcceleratorStream, KernelConfig, T>)Kernel<T>(static accelerator => accelerator.LoadKernel<T>(Kernels.Grouped));
            try
            {
                run(stream, new KernelConfig(groups, threads), op);
            }
            catch (AcceleratorException e)
            {
                throw Failed(e);
            }

            Count(touched, flops);
        }
    }

    /// <summary>c = a·b or c += a·b by cuBLAS, row-major with rows so far apart.</summary>
    internal void CuBlasGemm(ArrayView<float> a, int lda, bool transposeA, ArrayView<float> b, int ldb, bool transposeB, ArrayView<float> c, int ldc, int m, int n, int k, bool adds)
    {
        lock (guard)
        {
            accelerator.Bind();
            try
            {
                CuBlas!.Gemm(a, lda, transposeA, b, ldb, transposeB, c, ldc, m, n, k, adds);
            }
            catch (Exception e) when (e is AcceleratorException or CuBlasException)
            {
                throw Failed(e);
            }

            Count(((long)m * k) + ((long)k * n) + ((long)m * n * (adds ? 2 : 1)), 2L * m * n * k);
        }
    }

    internal void Fill(ArrayView<float> x, float value) => Each(new Fill { X = x, Value = value }, x.IntLength, x.Length);

    internal void Copy(ArrayView<float> from, ArrayView<float> to) => Each(new Copy { From = from, To = to }, to.IntLength, 2 * to.Length);

    /// <summary>Copies numbers to the device without waiting for it.</summary>
    internal void Upload(ReadOnlySpan<float> from, ArrayView<float> to)
    {
        lock (guard)
        {
            accelerator.Bind();
            for (var done = 0; done < from.Length;)
            {
                if (uploaded == StagedNumbers)
                {
                    // What was there may not have been read yet.
                    Synchronize();
                    uploaded = 0;
                }

                var count = Math.Min(from.Length - done, StagedNumbers - uploaded);
                var staged = uploads.Span.Slice(uploaded, count);
                from.Slice(done, count).CopyTo(staged);
                to.SubView(done, count).CopyFromCPUUnsafeAsync(stream, ref staged[0], count);
                (uploaded, done) = (uploaded + count, done + count);
                traffic = traffic with { BytesToDevice = traffic.BytesToDevice + (sizeof(float) * (long)count) };
            }
        }
    }

    /// <summary>Copies numbers back, when all that was asked for before has happened.</summary>
    internal void Download(ArrayView<float> from, Span<float> to)
    {
        lock (guard)
        {
            accelerator.Bind();
            for (var done = 0; done < to.Length;)
            {
                var count = Math.Min(to.Length - done, StagedNumbers);
                from.SubView(done, count).CopyToCPUUnsafeAsync(stream, ref downloads.Span[0], count);
                Synchronize();
                downloads.Span[..count].CopyTo(to[done..]);
                done += count;
            }

            traffic = traffic with { BytesFromDevice = traffic.BytesFromDevice + (sizeof(float) * (long)to.Length) };
        }
    }

    /// <summary>Waits until all that was asked for has happened.</summary>
    internal void Wait()
    {
        lock (guard)
        {
            accelerator.Bind();
            Synchronize();
        }
    }

    private void Synchronize()
    {
        try
        {
            stream.Synchronize();
        }
        catch (AcceleratorException e)
        {
            throw Failed(e);
        }

        traffic = traffic with { Synchronizations = traffic.Synchronizations + 1 };
    }

    private void Count(long touched, long flops) => traffic = traffic with
    {
        Launches = traffic.Launches + 1,
        BytesOnDevice = traffic.BytesOnDevice + (sizeof(float) * touched),
        Flops = traffic.Flops + flops,
    };

    // Compiled when it is first asked for, which takes some tenths of a second.
    private Delegate Kernel<T>(Func<Accelerator, Delegate> compile)
    {
        accelerator.Bind();
        if (kernels.TryGetValue(typeof(T), out var kernel)) return kernel;
        try
        {
            return kernels[typeof(T)] = compile(accelerator);
        }
        catch (Exception e)
        {
            throw new BackendException($"{Name}: the kernel {typeof(T).Name} could not be compiled for it: {e.Message}. Update its driver, or take another backend, such as cpu.", e);
        }
    }

    private MemoryBuffer1D<float, Stride1D.Dense> Allocate(long numbers)
    {
        accelerator.Bind();

        // What was lost and not returned may be enough.
        for (var attempt = 0; ; attempt++)
        {
            Exception? failure = null;
            try
            {
                // Some drivers promise more than there is.
                if (Pool.Bytes + (sizeof(float) * numbers) <= accelerator.MemorySize) return accelerator.Allocate1D<float>(numbers);
            }
            catch (Exception e) when (e is AcceleratorException or OutOfMemoryException)
            {
                failure = e;
            }

            if (attempt == 1) throw OutOfMemory(numbers, failure);
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Pool.Sweep();
            Pool.Trim();
        }
    }

    private BackendException OutOfMemory(long numbers, Exception? inner) =>
        new($"{Name}: no memory for {numbers:N0} more numbers ({Megabytes(sizeof(float) * numbers)}); {Megabytes(Pool.Bytes)} of the device's {Megabytes(accelerator.MemorySize)} are in use here. " +
            "Take a smaller batch, shorter windows or a smaller model, or another backend, such as cpu.", inner);

    // A device reports what went wrong with the next that is asked of it.
    private BackendException Failed(Exception e) =>
        new($"{Name}: the device failed to run what was asked of it: {e.Message}. What it holds is lost; start the program again, and take another backend, such as cpu, if it happens again.", e);

    private static string Megabytes(long bytes) => $"{bytes / 1e6:N0} MB";
}
