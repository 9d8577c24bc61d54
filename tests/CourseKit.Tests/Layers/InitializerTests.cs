using CourseKit.Layers;
using CourseKit.Tensors;

namespace CourseKit.Tests.Layers;

public class InitializerTests
{
    private const int Rows = 120, Columns = 180;

    // The variance that each paper gives for a weight of 120 rows and 180 columns.
    public static TheoryData<string, Initializer, double, bool> Distributions => new()
    {
        { "GlorotUniform(1)", Initializer.GlorotUniform(), 2.0 / (Rows + Columns), true },
        { "GlorotNormal(1)", Initializer.GlorotNormal(), 2.0 / (Rows + Columns), false },
        { "GlorotUniform(2)", Initializer.GlorotUniform(2), 8.0 / (Rows + Columns), true },
        { "HeUniform()", Initializer.HeUniform(), 2.0 / Columns, true },
        { "HeNormal()", Initializer.HeNormal(), 2.0 / Columns, false },
        { "Uniform(-0.5, 0.5)", Initializer.Uniform(-0.5f, 0.5f), 1.0 / 12, true },
        { "Normal(0, 0.2)", Initializer.Normal(0, 0.2f), 0.04, false },
    };

    [Theory]
    [MemberData(nameof(Distributions))]
    public void Fill_ManyNumbers_HaveTheDistribution(string name, Initializer initializer, double variance, bool even)
    {
        var values = Draw(initializer, Rows, Columns);
        Assert.Equal(name, initializer.ToString());

        // Five standard errors of the mean and the variance.
        var n = (double)values.Length;
        var fourth = even ? 1.8 : 3.0;
        Assert.Equal(0, values.Average(v => (double)v), 5 * Math.Sqrt(variance / n));
        Assert.Equal(1, values.Average(v => (double)v * v) / variance, 5 * Math.Sqrt((fourth - 1) / n));

        // Ten parts that are equally likely: chi-square with 9 degrees of freedom stays below 33.7 but once in 10,000.
        var limit = Math.Sqrt(3 * variance);
        double[] normal = [-1.2815515655, -0.8416212336, -0.5244005127, -0.2533471031, 0, 0.2533471031, 0.5244005127, 0.8416212336, 1.2815515655];
        var counts = new int[10];
        foreach (var v in values)
            counts[even ? Math.Clamp((int)((v + limit) / (2 * limit) * 10), 0, 9) : normal.Count(edge => v / Math.Sqrt(variance) > edge)]++;
        Assert.InRange(counts.Sum(count => Math.Pow(count - (n / 10), 2) / (n / 10)), 0, 33.7);
        if (even)
            Assert.All(values, v => Assert.InRange(v, -limit - 1e-6, limit + 1e-6));
    }

    [Theory]
    [InlineData(7, 7, 1f)]
    [InlineData(12, 5, 1f)]
    [InlineData(5, 12, 2f)]
    [InlineData(1, 4, 1f)]
    [InlineData(64, 64, 1f)]
    public void Orthogonal_AnyShape_HasOrthonormalRowsOrColumns(int rows, int columns, float gain)
    {
        var w = Draw(Initializer.Orthogonal(gain), rows, columns);
        var small = Math.Min(rows, columns);
        for (var i = 0; i < small; i++)
            for (var j = 0; j < small; j++)
                Assert.Equal(i == j ? gain * gain : 0, Dot(i, j), 1e-5);

        double Dot(int i, int j) => Enumerable.Range(0, Math.Max(rows, columns))
            .Sum(k => rows >= columns ? (double)w[(k * columns) + i] * w[(k * columns) + j] : (double)w[(i * columns) + k] * w[(j * columns) + k]);
    }

    [Fact]
    public void Orthogonal_TwoByTwo_IsAsOftenAMirrorAsATurnInEveryDirection()
    {
        var random = new RandomSource(1);
        var tensor = Tensor.Zeros(2, 2);
        var (turns, quadrants) = (0, new int[4]);
        for (var i = 0; i < 2000; i++)
        {
            Initializer.Orthogonal().Fill(tensor, random);
            var w = tensor.ToArray();
            turns += (w[0] * w[3]) - (w[1] * w[2]) > 0 ? 1 : 0;
            quadrants[(w[0] > 0 ? 1 : 0) + (w[2] > 0 ? 2 : 0)]++;
        }

        // Without the mend of signs Q's first column has one sign only.
        Assert.InRange(turns, 880, 1120);
        Assert.All(quadrants, count => Assert.InRange(count, 400, 600));
    }

    [Fact]
    public void Identity_NotSquare_HasOnesOnTheDiagonal()
    {
        Assert.Equal([1f, 0, 0, 0, 1, 0], Draw(Initializer.Identity(), 2, 3));
        Assert.Equal([0.5f, 0, 0, 0.5f, 0, 0], Draw(Initializer.Identity(0.5f), 3, 2));
    }

    [Fact]
    public void ZerosConstantAndOwn_Fill_GiveTheirNumbers()
    {
        Assert.All(Draw(Initializer.Zeros, 2, 3), v => Assert.Equal(0, v));
        Assert.All(Draw(Initializer.Constant(1.5f), 2, 3), v => Assert.Equal(1.5f, v));
        var own = Initializer.Of("Counted", (rows, columns, _) => [.. Enumerable.Range(1, rows * columns).Select(i => (float)i)]);
        var tensor = Tensor.Zeros(4, 2);
        own.Fill(tensor, new RandomSource(1), blocks: 2);
        Assert.Equal([1f, 2, 3, 4, 1, 2, 3, 4], tensor.ToArray());
        Assert.Equal("Counted", own.ToString());
    }

    [Fact]
    public void Fill_SameSeed_GivesTheSameNumbers() =>
        Assert.Equal(Draw(Initializer.Orthogonal(), 6, 6), Draw(Initializer.Orthogonal(), 6, 6));

    [Fact]
    public void Fill_Wrong_ThrowsNamingTheInitializer()
    {
        var random = new RandomSource(1);
        Assert.Equal("Zeros: 5 rows cannot be cut into 2 blocks of equal size. The tensor is [5, 3].",
            Assert.Throws<ShapeException>(() => Initializer.Zeros.Fill(Tensor.Zeros(5, 3), random, 2)).Message);
        Assert.Equal("short: it must give 6 numbers for 2 rows and 3 columns, but gave 1.",
            Assert.Throws<ShapeException>(() => Initializer.Of("short", (_, _, _) => [1]).Fill(Tensor.Zeros(2, 3), random)).Message);
        Assert.Equal("Initializer.Uniform: low and high must be finite and low not above high, but got low 1 and high 0.",
            Assert.Throws<ArgumentException>(() => Initializer.Uniform(1, 0)).Message);
        Assert.Equal("Initializer.Normal: deviation must be at least 0, but got -1.", Assert.Throws<ArgumentException>(() => Initializer.Normal(0, -1)).Message);
    }

    private static float[] Draw(Initializer initializer, int rows, int columns)
    {
        var tensor = Tensor.Zeros(rows, columns);
        initializer.Fill(tensor, new RandomSource(11));
        return tensor.ToArray();
    }
}
