using CourseKit.Tensors;

namespace CourseKit.Autograd;

public static partial class Ops
{
    /// <summary>Affine map of the last dimension: y = x·Wᵀ + b.</summary>
    /// <param name="x">[..., inputSize].</param>
    /// <param name="weight">[outputSize, inputSize].</param>
    /// <param name="bias">[outputSize], or null for none.</param>
    /// <returns>[..., outputSize].</returns>
    /// <exception cref="ShapeException">The last dimension of x is not weight's inputSize, or bias has another length.</exception>
    public static Tensor Linear(Tensor x, Tensor weight, Tensor? bias = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(weight);
        ShapeException.RequireRank(weight.Shape, 2, "Linear", "weight", "[outputSize, inputSize]");
        var (outputSize, inputSize) = weight.Shape.AsMatrix();
        if (x.Shape.Rank == 0 || x.Shape.Last != inputSize)
            throw new ShapeException($"Linear: x must be [..., {inputSize}], but got {x.Shape}. The last dimension must equal the inputSize of weight, which is {weight.Shape}.");
        if (bias is not null)
            ShapeException.Require(bias.Shape, new Shape(outputSize), "Linear", "bias", "Its length must equal the outputSize of weight.");
        var rows = x.Shape.WithoutLast().Length;

        var y = Tape.Allocate(x.Backend, x.Shape.WithLast(outputSize));
        x.Backend.Linear(x.Data, weight.Data, bias?.Data, y.Data, rows, inputSize, outputSize);

        Tape.Record(y, [x, weight, bias], dY =>
        {
            if (Tape.GradientOf(x) is { } dX)
                y.Backend.MatMul(dY, weight.Data, dX, rows, inputSize, outputSize, transposeA: false, transposeB: false, accumulate: true);
            if (Tape.GradientOf(weight) is { } dW)
                y.Backend.MatMul(dY, x.Data, dW, outputSize, inputSize, rows, transposeA: true, transposeB: false, accumulate: true);
            if (Tape.GradientOf(bias) is { } dB)
                y.Backend.SumRows(dY, dB, rows, outputSize);
        });
        return y;
    }
}
