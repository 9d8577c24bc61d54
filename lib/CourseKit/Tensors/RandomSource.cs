using System.Numerics;

namespace CourseKit.Tensors;

/// <summary>A stream of random numbers that a seed fixes: the same seed gives the same numbers on every machine.</summary>
/// <remarks>
/// xoshiro256** (Blackman and Vigna, Scrambled Linear Pseudorandom Number Generators, 2021). Its state is four 64-bit words s0..s3:
/// <code>
/// result = rotl(s1·5, 7)·9;   t = s1 &lt;&lt; 17;
/// s2 ^= s0; s3 ^= s1; s1 ^= s2; s0 ^= s3; s2 ^= t; s3 = rotl(s3, 45)
/// </code>
/// The seed fills the state through SplitMix64 (Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators, 2014):
/// <code>
/// z = (seed += 0x9E3779B97F4A7C15);   z = (z ^ z >> 30)·0xBF58476D1CE4E5B9;   z = (z ^ z >> 27)·0x94D049BB133111EB;   word = z ^ z >> 31
/// </code>
/// Not for secrets, and not safe for two threads at once.
/// </remarks>
public sealed class RandomSource
{
    private ulong s0, s1, s2, s3;

    /// <summary>Starts the stream of a seed.</summary>
    /// <param name="seed">Any number.</param>
    public RandomSource(long seed)
    {
        var counter = unchecked((ulong)seed);
        s0 = SplitMix(ref counter);
        s1 = SplitMix(ref counter);
        s2 = SplitMix(ref counter);
        s3 = SplitMix(ref counter);
    }

    /// <summary>Where the stream stands. Setting a saved state makes the stream go on from there.</summary>
    /// <exception cref="ArgumentException">The new state is all zeros, from which the generator would give zeros for ever.</exception>
    public RandomState State
    {
        get => new(s0, s1, s2, s3);
        set
        {
            if (value == default)
                throw new ArgumentException("RandomSource: State must not be all zeros, but got (0, 0, 0, 0). Set a state that was read from a RandomSource.", nameof(value));
            (s0, s1, s2, s3) = value;
        }
    }

    /// <summary>The next 64 random bits.</summary>
    public ulong NextBits()
    {
        var result = BitOperations.RotateLeft(s1 * 5, 7) * 9;
        var t = s1 << 17;
        s2 ^= s0;
        s3 ^= s1;
        s1 ^= s2;
        s0 ^= s3;
        s2 ^= t;
        s3 = BitOperations.RotateLeft(s3, 45);
        return result;
    }

    /// <summary>A number in [0, 1), one of 2^24 equally likely multiples of 2^−24: the next 24 high bits.</summary>
    public float NextFloat() => (NextBits() >> 40) * (1f / (1 << 24));

    /// <summary>A number in [0, 1), one of 2^53 equally likely multiples of 2^−53: the next 53 high bits.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1L << 53));

    /// <summary>A whole number in 0..max−1, all equally likely.</summary>
    /// <param name="max">How many different numbers, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">max is below 1.</exception>
    /// <remarks>The high word of bits·max; the few low words that would make some numbers likelier are drawn again (Lemire, Fast Random Integer Generation in an Interval, 2019).</remarks>
    public int NextInt(int max)
    {
        if (max < 1)
            throw new ArgumentOutOfRangeException(nameof(max), $"RandomSource.NextInt: max must be at least 1, but got {max}.");
        var range = (ulong)max;
        var unfair = unchecked(0UL - range) % range;
        ulong high, low;
        do
            high = Math.BigMul(NextBits(), range, out low);
        while (low < unfair);
        return (int)high;
    }

    /// <summary>A number of the normal distribution with mean 0 and standard deviation 1.</summary>
    /// <remarks>√(−2 ln u)·cos(2πv) with u in (0, 1] and v in [0, 1) (Box and Muller, 1958). The last bit may depend on the machine's logarithm and cosine.</remarks>
    public double NextNormal()
    {
        var u = 1 - NextDouble();
        return Math.Sqrt(-2 * Math.Log(u)) * Math.Cos(2 * Math.PI * NextDouble());
    }

    /// <summary>Fills with numbers drawn evenly from low to high; high itself comes only by rounding.</summary>
    /// <param name="values">What to fill, in order.</param>
    /// <param name="low">The least number.</param>
    /// <param name="high">The end of the range, not below low.</param>
    /// <exception cref="ArgumentException">high is below low, or one of them is not finite.</exception>
    public void FillUniform(Span<float> values, float low = 0, float high = 1)
    {
        if (!(high >= low) || !float.IsFinite(high - low))
            throw new ArgumentException($"RandomSource.FillUniform: low and high must be finite and low not above high, but got low {low} and high {high}.");
        foreach (ref var value in values)
            value = low + (high - low) * NextFloat();
    }

    /// <summary>Fills with numbers of a normal distribution.</summary>
    /// <param name="values">What to fill, in order.</param>
    /// <param name="mean">The mean.</param>
    /// <param name="deviation">The standard deviation, at least 0.</param>
    /// <exception cref="ArgumentException">deviation is negative or not a number.</exception>
    public void FillNormal(Span<float> values, float mean = 0, float deviation = 1)
    {
        if (!(deviation >= 0))
            throw new ArgumentException($"RandomSource.FillNormal: deviation must be at least 0, but got {deviation}.", nameof(deviation));
        foreach (ref var value in values)
            value = (float)(mean + deviation * NextNormal());
    }

    /// <summary>Puts values into a random order, every order equally likely.</summary>
    /// <typeparam name="T">What is shuffled.</typeparam>
    /// <param name="values">Reordered in place.</param>
    /// <remarks>Fisher and Yates, 1938, from the last place to the first.</remarks>
    public void Shuffle<T>(Span<T> values)
    {
        for (var last = values.Length - 1; last > 0; last--)
        {
            var other = NextInt(last + 1);
            (values[last], values[other]) = (values[other], values[last]);
        }
    }

    private static ulong SplitMix(ref ulong counter)
    {
        var z = counter += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
