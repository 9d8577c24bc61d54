using CourseKit.Backends;
using CourseKit.Backends.Cpu;

namespace CourseKit.Tests.Backends;

/// <summary>The contract for each instruction set; a processor that lacks one runs its best instead, so that every class tests a real path.</summary>
public class CpuBackendAvx512Contract : BackendContract
{
    protected override IBackend Create() => New(2, InstructionSet.Avx512);

    internal static CpuBackend New(int threads, InstructionSet wanted) => new(threads, wanted < CpuDevice.Best ? wanted : CpuDevice.Best);
}

public class CpuBackendAvx2Contract : BackendContract
{
    protected override IBackend Create() => CpuBackendAvx512Contract.New(3, InstructionSet.Avx2);
}

public class CpuBackendPortableContract : BackendContract
{
    protected override IBackend Create() => CpuBackendAvx512Contract.New(1, InstructionSet.Portable);
}

public class CpuBackendScalarContract : BackendContract
{
    protected override IBackend Create() => CpuBackendAvx512Contract.New(2, InstructionSet.Scalar);
}
