using CourseKit.Tensors;

namespace CourseKit.Autograd;

public static partial class Ops
{
    /// <summary>Matrix products of a batch, one for each row of it: c_i = a_i·b_i, or a_i·b_iᵀ.</summary>
    /// <param name="a">[batch, m, k].</param>
    /// <param name="b">[batch, k, n], or [batch, n, k] when <paramref name="transposeB"/>.</param>
    /// <param name="transposeB">Whether every b is transposed first. Default: false.</param>
    /// <returns>[batch, m, n].</returns>
    /// <exception cref="ShapeException">a or b is not a batch of matrices, the batches differ, or a's last dimension is not the one of b that it meets.</exception>
    /// <remarks>Known elsewhere as torch.bmm, tf.linalg.matmul.</remarks>
    public static Tensor BatchMatMul(Tensor a, Tensor b, bool transposeB = false)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        ShapeException.RequireRank(a.Shape, 3, "BatchMatMul", "a", "[batch, m, k]");
        var form = transposeB ? "[batch, n, k]" : "[batch, k, n]";
        ShapeException.RequireRank(b.Shape, 3, "BatchMatMul", "b", form);
        var (batch, m, k) = (a.Shape[0], a.Shape[1], a.Shape[2]);
        var n = transposeB ? b.Shape[1] : b.Shape[2];
        ShapeException.Require(b.Shape, transposeB ? new Shape(batch, n, k) : new Shape(batch, k, n), "BatchMatMul", "b", $"It is {form}, and a is {a.Shape}.");

        var c = Tape.Allocate(a.Backend, new Shape(batch, m, n));
        a.Backend.BatchMatMul(a.Data, b.Data, c.Data, batch, m, n, k, transposeA: false, transposeB, accumulate: false);

        Tape.Record(c, [a, b], dC =>
        {
            if (Tape.GradientOf(a) is { } dA)
                c.Backend.BatchMatMul(dC, b.Data, dA, batch, m, k, n, transposeA: false, transposeB: !transposeB, accumulate: true);
            if (Tape.GradientOf(b) is not { } dB)
                return;
            if (transposeB)
                c.Backend.BatchMatMul(dC, a.Data, dB, batch, n, k, m, transposeA: true, transposeB: false, accumulate: true);
            else
                c.Backend.BatchMatMul(a.Data, dC, dB, batch, k, n, m, transposeA: true, transposeB: false, accumulate: true);
        });
        return c;
    }
}
