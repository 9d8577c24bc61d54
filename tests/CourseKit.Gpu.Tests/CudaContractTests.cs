namespace CourseKit.Gpu.Tests;

/// <summary>The whole contract of backends on an NVIDIA GPU.</summary>
public class CudaContractTests
{
    public static TheoryData<string, int> All => OpenClContractTests.All;

    public static TheoryData<string, int> OfSequences => OpenClContractTests.OfSequences;

    [DeviceTheory("cuda")]
    [MemberData(nameof(All))]
    public void Contract_Holds(string test, int row) => ContractCases.Run(GpuDevices.Open("cuda"), test, row);

    [DeviceTheory("cuda")]
    [MemberData(nameof(OfSequences))]
    public void StepByStep_Holds(string test, int row)
    {
        var backend = (GpuBackend)GpuDevices.Open("cuda");
        backend.Loops = false;
        try
        {
            ContractCases.Run(backend, test, row);
        }
        finally
        {
            backend.Loops = null;
        }
    }
}
