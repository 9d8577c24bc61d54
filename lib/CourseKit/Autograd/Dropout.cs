using CourseKit.Tensors;

namespace CourseKit.Autograd;

public static partial class Ops
{
    /// <summary>Inside <see cref="Tape.Step{T}"/>: each number becomes 0 with probability p, and is divided by 1 − p otherwise. Outside: x itself.</summary>
    /// <param name="x">Any shape; [batch, time, feature] when the mask is to be the same over time.</param>
    /// <param name="p">The probability of dropping a number, in [0, 1).</param>
    /// <param name="random">Where the mask is drawn from; one draw a number, in order.</param>
    /// <param name="sameOverTime">Draw one mask [batch, feature] and use it at every time step. Default: false.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="ArgumentOutOfRangeException">p is outside [0, 1).</exception>
    /// <exception cref="ShapeException">The mask is to be the same over time, but x is not [batch, time, feature].</exception>
    /// <remarks>
    /// Inverted dropout: Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, 2014. The same over time, "variational": Gal and Ghahramani,
    /// A Theoretically Grounded Application of Dropout in Recurrent Neural Networks, 2016.
    /// </remarks>
    public static Tensor Dropout(Tensor x, float p, RandomSource random, bool sameOverTime = false)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(random);
        RequireProbability(p, "Dropout");
        if (sameOverTime)
            ShapeException.RequireRank(x.Shape, 3, "Dropout", "x", "[batch, time, feature]");
        if (!Tape.IsActive || p == 0)
            return x;

        var mask = Tape.Reserve(x.Backend, x.Length);
        if (sameOverTime)
            WriteMask(x, p, random, mask, x.Shape[1]);
        else
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

    /// <summary>Inside <see cref="Tape.Step{T}"/> a mask for dropout: 0 with probability p, 1/(1 − p) otherwise. Outside, or for p = 0: null.</summary>
    internal static Tensor? DropoutMask(Backends.IBackend backend, Shape shape, float p, RandomSource random)
    {
        if (!Tape.IsActive || p == 0)
            return null;
        var mask = Tape.Allocate(backend, shape);
        WriteMask(mask, p, random, mask.Data);
        return mask;
    }

    /// <summary>How much of an old state stays: inside <see cref="Tape.Step{T}"/> 1 with probability p and 0 otherwise, outside p everywhere. For p = 0: null.</summary>
    internal static Tensor? ZoneoutMask(Backends.IBackend backend, Shape shape, float p, RandomSource random)
    {
        if (p == 0)
            return null;
        var mask = Tape.Allocate(backend, shape);
        if (!Tape.IsActive)
        {
            backend.Fill(mask.Data, p);
            return mask;
        }

        // What dropout keeps, the new state, is what zoneout does not hold: 1 where the number drawn is below p.
        WriteDrawn(mask, p, 1, 0, random, mask.Data);
        return mask;
    }

    internal static void RequireProbability(float p, string who)
    {
        if (!(p >= 0 && p < 1))
            throw new ArgumentOutOfRangeException(null, FormattableString.Invariant($"{who}: p must be at least 0 and below 1, but got {p}."));
    }

    private static void WriteMask(Tensor x, float p, RandomSource random, Backends.Storage mask) => WriteDrawn(x, p, 0, 1 / (1 - p), random, mask);

    // One row of features for each sequence, the same at all its steps.
    private static void WriteMask(Tensor x, float p, RandomSource random, Backends.Storage mask, int steps)
    {
        var row = new float[x.Shape.Last];
        for (var b = 0; b < x.Shape[0]; b++)
        {
            for (var i = 0; i < row.Length; i++)
                row[i] = random.NextFloat() < p ? 0 : 1 / (1 - p);
            for (var t = 0; t < steps; t++)
                x.Backend.Write(row, mask, ((b * steps) + t) * row.Length);
        }
    }

    // One number for each of x: below with probability p, else above.
    private static void WriteDrawn(Tensor x, float p, float below, float above, RandomSource random, Backends.Storage mask)
    {
        Span<float> part = stackalloc float[256];
        for (var start = 0; start < x.Length; start += part.Length)
        {
            var now = part[..Math.Min(part.Length, x.Length - start)];
            for (var i = 0; i < now.Length; i++)
                now[i] = random.NextFloat() < p ? below : above;
            x.Backend.Write(now, mask, start);
        }
    }
}
