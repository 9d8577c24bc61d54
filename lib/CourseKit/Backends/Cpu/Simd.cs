using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CourseKit.Backends.Cpu;

/// <summary>Which vector instructions the kernels use; chosen once when a backend is made.</summary>
internal enum InstructionSet
{
    /// <summary>One number at a time, where the runtime has no vector instructions at all.</summary>
    Scalar,

    /// <summary>Vectors of 4, which nearly every processor has.</summary>
    Portable,

    /// <summary>Vectors of 8 with fused multiply-add.</summary>
    Avx2,

    /// <summary>Vectors of 16.</summary>
    Avx512,
}

/// <summary>Arithmetic on a vector of float32. A kernel is written once over S and V; the JIT compiles it anew for each width.</summary>
/// <typeparam name="V">The vector.</typeparam>
internal unsafe interface ISimd<V>
    where V : unmanaged
{
    /// <summary>Lanes of a vector.</summary>
    static abstract int Width { get; }

    static abstract V Load(float* from);

    static abstract void Store(V x, float* to);

    /// <summary>The vector at from with zeros past the first count numbers, 1..Width-1.</summary>
    static abstract V LoadFirst(float* from, int count);

    /// <summary>Writes the first count lanes, 1..Width-1.</summary>
    static abstract void StoreFirst(V x, float* to, int count);

    static abstract V Broadcast(float x);

    static abstract V Add(V a, V b);

    static abstract V Subtract(V a, V b);

    static abstract V Multiply(V a, V b);

    static abstract V Divide(V a, V b);

    static abstract V Sqrt(V x);

    /// <summary>a·b + c.</summary>
    static abstract V Fma(V a, V b, V c);

    /// <summary>The greater, and b when either is NaN.</summary>
    static abstract V Max(V a, V b);

    /// <summary>The smaller, and b when either is NaN.</summary>
    static abstract V Min(V a, V b);

    static abstract V Round(V x);

    /// <summary>2^n for a whole n in −126..127.</summary>
    static abstract V PowerOfTwo(V n);

    /// <summary>x where condition &gt; 0, else 0 (NaN conditions give 0).</summary>
    static abstract V WherePositive(V condition, V x);

    /// <summary>x with zeros past the first count lanes, 0..Width-1.</summary>
    static abstract V KeepFirst(V x, int count);

    /// <summary>All lanes added, in an order that depends on the width alone.</summary>
    static abstract float Sum(V x);

    /// <summary>The greatest lane.</summary>
    static abstract float Greatest(V x);
}

/// <summary>AVX-512.</summary>
internal readonly unsafe struct Simd512 : ISimd<Vector512<float>>
{
    public static int Width => 16;

    public static Vector512<float> Load(float* from) => Vector512.Load(from);

    public static void Store(Vector512<float> x, float* to) => x.Store(to);

    public static Vector512<float> LoadFirst(float* from, int count) => Avx512F.MaskLoad(from, First(count), Vector512<float>.Zero);

    public static void StoreFirst(Vector512<float> x, float* to, int count) => Avx512F.MaskStore(to, First(count), x);

    public static Vector512<float> Broadcast(float x) => Vector512.Create(x);

    public static Vector512<float> Add(Vector512<float> a, Vector512<float> b) => a + b;

    public static Vector512<float> Subtract(Vector512<float> a, Vector512<float> b) => a - b;

    public static Vector512<float> Multiply(Vector512<float> a, Vector512<float> b) => a * b;

    public static Vector512<float> Divide(Vector512<float> a, Vector512<float> b) => a / b;

    public static Vector512<float> Sqrt(Vector512<float> x) => Vector512.Sqrt(x);

    public static Vector512<float> Fma(Vector512<float> a, Vector512<float> b, Vector512<float> c) => Avx512F.FusedMultiplyAdd(a, b, c);

    public static Vector512<float> Max(Vector512<float> a, Vector512<float> b) => Avx512F.Max(a, b);

    public static Vector512<float> Min(Vector512<float> a, Vector512<float> b) => Avx512F.Min(a, b);

    public static Vector512<float> Round(Vector512<float> x) => Avx512F.RoundScale(x, 0);

    public static Vector512<float> PowerOfTwo(Vector512<float> n) =>
        ((Avx512F.ConvertToVector512Int32(n) + Vector512.Create(127)) << 23).AsSingle();

    public static Vector512<float> WherePositive(Vector512<float> condition, Vector512<float> x) =>
        Vector512.GreaterThan(condition, Vector512<float>.Zero) & x;

    private static Vector512<float> First(int count) => Vector512.GreaterThan(Vector512.Create(count), Vector512<int>.Indices).AsSingle();

    public static Vector512<float> KeepFirst(Vector512<float> x, int count) => x & First(count);

    public static float Sum(Vector512<float> x) => Simd256.Sum(x.GetLower() + x.GetUpper());

    public static float Greatest(Vector512<float> x) => Simd256.Greatest(Simd256.Max(x.GetLower(), x.GetUpper()));
}

