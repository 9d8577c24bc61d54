using CourseKit.Backends;
using ILGPU;

namespace CourseKit.Gpu;

public sealed partial class GpuBackend
{
    /// <inheritdoc/>
    public void MatMul(Storage a, Storage b, Storage c, int m, int n, int k, bool transposeA, bool transposeB, bool accumulate)
    {
        var adds = 0;
        var to = accumulate ? Onto(c, out adds) : Into(c);
        Product(Of(a), transposeA ? m : k, transposeA, Of(b), transposeB ? k : n, transposeB, to, n, m, n, k, adds != 0);
    }

    /// <inheritdoc/>
    public void Linear(Storage x, Storage weight, Storage? bias, Storage y, int rows, int inputSize, int outputSize)
    {
        var to = Into(y);
        if (device.CuBlas is not null && bias is not null)
        {
            device.Each(new CopyColumns { From = Of(bias), To = to, ToColumns = outputSize, Count = outputSize }, rows * outputSize, 2L * rows * outputSize);
            Product(Of(x), inputSize, false, Of(weight), inputSize, true, to, outputSize, rows, outputSize, inputSize, adds: true);
            return;
        }

        Product(Of(x), inputSize, false, Of(weight), inputSize, true, to, outputSize, rows, outputSize, inputSize, adds: false, OfOptional(bias));
    }

    /// <inheritdoc/>
    public void BatchMatMul(Storage a, Storage b, Storage c, int batch, int m, int n, int k, bool transposeA, bool transposeB, bool accumulate)
    {
        var adds = 0;
        var to = accumulate ? Onto(c, out adds) : Into(c);
        Tiled(Of(a), transposeA ? m : k, transposeA, Of(b), transposeB ? k : n, transposeB, to, n, m, n, k, adds != 0, ArrayView<float>.Empty, batch);
    }

    // c [m, n], rows ldc apart, = or += op(a)·op(b) + bias; a's rows lie lda apart, b's ldb.
    private void Product(
        ArrayView<float> a, int lda, bool transposeA, ArrayView<float> b, int ldb, bool transposeB, ArrayView<float> c, int ldc, int m, int n, int k, bool adds, ArrayView<float> bias = default)
    {
        if (device.CuBlas is not null && m > 0 && n > 0 && k > 0 && bias.Length == 0) device.CuBlasGemm(a, lda, transposeA, b, ldb, transposeB, c, ldc, m, n, k, adds);
        else Tiled(a, lda, transposeA, b, ldb, transposeB, c, ldc, m, n, k, adds, bias, 1);
    }

    private void Tiled(
        ArrayView<float> a, int lda, bool transposeA, ArrayView<float> b, int ldb, bool transposeB, ArrayView<float> c, int ldc, int m, int n, int k, bool adds, ArrayView<float> bias, int batch)
    {
        int Tiles(int side) => batch * ((m + side - 1) / side) * ((n + side - 1) / side);
        if (device.Threads < 64) Tiled<LeastTile>(Tiles(16));
        else if (device.Threads < 256 || m <= 32 || n <= 32 || Tiles(64) < 2 * device.Multiprocessors) Tiled<SmallTile>(Tiles(32));
        else Tiled<LargeTile>(Tiles(64));

        void Tiled<TTile>(int tiles)
            where TTile : struct, ITile
        {
            var kernel = new MatMul<TTile>
            {
                A = a,
                ARow = transposeA ? 1 : lda,
                AColumn = transposeA ? lda : 1,
                AMatrix = m * k,
                B = b,
                BRow = transposeB ? 1 : ldb,
                BColumn = transposeB ? ldb : 1,
                BMatrix = k * n,
                C = c,
                CRow = ldc,
                CMatrix = m * n,
                Bias = bias,
                M = m,
                N = n,
                K = k,
                Adds = adds ? 1 : 0,
            };
            var side = default(TTile).Side;
            device.Grouped(kernel, tiles, side * side, batch * (((long)m * k) + ((long)k * n) + ((long)m * n * (adds ? 2 : 1))), 2L * batch * m * n * k);
        }
    }
}
