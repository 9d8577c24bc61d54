using System.Runtime.CompilerServices;

namespace CourseKit.Backends.Cpu;

/// <summary>A number known to the JIT, so that one kernel text serves tiles of every size.</summary>
internal interface ICount
{
    static abstract int Count { get; }
}

internal readonly struct N1 : ICount
{
    public static int Count => 1;
}

internal readonly struct N2 : ICount
{
    public static int Count => 2;
}

internal readonly struct N3 : ICount
{
    public static int Count => 3;
}

internal readonly struct N4 : ICount
{
    public static int Count => 4;
}

internal readonly struct N5 : ICount
{
    public static int Count => 5;
}

internal readonly struct N6 : ICount
{
    public static int Count => 6;
}

/// <summary>The innermost product: a tile of at most 6 rows and 4 vectors of c stays in registers while k runs.</summary>
internal static unsafe class MatMulTile
{
    /// <summary>Rows of the largest tile.</summary>
    internal const int Rows = 6;

    // a: rows × k, element (i, p) at a[i·rowStride + p·kStride]; b: k × columns, element (p, j) at b[p·bStride + j]; c: rows × columns, rows cStride apart:
    // c = a·b, or c += a·b. rows is 1..6, columns a multiple of the width, at most 4 vectors.
    // Each number of c is one chain of multiply-adds over k, whatever the tile: no result depends on where tiles begin.
    internal static void Run<S, V>(int rows, int vectors, float* a, nint rowStride, nint kStride, float* b, nint bStride, float* c, nint cStride, int k, bool accumulate)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        switch (rows)
        {
            case 1: Run<S, V, N1>(vectors, a, rowStride, kStride, b, bStride, c, cStride, k, accumulate); break;
            case 2: Run<S, V, N2>(vectors, a, rowStride, kStride, b, bStride, c, cStride, k, accumulate); break;
            case 3: Run<S, V, N3>(vectors, a, rowStride, kStride, b, bStride, c, cStride, k, accumulate); break;
            case 4: Run<S, V, N4>(vectors, a, rowStride, kStride, b, bStride, c, cStride, k, accumulate); break;
            case 5: Run<S, V, N5>(vectors, a, rowStride, kStride, b, bStride, c, cStride, k, accumulate); break;
            default: Run<S, V, N6>(vectors, a, rowStride, kStride, b, bStride, c, cStride, k, accumulate); break;
        }
    }

    private static void Run<S, V, R>(int vectors, float* a, nint rowStride, nint kStride, float* b, nint bStride, float* c, nint cStride, int k, bool accumulate)
        where S : struct, ISimd<V>
        where V : unmanaged
        where R : struct, ICount
    {
        switch (vectors)
        {
            case 1: Run<S, V, R, N1>(a, rowStride, kStride, b, bStride, c, cStride, k, accumulate); break;
            case 2: Run<S, V, R, N2>(a, rowStride, kStride, b, bStride, c, cStride, k, accumulate); break;
            case 3: Run<S, V, R, N3>(a, rowStride, kStride, b, bStride, c, cStride, k, accumulate); break;
            default: Run<S, V, R, N4>(a, rowStride, kStride, b, bStride, c, cStride, k, accumulate); break;
        }
    }

    // cIJ holds row I, vector J of the tile; what lies outside the tile is never touched and costs nothing.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<S, V, R, C>(float* a, nint rowStride, nint kStride, float* b, nint bStride, float* c, nint cStride, int k, bool accumulate)
        where S : struct, ISimd<V>
        where V : unmanaged
        where R : struct, ICount
        where C : struct, ICount
    {
        V c00 = default, c01 = default, c02 = default, c03 = default;
        V c10 = default, c11 = default, c12 = default, c13 = default;
        V c20 = default, c21 = default, c22 = default, c23 = default;
        V c30 = default, c31 = default, c32 = default, c33 = default;
        V c40 = default, c41 = default, c42 = default, c43 = default;
        V c50 = default, c51 = default, c52 = default, c53 = default;
        if (accumulate)
        {
            c00 = S.Load(c);
            if (C.Count > 1) c01 = S.Load(c + S.Width);
            if (C.Count > 2) c02 = S.Load(c + (2 * S.Width));
            if (C.Count > 3) c03 = S.Load(c + (3 * S.Width));
            if (R.Count > 1) c10 = S.Load(c + cStride);
            if (R.Count > 1 && C.Count > 1) c11 = S.Load(c + cStride + S.Width);
            if (R.Count > 1 && C.Count > 2) c12 = S.Load(c + cStride + (2 * S.Width));
            if (R.Count > 1 && C.Count > 3) c13 = S.Load(c + cStride + (3 * S.Width));
            if (R.Count > 2) c20 = S.Load(c + (2 * cStride));
            if (R.Count > 2 && C.Count > 1) c21 = S.Load(c + (2 * cStride) + S.Width);
            if (R.Count > 2 && C.Count > 2) c22 = S.Load(c + (2 * cStride) + (2 * S.Width));
            if (R.Count > 2 && C.Count > 3) c23 = S.Load(c + (2 * cStride) + (3 * S.Width));
            if (R.Count > 3) c30 = S.Load(c + (3 * cStride));
            if (R.Count > 3 && C.Count > 1) c31 = S.Load(c + (3 * cStride) + S.Width);
            if (R.Count > 3 && C.Count > 2) c32 = S.Load(c + (3 * cStride) + (2 * S.Width));
            if (R.Count > 3 && C.Count > 3) c33 = S.Load(c + (3 * cStride) + (3 * S.Width));
            if (R.Count > 4) c40 = S.Load(c + (4 * cStride));
            if (R.Count > 4 && C.Count > 1) c41 = S.Load(c + (4 * cStride) + S.Width);
            if (R.Count > 4 && C.Count > 2) c42 = S.Load(c + (4 * cStride) + (2 * S.Width));
            if (R.Count > 4 && C.Count > 3) c43 = S.Load(c + (4 * cStride) + (3 * S.Width));
            if (R.Count > 5) c50 = S.Load(c + (5 * cStride));
            if (R.Count > 5 && C.Count > 1) c51 = S.Load(c + (5 * cStride) + S.Width);
            if (R.Count > 5 && C.Count > 2) c52 = S.Load(c + (5 * cStride) + (2 * S.Width));
            if (R.Count > 5 && C.Count > 3) c53 = S.Load(c + (5 * cStride) + (3 * S.Width));
        }

        float* a0 = a, a1 = a + rowStride, a2 = a + (2 * rowStride), a3 = a + (3 * rowStride), a4 = a + (4 * rowStride), a5 = a + (5 * rowStride);
        nint at = 0;
        for (var p = k; p > 0; p--)
        {
            var b0 = S.Load(b);
            V b1 = default;
            if (C.Count > 1) b1 = S.Load(b + S.Width);
            V b2 = default;
            if (C.Count > 2) b2 = S.Load(b + (2 * S.Width));
            V b3 = default;
            if (C.Count > 3) b3 = S.Load(b + (3 * S.Width));
            {
                var x = S.Broadcast(a0[at]);
                c00 = S.Fma(x, b0, c00);
                if (C.Count > 1) c01 = S.Fma(x, b1, c01);
                if (C.Count > 2) c02 = S.Fma(x, b2, c02);
                if (C.Count > 3) c03 = S.Fma(x, b3, c03);
            }

            if (R.Count > 1)
            {
                var x = S.Broadcast(a1[at]);
                c10 = S.Fma(x, b0, c10);
                if (C.Count > 1) c11 = S.Fma(x, b1, c11);
                if (C.Count > 2) c12 = S.Fma(x, b2, c12);
                if (C.Count > 3) c13 = S.Fma(x, b3, c13);
            }

            if (R.Count > 2)
            {
                var x = S.Broadcast(a2[at]);
                c20 = S.Fma(x, b0, c20);
                if (C.Count > 1) c21 = S.Fma(x, b1, c21);
                if (C.Count > 2) c22 = S.Fma(x, b2, c22);
                if (C.Count > 3) c23 = S.Fma(x, b3, c23);
            }

            if (R.Count > 3)
            {
                var x = S.Broadcast(a3[at]);
                c30 = S.Fma(x, b0, c30);
                if (C.Count > 1) c31 = S.Fma(x, b1, c31);
                if (C.Count > 2) c32 = S.Fma(x, b2, c32);
                if (C.Count > 3) c33 = S.Fma(x, b3, c33);
            }

            if (R.Count > 4)
            {
                var x = S.Broadcast(a4[at]);
                c40 = S.Fma(x, b0, c40);
                if (C.Count > 1) c41 = S.Fma(x, b1, c41);
                if (C.Count > 2) c42 = S.Fma(x, b2, c42);
                if (C.Count > 3) c43 = S.Fma(x, b3, c43);
            }

            if (R.Count > 5)
            {
                var x = S.Broadcast(a5[at]);
                c50 = S.Fma(x, b0, c50);
                if (C.Count > 1) c51 = S.Fma(x, b1, c51);
                if (C.Count > 2) c52 = S.Fma(x, b2, c52);
                if (C.Count > 3) c53 = S.Fma(x, b3, c53);
            }

            b += bStride;
            at += kStride;
        }

        S.Store(c00, c);
        if (C.Count > 1) S.Store(c01, c + S.Width);
        if (C.Count > 2) S.Store(c02, c + (2 * S.Width));
        if (C.Count > 3) S.Store(c03, c + (3 * S.Width));
        if (R.Count > 1) S.Store(c10, c + cStride);
        if (R.Count > 1 && C.Count > 1) S.Store(c11, c + cStride + S.Width);
        if (R.Count > 1 && C.Count > 2) S.Store(c12, c + cStride + (2 * S.Width));
        if (R.Count > 1 && C.Count > 3) S.Store(c13, c + cStride + (3 * S.Width));
        if (R.Count > 2) S.Store(c20, c + (2 * cStride));
        if (R.Count > 2 && C.Count > 1) S.Store(c21, c + (2 * cStride) + S.Width);
        if (R.Count > 2 && C.Count > 2) S.Store(c22, c + (2 * cStride) + (2 * S.Width));
        if (R.Count > 2 && C.Count > 3) S.Store(c23, c + (2 * cStride) + (3 * S.Width));
        if (R.Count > 3) S.Store(c30, c + (3 * cStride));
        if (R.Count > 3 && C.Count > 1) S.Store(c31, c + (3 * cStride) + S.Width);
        if (R.Count > 3 && C.Count > 2) S.Store(c32, c + (3 * cStride) + (2 * S.Width));
        if (R.Count > 3 && C.Count > 3) S.Store(c33, c + (3 * cStride) + (3 * S.Width));
        if (R.Count > 4) S.Store(c40, c + (4 * cStride));
        if (R.Count > 4 && C.Count > 1) S.Store(c41, c + (4 * cStride) + S.Width);
        if (R.Count > 4 && C.Count > 2) S.Store(c42, c + (4 * cStride) + (2 * S.Width));
        if (R.Count > 4 && C.Count > 3) S.Store(c43, c + (4 * cStride) + (3 * S.Width));
        if (R.Count > 5) S.Store(c50, c + (5 * cStride));
        if (R.Count > 5 && C.Count > 1) S.Store(c51, c + (5 * cStride) + S.Width);
        if (R.Count > 5 && C.Count > 2) S.Store(c52, c + (5 * cStride) + (2 * S.Width));
        if (R.Count > 5 && C.Count > 3) S.Store(c53, c + (5 * cStride) + (3 * S.Width));
    }
}
