using CourseKit.Backends.Cpu;

namespace CourseKit.Tests.Backends;

public unsafe class VectorMathTests
{
    public static TheoryData<string> Sets() => [.. Enum.GetValues<InstructionSet>().Where(set => set <= CpuDevice.Best).Select(set => set.ToString())];

    [Theory]
    [MemberData(nameof(Sets))]
    public void Exp_WholeRange_IsWithinTwoUnitsInTheLastPlace(string set)
    {
        const int Count = 100_003;
        float[] x = [.. Enumerable.Range(0, Count).Select(i => -87f + (175f * i / Count))], y = new float[Count];
        Apply(set, x, y);
        for (var i = 0; i < Count; i++)
        {
            var exact = Math.Exp(x[i]);
            Assert.True(Math.Abs(y[i] - exact) <= 2 * (double)(MathF.BitIncrement((float)exact) - (float)exact), $"e^{x[i]:R} = {exact:R}, but got {y[i]:R}");
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Exp_BeyondTheRange_IsZeroOrLargeAndKeepsNaN(string set)
    {
        float[] x = [-88, -1000, float.NegativeInfinity, 1000, float.PositiveInfinity, float.NaN], y = new float[6];
        Apply(set, x, y);
        Assert.Equal([0, 0, 0], y[..3]);
        Assert.All(y[3..5], v => Assert.InRange(v, 2.3e38f, float.MaxValue));
        Assert.Equal(float.NaN, y[5]);
    }

    private static void Apply(string set, float[] x, float[] y)
    {
        fixed (float* from = x, to = y) Elementwise.Run(new CpuDevice(1, Enum.Parse<InstructionSet>(set)), new ExpOf(), from, from, to, x.Length);
    }

    private readonly struct ExpOf : IElement
    {
        public static bool ReadsY => false;

        public V Apply<S, V>(V a, V b, V y)
            where S : struct, ISimd<V>
            where V : unmanaged => VectorMath.Exp<S, V>(a);
    }
}