/// <summary>AVX2 and FMA.</summary>
internal readonly unsafe struct Simd256 : ISimd<Vector256<float>>
{
    public static int Width => 8;

    public static Vector256<float> Load(float* from) => Vector256.Load(from);

    public static void Store(Vector256<float> x, float* to) => x.Store(to);

    public static Vector256<float> LoadFirst(float* from, int count) => Avx.MaskLoad(from, First(count));

    public static void StoreFirst(Vector256<float> x, float* to, int count) => Avx.MaskStore(to, First(count), x);

    public static Vector256<float> Broadcast(float x) => Vector256.Create(x);

    public static Vector256<float> Add(Vector256<float> a, Vector256<float> b) => a + b;

    public static Vector256<float> Subtract(Vector256<float> a, Vector256<float> b) => a - b;

    public static Vector256<float> Multiply(Vector256<float> a, Vector256<float> b) => a * b;

    public static Vector256<float> Divide(Vector256<float> a, Vector256<float> b) => a / b;

    public static Vector256<float> Sqrt(Vector256<float> x) => Vector256.Sqrt(x);

    public static Vector256<float> Fma(Vector256<float> a, Vector256<float> b, Vector256<float> c) => System.Runtime.Intrinsics.X86.Fma.MultiplyAdd(a, b, c);

    public static Vector256<float> Max(Vector256<float> a, Vector256<float> b) => Avx.Max(a, b);

    public static Vector256<float> Min(Vector256<float> a, Vector256<float> b) => Avx.Min(a, b);

    public static Vector256<float> Round(Vector256<float> x) => Avx.RoundToNearestInteger(x);

    public static Vector256<float> PowerOfTwo(Vector256<float> n) =>
        ((Avx.ConvertToVector256Int32(n) + Vector256.Create(127)) << 23).AsSingle();

    public static Vector256<float> WherePositive(Vector256<float> condition, Vector256<float> x) =>
        Vector256.GreaterThan(condition, Vector256<float>.Zero) & x;

    private static Vector256<float> First(int count) => Vector256.GreaterThan(Vector256.Create(count), Vector256<int>.Indices).AsSingle();

    public static Vector256<float> KeepFirst(Vector256<float> x, int count) => x & First(count);

    public static float Sum(Vector256<float> x) => Simd128.Sum(x.GetLower() + x.GetUpper());

    public static float Greatest(Vector256<float> x) => Simd128.Greatest(Simd128.Max(x.GetLower(), x.GetUpper()));
}

/// <summary>Vectors of 4 through the runtime's own cross-platform operations: SSE, NEON.</summary>
internal readonly unsafe struct Simd128 : ISimd<Vector128<float>>
{
    public static int Width => 4;

    public static Vector128<float> Load(float* from) => Vector128.Load(from);

    public static void Store(Vector128<float> x, float* to) => x.Store(to);

    public static Vector128<float> LoadFirst(float* from, int count)
    {
        var x = Vector128.CreateScalar(*from);
        if (count > 1) x = x.WithElement(1, from[1]);
        return count > 2 ? x.WithElement(2, from[2]) : x;
    }

    public static void StoreFirst(Vector128<float> x, float* to, int count)
    {
        *to = x[0];
        if (count > 1) to[1] = x[1];
        if (count > 2) to[2] = x[2];
    }

    public static Vector128<float> Broadcast(float x) => Vector128.Create(x);

    public static Vector128<float> Add(Vector128<float> a, Vector128<float> b) => a + b;

    public static Vector128<float> Subtract(Vector128<float> a, Vector128<float> b) => a - b;

    public static Vector128<float> Multiply(Vector128<float> a, Vector128<float> b) => a * b;

    public static Vector128<float> Divide(Vector128<float> a, Vector128<float> b) => a / b;

    public static Vector128<float> Sqrt(Vector128<float> x) => Vector128.Sqrt(x);

    public static Vector128<float> Fma(Vector128<float> a, Vector128<float> b, Vector128<float> c) => Vector128.MultiplyAddEstimate(a, b, c);

    public static Vector128<float> Max(Vector128<float> a, Vector128<float> b) => Vector128.ConditionalSelect(Vector128.GreaterThan(a, b), a, b);

    public static Vector128<float> Min(Vector128<float> a, Vector128<float> b) => Vector128.ConditionalSelect(Vector128.LessThan(a, b), a, b);

    public static Vector128<float> Round(Vector128<float> x) => Vector128.Round(x);

    public static Vector128<float> PowerOfTwo(Vector128<float> n) =>
        ((Vector128.ConvertToInt32(n) + Vector128.Create(127)) << 23).AsSingle();

    public static Vector128<float> WherePositive(Vector128<float> condition, Vector128<float> x) =>
        Vector128.GreaterThan(condition, Vector128<float>.Zero) & x;

    public static Vector128<float> KeepFirst(Vector128<float> x, int count) => x & Vector128.GreaterThan(Vector128.Create(count), Vector128<int>.Indices).AsSingle();

    public static float Sum(Vector128<float> x) => (x[0] + x[2]) + (x[1] + x[3]);

    public static float Greatest(Vector128<float> x) => MathF.Max(MathF.Max(x[0], x[2]), MathF.Max(x[1], x[3]));
}

/// <summary>Plain numbers.</summary>
internal readonly unsafe struct Simd1 : ISimd<float>
{
    public static int Width => 1;

    public static float Load(float* from) => *from;

    public static void Store(float x, float* to) => *to = x;

    public static float LoadFirst(float* from, int count) => *from;

    public static void StoreFirst(float x, float* to, int count) => *to = x;

    public static float Broadcast(float x) => x;

    public static float Add(float a, float b) => a + b;

    public static float Subtract(float a, float b) => a - b;

    public static float Multiply(float a, float b) => a * b;

    public static float Divide(float a, float b) => a / b;

    public static float Sqrt(float x) => MathF.Sqrt(x);

    public static float Fma(float a, float b, float c) => (a * b) + c;

    public static float Max(float a, float b) => a > b ? a : b;

    public static float Min(float a, float b) => a < b ? a : b;

    public static float Round(float x) => MathF.Round(x);

    public static float PowerOfTwo(float n) => BitConverter.Int32BitsToSingle(((int)n + 127) << 23);

    public static float WherePositive(float condition, float x) => condition > 0 ? x : 0;

    public static float KeepFirst(float x, int count) => count > 0 ? x : 0;

    public static float Sum(float x) => x;

    public static float Greatest(float x) => x;
}
