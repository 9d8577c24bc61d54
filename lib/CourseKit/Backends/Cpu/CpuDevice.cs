using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CourseKit.Backends.Cpu;

/// <summary>A kernel with its operands: pointers and ints. Run does one thread's part, for the vectors S of V.</summary>
internal interface IKernel
{
    void Run<S, V>(Part part)
        where S : struct, ISimd<V>
        where V : unmanaged;
}

/// <summary>What kernels run on: threads, an instruction set, and scratch memory.</summary>
internal sealed unsafe class CpuDevice(int threads, InstructionSet instructions)
{
    private readonly CpuThreads workers = new(threads);

    internal int Threads => workers.Count;

    internal InstructionSet Instructions => instructions;

    internal CpuPool Pool { get; } = new();

    /// <summary>The widest vectors that this processor has and the runtime's switches (DOTNET_EnableAVX512, ...) allow.</summary>
    internal static InstructionSet Best =>
        Avx512F.IsSupported ? InstructionSet.Avx512 : Avx2.IsSupported && Fma.IsSupported ? InstructionSet.Avx2
        : Vector128.IsHardwareAccelerated ? InstructionSet.Portable : InstructionSet.Scalar;

    /// <summary>Lanes of a vector of the chosen set.</summary>
    internal int Width => instructions switch { InstructionSet.Avx512 => 16, InstructionSet.Avx2 => 8, InstructionSet.Portable => 4, _ => 1 };

    /// <summary>Runs a kernel on as many threads as its work is worth.</summary>
    /// <param name="kernel">The kernel; every part reads the same copy.</param>
    /// <param name="work">How much there is to do, in any unit.</param>
    /// <param name="worthwhile">How much of it pays for one more thread.</param>
    internal void Run<K>(ref K kernel, long work, long worthwhile)
        where K : unmanaged, IKernel
    {
        var parts = (int)Math.Clamp(work / worthwhile, 1, workers.Count);
        fixed (K* pointer = &kernel)
        {
            switch (instructions)
            {
                case InstructionSet.Avx512: workers.Run(&Part<K, Simd512, Vector512<float>>, pointer, parts); break;
                case InstructionSet.Avx2: workers.Run(&Part<K, Simd256, Vector256<float>>, pointer, parts); break;
                case InstructionSet.Portable: workers.Run(&Part<K, Simd128, Vector128<float>>, pointer, parts); break;
                default: workers.Run(&Part<K, Simd1, float>, pointer, parts); break;
            }
        }
    }

    private static void Part<K, S, V>(void* kernel, Part part)
        where K : unmanaged, IKernel
        where S : struct, ISimd<V>
        where V : unmanaged => ((K*)kernel)->Run<S, V>(part);
}
