using System.Runtime.CompilerServices;

namespace CourseKit.Backends.Cpu;

/// <summary>Matrix products: pack b, share out tiles of c, let k run in blocks that stay in the cache.</summary>
internal static unsafe class MatMul
{
    // One block of k of a panel of b stays in a near cache while tiles run down it, and RowBlock rows of a stay in the second level while panels go across:
    // 512 × 64 numbers of b are 128 KB, 256 × 16 are 16 KB, 96 × 512 of a are 192 KB.
    private const int RowBlock = 96;

    // From this distance on, a transposed a is copied block by block into tiles' order: its numbers lie on pages of their own, and in few places of the cache.
    internal const int FarApart = 256;

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
        var tiles = transposeA && aStride >= FarApart ? device.Pool.Rent(device.Threads * TilesLength(device.Width)) : null;
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

    /// <summary>Numbers of a part's scratch for tiles of a transposed left operand.</summary>
    internal static long TilesLength(int width) => (long)RowBlock * Deepest(width);

    // a: rows × k, element (i, p) at a[i·rowStride + p·kStride]; packed: panels of b; c: rows × n, rows cStride apart: columns of panels from..to-1 of c (+)= a·b.
    internal static void Panels<S, V>(float* a, nint rowStride, nint kStride, float* packed, float* c, nint cStride, int rows, int n, int k, int from, int to, bool accumulate, float* tileScratch = null)
        where S : struct, ISimd<V>
        where V : unmanaged =>
        Panels<S, V>(a, rowStride, kStride, new MatMulColumns(packed, new Accumulator(c, accumulate), n, from, to, cStride), default, rows, k, tileScratch);

    // a: rows × k, element (i, p) at a[i·rowStride + p·kStride], once for the panels of two right operands: c (+)= a·b for each.
    // tileScratch [TilesLength] or null to read a where it lies.
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Panels<S, V>(float* a, nint rowStride, nint kStride, in MatMulColumns one, in MatMulColumns other, int rows, int k, float* tileScratch)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        float* room = stackalloc float[(MatMulTile.Rows * MatMulPack.PanelColumns(S.Width)) + Recurrent.Line];
        var edge = Recurrent.Align(room);
        var deepest = Deepest(S.Width);
        var (stepRow, stepK) = tileScratch is null ? (rowStride, kStride) : ((nint)1, (nint)MatMulTile.Rows);
        var blocks = Math.Max(1, (k + deepest - 1) / deepest);
        for (var block = 0; block < blocks; block++)
        {
            var k0 = (int)((long)k * block / blocks);
            var depth = (int)((long)k * (block + 1) / blocks) - k0;
            for (var top = 0; top < rows; top += RowBlock)
            {
                var height = Math.Min(rows - top, RowBlock);
                var left = a + (top * rowStride) + (k0 * kStride);
                if (tileScratch is not null)
                {
                    MatMulPack.Tiles(left, kStride, tileScratch, height, depth);
                    left = tileScratch;
                }

                var tileStep = tileScratch is null ? MatMulTile.Rows * rowStride : MatMulTile.Rows * (nint)depth;
                Block<S, V>(left, tileStep, stepRow, stepK, one, top, height, k, k0, depth, edge);
                Block<S, V>(left, tileStep, stepRow, stepK, other, top, height, k, k0, depth, edge);
            }
        }
    }

    // left: height × depth in tiles tileStep apart, of rows from top on and numbers k0.. of k; edge: one tile.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block<S, V>(float* left, nint tileStep, nint rowStride, nint kStride, in MatMulColumns columns, int top, int height, int k, int k0, int depth, float* edge)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        var (full, add, cStride) = (MatMulPack.PanelColumns(S.Width), columns.C.Adds || k0 > 0, columns.CStride);
        for (var panel = columns.From; panel < columns.To; panel++)
        {
            var first = panel * full;
            var used = Math.Min(full, columns.N - first);
            var vectors = (used + S.Width - 1) / S.Width;
            var wide = vectors * S.Width;
            var b = columns.Packed + ((long)first * k) + ((long)k0 * wide);
            var (c, tile) = ((nint)(columns.C.Pointer + (top * cStride) + first), (nint)left);
            for (var i = 0; i < height; i += MatMulTile.Rows)
            {
                var tall = Math.Min(MatMulTile.Rows, height - i);
                if (used == wide) MatMulTile.Run<S, V>(tall, vectors, (float*)tile, rowStride, kStride, b, wide, (float*)c, cStride, depth, add);
                else
                {
                    // The last panel ends inside a vector: its tile goes through a buffer of whole vectors.
                    if (add) CopyTile((float*)c, cStride, edge, wide, tall, used);
                    MatMulTile.Run<S, V>(tall, vectors, (float*)tile, rowStride, kStride, b, wide, edge, wide, depth, add);
                    CopyTile(edge, wide, (float*)c, cStride, tall, used);
                }

                c += MatMulTile.Rows * cStride * sizeof(float);
                tile += tileStep * sizeof(float);
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
                Tiles is null ? null : Tiles + (part.Index * TilesLength(S.Width)));
        }
    }
}
