namespace CourseKit.Gpu.Tests;

/// <summary>The whole contract of backends in the OpenCL that ILGPU makes of the kernels.</summary>
public class OpenClContractTests
{
    private static readonly string[] Recurrent = ["Recurrent", "Gated", "Lstm"];

    public static TheoryData<string, int> All { get; } = ContractCases.Where((_, _) => true);

    public static TheoryData<string, int> OfSequences { get; } = ContractCases.Where((test, _) => Recurrent.Any(test.StartsWith));

    [DeviceTheory("pocl")]
    [MemberData(nameof(All))]
    public void Contract_Holds(string test, int row) => ContractCases.Run(Pocl.NewBackend(), test, row);

    /// <summary>The same sequences, which are short and narrow, without the kernel that loops over all their steps.</summary>
    [DeviceTheory("pocl")]
    [MemberData(nameof(OfSequences))]
    public void StepByStep_Holds(string test, int row)
    {
        var backend = Pocl.NewBackend();
        backend.Loops = false;
        ContractCases.Run(backend, test, row);
    }
}
