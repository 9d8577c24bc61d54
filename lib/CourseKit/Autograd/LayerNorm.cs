using CourseKit.Tensors;

namespace CourseKit.Autograd;

public static partial class Ops
{
    /// <summary>Gives the last dimension mean 0 and variance 1, then scales and shifts it: y = gain·(x − mean)/√(variance + ε) + bias.</summary>
    /// <param name="x">[..., size], size at least 1.</param>
    /// <param name="gain">[size], or null for 1.</param>
    /// <param name="bias">[size], or null for 0.</param>
    /// <param name="epsilon">ε, above 0, for a last dimension that is all alike. Default: 1e-5, as PyTorch; Keras has 1e-3.</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="ShapeException">x has no last dimension, or gain or bias has another length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">epsilon is not above 0.</exception>
    /// <remarks>The variance is the mean of the squares, not divided by size − 1. Ba, Kiros and Hinton, Layer Normalization, 2016.</remarks>
    public static Tensor LayerNorm(Tensor x, Tensor? gain = null, Tensor? bias = null, float epsilon = 1e-5f)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Shape.Rank == 0 || x.Shape.Last == 0)
            throw new ShapeException($"LayerNorm: x must be [..., size] with a size of at least 1, but got {x.Shape}.");
        RequireEpsilon(epsilon, "LayerNorm");
        var columns = x.Shape.Last;
        var rows = x.Length / columns;
        if (gain is not null)
            ShapeException.Require(gain.Shape, new Shape(columns), "LayerNorm", "gain", "Its length must equal the last dimension of x.");
        if (bias is not null)
            ShapeException.Require(bias.Shape, new Shape(columns), "LayerNorm", "bias", "Its length must equal the last dimension of x.");

        var y = Tape.Allocate(x.Backend, x.Shape);
        var wants = Tape.Wants(x, gain, bias);
        var statistics = wants ? Tape.Reserve(x.Backend, 2 * rows) : null;
        x.Backend.LayerNorm(x.Data, gain?.Data, bias?.Data, y.Data, statistics, rows, columns, epsilon);

        if (wants)
        {
            Tape.Record(y, [x, gain, bias], dY =>
                y.Backend.LayerNormBackward(x.Data, gain?.Data, statistics!, dY, Tape.GradientOf(x), Tape.GradientOf(gain), Tape.GradientOf(bias), rows, columns));
        }

        return y;
    }

    internal static void RequireEpsilon(float epsilon, string who)
    {
        if (!(epsilon > 0 && float.IsFinite(epsilon)))
            throw new ArgumentOutOfRangeException(null, FormattableString.Invariant($"{who}: epsilon must be above 0, but got {epsilon}."));
    }
}
