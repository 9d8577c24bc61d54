using ILGPU;

namespace CourseKit.Gpu;

/// <summary>
/// Exponential functions of one number, the same polynomials as on the CPU, written out because a device's own tanh and logarithm keep as few as five digits.
/// Against float64: Exp within 3 units in the last place on −87..88, Tanh within 3e-7 relative, Sigmoid within 2.5e-7 relative; NaN stays NaN.
/// </summary>
internal static class VectorMath
{
    private const float Log2E = 1.44269504f;

    // ln 2 in two parts: n times the first is exact.
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    /// <summary>e^x: 0 below −87.7, and not above 2.4e38.</summary>
    internal static float Exp(float x)
    {
        x = Between(x, -88.02f, 88.37f);
        var n = Nearest(x * Log2E);
        return (ExpMinus1(Reduce(x, n)) + 1) * PowerOfTwo(n);
    }

    /// <summary>1/(1 + e^−x).</summary>
    internal static float Sigmoid(float x) => 1 / (1 + Exp(-x));

    /// <summary>tanh(x) = E/(E + 2), E = e^2x − 1 without cancellation near 0; never beyond ±1.</summary>
    internal static float Tanh(float x)
    {
        x = Between(x, -9.02f, 9.02f);
        var n = Nearest((x + x) * Log2E);
        var power = PowerOfTwo(n);
        var e = (power * ExpMinus1(Reduce(x + x, n))) + (power - 1);
        return e / (e + 2);
    }

    /// <summary>ln x of a positive number: m·2^n with m in √½..√2, and a polynomial of m − 1 (Cephes, logf). −∞ for 0.</summary>
    internal static float Log(float x)
    {
        if (x == 0) return float.NegativeInfinity;
        if (!(x < float.PositiveInfinity)) return x;
        var bits = (int)Interop.FloatAsInt(x);
        var n = ((bits >> 23) & 255) - 126;
        var m = Interop.IntAsFloat((uint)((bits & 0x7FFFFF) | 0x3F000000));
        if (m < 0.70710678f)
        {
            n--;
            m += m;
        }

        m -= 1;
        var p = (7.0376836292e-2f * m) - 1.1514610310e-1f;
        p = (p * m) + 1.1676998740e-1f;
        p = (p * m) - 1.2420140846e-1f;
        p = (p * m) + 1.4249322787e-1f;
        p = (p * m) - 1.6668057665e-1f;
        p = (p * m) + 2.0000714765e-1f;
        p = (p * m) - 2.4999993993e-1f;
        p = (p * m) + 3.3333331174e-1f;
        p *= m * m * m;
        return m + (p - (0.5f * m * m) + (n * Ln2Low)) + (n * Ln2High);
    }

    internal static float Activate(int function, float x) => function switch { 0 => Tanh(x), 1 => Relu(x), _ => Sigmoid(x) };

    /// <summary>The derivative of a function, written by its value.</summary>
    internal static float Slope(int function, float y) => function switch { 0 => 1 - (y * y), 1 => y > 0 ? 1f : 0f, _ => y * (1 - y) };

    // NaN stays NaN.
    private static float Relu(float x) => x < 0 ? 0 : x;

    private static float Between(float x, float low, float high) => x < low ? low : x > high ? high : x;

    private static int Nearest(float x) => (int)(x + (x < 0 ? -0.5f : 0.5f));

    private static float PowerOfTwo(int n) => Interop.IntAsFloat((uint)((n + 127) << 23));

    private static float Reduce(float x, int n) => (x - (n * Ln2High)) - (n * Ln2Low);

    private static float ExpMinus1(float r)
    {
        var p = (((((((0.0013814468f * r) + 0.0083687808f) * r) + 0.041668393f) * r) + 0.1666651964f) * r) + 0.49999994f;
        return (p * r * r) + r;
    }
}
