using System.Runtime.CompilerServices;

namespace CourseKit.Backends.Cpu;

/// <summary>
/// Exponential functions on vectors, the same for every width, lane and caller. x = n·ln 2 + r with |r| ≤ ln 2/2; e^r is a polynomial of degree 6,
/// fitted for least relative error (3e-9). Against float64: Exp within 2 units in the last place on −87..88, Tanh within 3e-7 relative, Sigmoid within 2.5e-7 relative; NaN stays NaN.
/// </summary>
internal static unsafe class VectorMath
{
    private const float Log2E = 1.44269504f;

    // ln 2 in two parts: n times the first is exact.
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    /// <summary>e^x: 0 below −87.7, and not above 2.4e38.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Exp<S, V>(V x)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        x = S.Min(S.Broadcast(88.37f), S.Max(S.Broadcast(-88.02f), x));
        var n = S.Round(S.Multiply(x, S.Broadcast(Log2E)));
        var r = Reduce<S, V>(x, n);
        return S.Multiply(S.Add(ExpMinus1<S, V>(r), S.Broadcast(1)), S.PowerOfTwo(n));
    }

    /// <summary>1/(1 + e^−x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Sigmoid<S, V>(V x)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        var one = S.Broadcast(1);
        return S.Divide(one, S.Add(one, Exp<S, V>(S.Subtract(S.Broadcast(0), x))));
    }

    /// <summary>tanh(x) = E/(E + 2), E = e^2x − 1 without cancellation near 0; never beyond ±1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Tanh<S, V>(V x)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        x = S.Min(S.Broadcast(9.02f), S.Max(S.Broadcast(-9.02f), x));
        var twice = S.Add(x, x);
        var n = S.Round(S.Multiply(twice, S.Broadcast(Log2E)));
        var r = Reduce<S, V>(twice, n);
        var power = S.PowerOfTwo(n);
        var e = S.Fma(power, ExpMinus1<S, V>(r), S.Subtract(power, S.Broadcast(1)));
        return S.Divide(e, S.Add(e, S.Broadcast(2)));
    }

    /// <summary>max(0, x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Relu<S, V>(V x)
        where S : struct, ISimd<V>
        where V : unmanaged => S.Max(S.Broadcast(0), x);

    /// <summary>The vector at p, with zeros past the first left numbers. Without a call, so that a loop keeps its vectors in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V Load<S, V>(float* p, int left)
        where S : struct, ISimd<V>
        where V : unmanaged => left >= S.Width ? S.Load(p) : S.LoadFirst(p, left);

    /// <summary>The same, and zeros when there is no buffer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V LoadOrZero<S, V>(float* p, long at, int left)
        where S : struct, ISimd<V>
        where V : unmanaged => p is null ? S.Broadcast(0) : Load<S, V>(p + at, left);

    /// <summary>Writes the first left lanes of a vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store<S, V>(V x, float* p, int left)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        if (left >= S.Width) S.Store(x, p);
        else S.StoreFirst(x, p, left);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Reduce<S, V>(V x, V n)
        where S : struct, ISimd<V>
        where V : unmanaged => S.Fma(n, S.Broadcast(-Ln2Low), S.Fma(n, S.Broadcast(-Ln2High), x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ExpMinus1<S, V>(V r)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        var p = S.Fma(S.Broadcast(0.0013814468f), r, S.Broadcast(0.0083687808f));
        p = S.Fma(p, r, S.Broadcast(0.041668393f));
        p = S.Fma(p, r, S.Broadcast(0.1666651964f));
        p = S.Fma(p, r, S.Broadcast(0.49999994f));
        return S.Fma(S.Multiply(p, r), r, r);
    }
}
