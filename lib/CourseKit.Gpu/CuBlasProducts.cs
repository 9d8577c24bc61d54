using ILGPU;
using ILGPU.Runtime.Cuda;

namespace CourseKit.Gpu;

/// <summary>Products by NVIDIA's library, in float32 without TF32, which is its default mode.</summary>
internal sealed class CuBlasProducts
{
    private readonly CuBlas library;

    private CuBlasProducts(CuBlas library) => this.library = library;

    /// <summary>The library, or null where it is not installed or its version is unknown to ILGPU.</summary>
    internal static CuBlasProducts? TryLoad(CudaAccelerator accelerator)
    {
        try
        {
            return new CuBlasProducts(new CuBlas(accelerator) { PointerMode = CuBlasPointerMode.Host, AtomicsMode = CuBlasAtomicsMode.NotAllowed, Stream = (CudaStream)accelerator.DefaultStream });
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or NotSupportedException or CuBlasException)
        {
            return null;
        }
    }

    /// <summary>c = a·b or c += a·b, row-major; the library's matrices are column-major, so it is asked for cᵀ = bᵀ·aᵀ.</summary>
    internal void Gemm(ArrayView<float> a, int lda, bool transposeA, ArrayView<float> b, int ldb, bool transposeB, ArrayView<float> c, int ldc, int m, int n, int k, bool adds) =>
        library.Gemm(Operation(transposeB), Operation(transposeA), n, m, k, 1, b, ldb, a, lda, adds ? 1 : 0, c, ldc);

    private static CuBlasOperation Operation(bool transpose) => transpose ? CuBlasOperation.Transpose : CuBlasOperation.NonTranspose;
}
