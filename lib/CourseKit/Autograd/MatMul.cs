using CourseKit.Tensors;

namespace CourseKit.Autograd;

public static partial class Ops
{
    /// <summary>Matrix product of the last dimension: c = a·b.</summary>
    /// <param name="a">[..., k].</param>
    /// <param name="b">[k, n].</param>
    /// <returns>[..., n].</returns>
    /// <exception cref="ShapeException">b is not a matrix, or a's last dimension is not b's first.</exception>
    public static Tensor MatMul(Tensor a, Tensor b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        ShapeException.RequireRank(b.Shape, 2, "MatMul", "b", "[k, n]");
        var (k, n) = b.Shape.AsMatrix();
        if (a.Shape.Rank == 0 || a.Shape.Last != k)
            throw new ShapeException($"MatMul: a must be [..., {k}], but got {a.Shape}. The last dimension must equal the first of b, which is {b.Shape}.");
        var rows = a.Shape.WithoutLast().Length;

        var c = Tape.Allocate(a.Backend, a.Shape.WithLast(n));
        a.Backend.MatMul(a.Data, b.Data, c.Data, rows, n, k, transposeA: false, transposeB: false, accumulate: false);

        Tape.Record(c, [a, b], dC =>
        {
            if (Tape.GradientOf(a) is { } dA)
                c.Backend.MatMul(dC, b.Data, dA, rows, k, n, transposeA: false, transposeB: true, accumulate: true);
            if (Tape.GradientOf(b) is { } dB)
                c.Backend.MatMul(a.Data, dC, dB, k, n, rows, transposeA: true, transposeB: false, accumulate: true);
        });
        return c;
    }
}
