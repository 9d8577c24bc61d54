using CourseKit.Backends.Cpu;

namespace CourseKit.Tests.Backends;

public class CpuDeviceTests
{
    /// <summary>In a process that a switch of the runtime has stepped down, this is what tells that its kernels were tested and not the processor's widest.</summary>
    [Fact]
    public void Best_UnderTheRuntimesSwitches_StaysWithinThem()
    {
        static bool Off(string name) => Environment.GetEnvironmentVariable("DOTNET_Enable" + name) == "0";
        var widest = Off("HWIntrinsic") ? InstructionSet.Scalar : Off("AVX2") ? InstructionSet.Portable : Off("AVX512") ? InstructionSet.Avx2 : InstructionSet.Avx512;
        Assert.InRange(CpuDevice.Best, InstructionSet.Scalar, widest);
        var lanes = CpuDevice.Best switch { InstructionSet.Avx512 => 16, InstructionSet.Avx2 => 8, InstructionSet.Portable => 4, _ => 1 };
        Assert.Equal(lanes, new CpuDevice(1, CpuDevice.Best).Width);
    }
}
