using ILGPU;
using ILGPU.Runtime.CPU;

namespace CourseKit.Gpu.Tests;

/// <summary>The contract on ILGPU's own CPU accelerator: what the kernels say in C#, thread by thread. It is slow, so on small shapes only.</summary>
public class CpuAcceleratorContractTests
{
    private static readonly string[] Large = ["MatMul_AnyShape_MatchesOracle", "MatMul_OddShapesTransposesAndAccumulate_MatchOracle", "Activate_WholeLine_StaysWithinItsStatedError"];

    private static readonly Lazy<GpuDevice> Device = new(() =>
    {
        var context = Context.Create(builder => builder.CPU());
        return GpuDevice.Open(context, context.Devices[0]);
    });

    /// <summary>Every test on the first of its rows and every fifth after it.</summary>
    public static TheoryData<string, int> Small { get; } = ContractCases.Where((test, row) => !Large.Contains(test) && row % 5 == 0);

    [Theory]
    [MemberData(nameof(Small))]
    public void Contract_SmallShapes_Holds(string test, int row) => ContractCases.Run(new GpuBackend(Device.Value), test, row);
}
