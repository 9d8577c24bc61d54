using CourseKit.Backends;
using CourseKit.Backends.Cpu;
using CourseKit.Tensors;
using ILGPU.Runtime.OpenCL;

namespace CourseKit.Gpu.Tests;

/// <summary>What goes wrong with devices says who, why and what helps.</summary>
public class FailureTests
{
    [DeviceFact("cuda", absent: true)]
    public void Open_CudaThatIsNotThere_NamesTheDriverAndTheWayOut() => RequireRefusal("cuda", "no NVIDIA GPU was found here: ");

    [DeviceFact("gpu", absent: true)]
    public void Open_GpuThatIsNotThere_NamesTheDriverAndTheWayOut() => RequireRefusal("gpu", "no GPU was found here: ");

    [Fact]
    public void Open_AnotherName_IsAnArgumentException()
    {
        var e = Assert.Throws<ArgumentException>(() => GpuDevices.Open("tpu"));
        Assert.StartsWith("GpuDevices.Open: the name must be cuda, opencl or gpu, but is \"tpu\".", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Best_WithoutAGpu_SaysThatItIsTheProcessorAndWhy()
    {
        var said = new List<string>();
        var best = Backend.Best(said.Add);
        Assert.StartsWith($"Backend: {best.Name}", Assert.Single(said), StringComparison.Ordinal);
        if (best is CpuBackend) Assert.Contains("; gpu: no GPU was found here:", said[0], StringComparison.Ordinal);
    }

    [DeviceFact("pocl")]
    public void Rent_MoreThanTheDeviceHolds_NamesTheDeviceAndWhatToMakeSmaller()
    {
        var backend = Pocl.NewBackend();
        var held = new List<Storage>();
        void RentAll()
        {
            for (var i = 0; i < 1000; i++) held.Add(backend.Rent(1 << 30));
        }

        var e = Assert.Throws<BackendException>(RentAll);
        Assert.Matches("^.*OpenCL: no memory for 1,073,741,824 more numbers \\([\\d,]+ MB\\); [\\d,]+ MB of the device's [\\d,]+ MB are in use here. Take a smaller batch, shorter windows or a smaller model, or another backend, such as cpu.$", e.Message);

        // It goes on with what is left.
        held.Clear();
        var x = backend.Rent(3);
        backend.Write([1, 2, 3], x, 0);
        Assert.Equal(6, backend.Sum(x));
    }

    [DeviceFact("pocl")]
    public void Kernel_ThatTheDeviceCannotCompile_IsNamedWithTheDevice()
    {
        // A context of its own: one failed compilation spoils it.
        using var context = Pocl.NewContext();
        var device = GpuDevice.Open(context, context.Devices.OfType<CLDevice>().First());
        var e = Assert.Throws<BackendException>(() => device.Each(default(Throws), 1, 0));
        Assert.StartsWith($"{device.Name}: the kernel Throws could not be compiled for it: ", e.Message, StringComparison.Ordinal);
        Assert.EndsWith("Update its driver, or take another backend, such as cpu.", e.Message, StringComparison.Ordinal);
    }

    [DeviceFact("pocl")]
    public void Operation_OnATensorOfAnotherBackend_SaysHowToMoveIt()
    {
        var (backend, x) = (Pocl.NewBackend(), CpuBackend.Default.Rent(3));
        var e = Assert.Throws<ArgumentException>(() => backend.Sum(x));
        Assert.StartsWith($"GpuBackend: the storage must come from the same backend ({backend.Name}), but is a CpuStorage. Move the tensor with MoveTo, or make it inside Tensor.MakeOn.", e.Message, StringComparison.Ordinal);
    }

    [DeviceFact("pocl")]
    public void Storage_AfterItsReturn_CannotBeUsedNorReturnedAgain()
    {
        var backend = Pocl.NewBackend();
        var x = backend.Rent(3);
        backend.Return(x);
        Assert.Equal("GpuBackend: this storage went back to the pool and cannot be used any more.", Assert.Throws<InvalidOperationException>(() => backend.Sum(x)).Message);
        Assert.Equal("GpuBackend: this storage went back to the pool before and cannot be returned twice.", Assert.Throws<InvalidOperationException>(() => backend.Return(x)).Message);
    }

    [DeviceFact("pocl")]
    public void Memory_OfTensorsThatNobodyReturns_IsUsedAgain()
    {
        var backend = Pocl.NewBackend();
        Fill(10);
        var before = backend.DeviceBytes;
        for (var round = 0; round < 20; round++)
        {
            Fill(10);
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.InRange(backend.DeviceBytes - before, 0, 25 * sizeof(float) << 20);

        void Fill(int count)
        {
            for (var i = 0; i < count; i++) Tensor.MakeOn(backend, () => Tensor.Zeros(1 << 20));
        }
    }

    private static void RequireRefusal(string name, string what)
    {
        var e = Assert.Throws<BackendException>(() => GpuDevices.Open(name));
        Assert.StartsWith($"{name}: {what}", e.Message, StringComparison.Ordinal);
        Assert.Matches("libcuda|nvcuda", e.Message);
        Assert.EndsWith("or take another backend: cpu always works, and best takes a GPU only where there is one.", e.Message, StringComparison.Ordinal);
    }

    internal readonly struct Throws : IEach
    {
        public void At(int i)
        {
            if (i >= 0) throw new NotSupportedException("A kernel cannot throw.");
        }
    }
}
