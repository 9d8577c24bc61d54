using System.Runtime.CompilerServices;

namespace CourseKit.Backends.Cpu;

/// <summary>Matrix products: pack b, share out tiles of c, let k run in blocks that stay in the cache.</summary>
internal static unsafe class MatMul
{
    // One block of k of a panel of b stays in a near cache while tiles run down it, and RowBlock rows of a stay in the second level while panels go across:
    // 512 × 64 numbers of b are 128 KB, 256 × 16 are 16 KB, 96 × 512 of a are 192 KB.
    private const int RowBlock = 96;

    // From this distance on, a transposed a is copied block by block into tiles' order: its numbers lie on pages of their own, and in few places of the cache.
    private const int FarApart = 256;

    // Multiply-adds that pay for one more thread: about 10 µs of one core.
    internal const long Worthwhile = 1 << 20;

    // a [m, k] with rows aStride apart, or [k, m] when transposed; b [k, n] with rows bStride apart, or [n, k]; c [m, n] with rows cStride apart: c (+)= a·b.
    internal static void Run(CpuDevice device, float* a, int aStride, bool transposeA, float* b, int bStride, bool transposeB, float* c, int cStride, int m, int n, int k, bool accumulate)
    {
        if (m == 0 || n == 0) return;
        if (transposeB && !transposeA && m <= MatMulFewRows.Most)
        {
            var few = new FewRowsKernel { A = a, AStride = aStride, B = b, BStride = bStride, C = c, CStride = cStride, M = m, N = n, K = k, Accumulate = accumulate };
            device.Run(ref few, (long)m * n * k, MatMulFewRows.Worthwhile);
            return;
        }

        var packed = device.Pool.Rent(MatMulPack.Length(k, n, device.Width));
        var tiles = transposeA && aStride >= FarApart ? device.Pool.Rent((long)device.Threads * RowBlock * Deepest(device.Width)) : null;
        var kernel = new Kernel
        {
            Tiles = tiles is null ? null : tiles.Pointer,
            A = a,
            RowStride = transposeA ? 1 : aStride,
            KStride = transposeA ? aStride : 1,
            B = b,
            BStride = bStride,
            TransposeB = transposeB,
            Packed = packed.Pointer,
            C = c,
            CStride = cStride,
            M = m,
            N = n,
            K = k,
            Accumulate = accumulate,
        };
        device.Run(ref kernel, (long)m * n * k, Worthwhile);
        device.Pool.Return(packed);
        if (tiles is not null) device.Pool.Return(tiles);
    }

