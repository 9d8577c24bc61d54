using CourseKit.Tensors;

namespace CourseKit.Autograd;

public static partial class Ops
{
    /// <summary>Inside <see cref="Tape.Step{T}"/>: each number becomes 0 with probability p, and is divided by 1 − p otherwise. Outside: x itself.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="p">The probability of dropping a number, in [0, 1).</param>
    /// <param name="random">Where the mask is drawn from; one draw a number, in order.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="ArgumentOutOfRangeException">p is outside [0, 1).</exception>
    /// <remarks>Inverted dropout: Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, 2014.</remarks>
    public static Tensor Dropout(Tensor x, float p, RandomSource random)
    {
        RequireProbability(p, "Dropout");
        if (!Tape.IsActive || p == 0)
            return x;

        var mask = Tape.Reserve(x.Backend, x.Length);
        WriteMask(x, p, random, mask);
        var y = Tape.Allocate(x.Backend, x.Shape);
        x.Backend.Multiply(x.Data, mask, y.Data);

        Tape.Record(y, [x], dY =>
        {
            if (Tape.GradientOf(x) is { } dX)
                y.Backend.MultiplyAdd(dY, mask, dX);
        });
        return y;
    }

    internal static void RequireProbability(float p, string who)
    {
        if (!(p >= 0 && p < 1))
            throw new ArgumentOutOfRangeException(null, FormattableString.Invariant($"{who}: p must be at least 0 and below 1, but got {p}."));
    }

    private static void WriteMask(Tensor x, float p, RandomSource random, Backends.Storage mask)
    {
        Span<float> part = stackalloc float[256];
        for (var start = 0; start < x.Length; start += part.Length)
        {
            var now = part[..Math.Min(part.Length, x.Length - start)];
            for (var i = 0; i < now.Length; i++)
                now[i] = random.NextFloat() < p ? 0 : 1 / (1 - p);
            x.Backend.Write(now, mask, start);
        }
    }
}
