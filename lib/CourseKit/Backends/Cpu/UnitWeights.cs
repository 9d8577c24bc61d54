using System.Runtime.CompilerServices;

namespace CourseKit.Backends.Cpu;

/// <summary>
/// The weights of a layer's gates, [gates·H, K], for kernels that make whole units at once: a panel holds some vectors of units with all their gates side by side,
/// so that what a tile leaves behind is all that these units' cells need. With few rows the weights are read where they lie.
/// </summary>
internal unsafe struct UnitWeights
{
    // packed: panels of [K, gates · vectors·width], the last with fewer vectors, or null. Gate g is the ((g + turn) mod gates)-th of a panel.
    internal float* Weight, Packed;
    internal int K, H, Gates, Vectors, Turn;

    /// <summary>Numbers that the packed weights take.</summary>
    internal static long Length(int gates, int K, int H, int width) => (long)gates * K * ((H + width - 1) / width * width);

    /// <summary>Packs this part's panels.</summary>
    internal readonly void Pack(Part part, int width)
    {
        if (Packed is null) return;
        var full = Vectors * width;
        var (from, to) = part.Of((H + full - 1) / full);
        for (var first = from * full; first < Math.Min(H, to * full); first += full)
        {
            var used = Math.Min(full, H - first);
            var padded = (used + width - 1) / width * width;
            for (var gate = 0; gate < Gates; gate++)
            {
                var target = Packed + ((long)first * K * Gates) + ((gate + Turn) % Gates * padded);
                MatMulPack.Transpose(Weight + ((((long)gate * H) + first) * K), K, target, Gates * padded, padded, K, used);
            }
        }
    }

    // a [rows, K], rows aStride apart, at most 6; sums [rows, gates · padded], rows stride apart: (+)= a·Wᵀ of the panel of units that begins at first; padded: its units, rounded up to vectors.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly void Multiply<S, V>(int first, int padded, float* a, nint aStride, int rows, float* sums, nint stride, bool accumulate)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        if (Packed is null)
        {
            FewRows<S, V>(first, padded, a, aStride, rows, sums, stride, accumulate);
            return;
        }

        var columns = Gates * padded;
        var b = Packed + ((long)first * K * Gates);
        var most = MatMulPack.PanelColumns(S.Width);
        for (var done = 0; done < columns; done += most)
            MatMulTile.Run<S, V>(rows, Math.Min(most, columns - done) / S.Width, a, aStride, 1, b + done, columns, sums + done, stride, K, accumulate);
    }

    // x [B, T, K], sums [B, T, columns]: x·Wᵀ of this share's units for all its rows and steps, each unit in so many columns; panel: its units. The weights are read once.
    internal readonly void MultiplyAhead<S, V>(in RecurrentShare share, int panel, float* x, int T, float* sums, long columns, int unit)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        var end = (long)share.EndRow * T;
        for (var first = share.FirstUnit; first < share.EndUnit; first += panel)
        {
            var padded = (Math.Min(panel, H - first) + S.Width - 1) / S.Width * S.Width;
            for (var row = (long)share.FirstRow * T; row < end; row += MatMulTile.Rows)
                Multiply<S, V>(first, padded, x + (row * K), K, (int)Math.Min(MatMulTile.Rows, end - row), sums + (row * columns) + (first * unit), (nint)columns, false);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly void FewRows<S, V>(int first, int padded, float* a, nint aStride, int rows, float* sums, nint stride, bool accumulate)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        for (var gate = 0; gate < Gates; gate++)
        {
            var c = sums + ((gate + Turn) % Gates * padded) - first;
            MatMulFewRows.Run<S, V>(a, aStride, Weight + ((long)gate * H * K), K, c, stride, rows, K, first, Math.Min(H, first + padded), accumulate);
        }
    }
}
