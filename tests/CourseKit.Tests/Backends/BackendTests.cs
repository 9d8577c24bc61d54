using CourseKit.Backends;
using CourseKit.Backends.Cpu;

namespace CourseKit.Tests.Backends;

/// <summary>Backends by name, where the GPU's library is not: beside these tests it does not lie.</summary>
public class BackendTests
{
    [Fact]
    public void Open_Cpu_IsTheDefault() => Assert.Same(CpuBackend.Default, Backend.Open("cpu"));

    [Fact]
    public void Open_UnknownName_ListsTheNames()
    {
        var e = Assert.Throws<ArgumentException>(() => Backend.Open("GPU"));
        Assert.StartsWith("Backend.Open: the name must be one of cpu, gpu, cuda, opencl, best, but is \"GPU\".", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gpu")]
    [InlineData("cuda")]
    [InlineData("opencl")]
    public void Open_WithoutTheLibrary_SaysHowToGetIt(string name)
    {
        var e = Assert.Throws<BackendException>(() => Backend.Open(name));
        Assert.Equal($"{name}: CourseKit.Gpu.dll is not here. Build CourseKit.sln where the packages ILGPU and ILGPU.Algorithms can be restored, or take the backend cpu.", e.Message);
    }

    [Fact]
    public void Best_WithoutTheLibrary_IsTheCpuAndSaysWhy()
    {
        var said = new List<string>();
        Assert.Same(CpuBackend.Default, Backend.Best(said.Add));
        Assert.Equal([$"Backend: {CpuBackend.Default.Name}; gpu: CourseKit.Gpu.dll is not here."], said);
        Assert.Same(CpuBackend.Default, Backend.Open("best"));
    }
}