    // a: rows × k, element (i, p) at a[i·rowStride + p·kStride]; packed: panels of b; c: rows × n, rows cStride apart: columns of panels from..to-1 of c (+)= a·b.
    // tileScratch [RowBlock · Deepest] or null to read a where it lies.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Panels<S, V>(float* a, nint rowStride, nint kStride, float* packed, float* c, nint cStride, int rows, int n, int k, int from, int to, bool accumulate, float* tileScratch = null)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        var full = MatMulPack.PanelColumns(S.Width);
        var edge = stackalloc float[MatMulTile.Rows * full];
        var deepest = Deepest(S.Width);
        var (stepRow, stepK) = tileScratch is null ? (rowStride, kStride) : ((nint)1, (nint)MatMulTile.Rows);
        var blocks = Math.Max(1, (k + deepest - 1) / deepest);
        for (var block = 0; block < blocks; block++)
        {
            var k0 = (int)((long)k * block / blocks);
            var depth = (int)((long)k * (block + 1) / blocks) - k0;
            var add = accumulate || block > 0;
            for (var top = 0; top < rows; top += RowBlock)
            {
                var bottom = Math.Min(rows, top + RowBlock);
                if (tileScratch is not null) MatMulPack.Tiles(a + (top * rowStride) + (k0 * kStride), kStride, tileScratch, bottom - top, depth);
                for (var panel = from; panel < to; panel++)
                {
                    var first = panel * full;
                    var used = Math.Min(full, n - first);
                    var vectors = (used + S.Width - 1) / S.Width;
                    var columns = vectors * S.Width;
                    var b = packed + ((long)first * k) + ((long)k0 * columns);
                    for (var i = top; i < bottom; i += MatMulTile.Rows)
                    {
                        var height = Math.Min(MatMulTile.Rows, bottom - i);
                        var left = tileScratch is null ? a + (i * rowStride) + (k0 * kStride) : tileScratch + ((nint)(i - top) * depth);
                        var target = c + (i * cStride) + first;
                        if (used == columns)
                        {
                            MatMulTile.Run<S, V>(height, vectors, left, stepRow, stepK, b, columns, target, cStride, depth, add);
                            continue;
                        }

                        // The last panel ends inside a vector: its tile goes through a buffer of whole vectors.
                        if (add) CopyTile(target, cStride, edge, columns, height, used);
                        MatMulTile.Run<S, V>(height, vectors, left, stepRow, stepK, b, columns, edge, columns, depth, add);
                        CopyTile(edge, columns, target, cStride, height, used);
                    }
                }
            }
        }
    }

    private static int Deepest(int width) => width == 16 ? 512 : 256;

    /// <summary>Rows of parts and columns of parts, such that their product is parts and the largest share is smallest; of equals the one with the fewest rows, or columns, a part.</summary>
    internal static (int Down, int Across) Grid(int parts, int rowTiles, int panels, bool fewColumns = false)
    {
        var (best, least) = (1, long.MaxValue);
        for (var i = 0; i < parts; i++)
        {
            var down = fewColumns ? i + 1 : parts - i;
            if (parts % down != 0) continue;
            var across = parts / down;
            var share = (long)((rowTiles + down - 1) / down) * ((panels + across - 1) / across);
            if (share < least) (best, least) = (down, share);
        }

        return (best, parts / best);
    }

    private static void CopyTile(float* from, nint fromStride, float* to, nint toStride, int rows, int columns)
    {
        for (var i = 0; i < rows; i++) Unsafe.CopyBlockUnaligned(to + (i * toStride), from + (i * fromStride), (uint)columns * sizeof(float));
    }

    private struct FewRowsKernel : IKernel
    {
        public float* A, B, C;
        public int AStride, BStride, CStride, M, N, K;
        public bool Accumulate;

        public readonly void Run<S, V>(Part part)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            var (from, to) = part.Of(N);
            MatMulFewRows.Run<S, V>(A, AStride, B, BStride, C, CStride, M, K, from, to, Accumulate);
        }
    }

    private struct Kernel : IKernel
    {
        public float* A, B, Packed, Tiles, C;
        public nint RowStride, KStride;
        public int BStride, CStride, M, N, K;
        public bool TransposeB, Accumulate;

        public readonly void Run<S, V>(Part part)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            var panels = MatMulPack.Panels(N, S.Width);
            var mine = part.Of(panels);
            MatMulPack.Run(B, BStride, TransposeB, Packed, K, N, S.Width, mine.From, mine.To);
            part.Meet();

            var tiles = (M + MatMulTile.Rows - 1) / MatMulTile.Rows;
            var (down, across) = Grid(part.Count, tiles, panels);
            var rows = new Part(part.Index / across, down, null).Of(tiles);
            var columns = new Part(part.Index % across, across, null).Of(panels);
            var first = rows.From * MatMulTile.Rows;
            var count = Math.Min(M, rows.To * MatMulTile.Rows) - first;
            if (count <= 0) return;
            Panels<S, V>(
                A + (first * RowStride), RowStride, KStride, Packed, C + ((long)first * CStride), CStride, count, N, K, columns.From, columns.To, Accumulate,
                Tiles is null ? null : Tiles + ((long)part.Index * RowBlock * Deepest(S.Width)));
        }
    }
}
