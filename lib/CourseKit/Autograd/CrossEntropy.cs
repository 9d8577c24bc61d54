using CourseKit.Tensors;

namespace CourseKit.Autograd;

public static partial class Ops
{
    /// <summary>Softmax cross-entropy in nats: the mean over targets of −log softmax(logits)[target].</summary>
    /// <param name="logits">[..., classes], before softmax.</param>
    /// <param name="targets">[...], each in 0..classes-1, or <paramref name="ignoreIndex"/>.</param>
    /// <param name="ignoreIndex">The target that takes no part in the mean. Default: -100.</param>
    /// <returns>[], one number; NaN when every target is ignored.</returns>
    /// <exception cref="ShapeException">targets is not the shape of logits without its last dimension.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is no class.</exception>
    /// <remarks>Known elsewhere as nn.CrossEntropyLoss, SparseCategoricalCrossentropy(from_logits=True).</remarks>
    public static Tensor CrossEntropy(Tensor logits, IntTensor targets, int ignoreIndex = -100)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(targets);
        if (logits.Shape.Rank == 0 || targets.Shape != logits.Shape.WithoutLast())
        {
            throw new ShapeException(logits.Shape.Rank == 0
                ? "CrossEntropy: logits must be [..., classes], but got []."
                : $"CrossEntropy: targets must be {logits.Shape.WithoutLast()}, but got {targets.Shape}. They take the shape of logits, {logits.Shape}, without its last dimension.");
        }

        var rows = targets.Length;
        var classes = logits.Shape.Last;
        RequireClasses(targets, classes, ignoreIndex);

        var loss = Tape.Allocate(logits.Backend, Shape.Scalar);
        var wants = Tape.Wants(logits);
        var saved = wants ? Tape.Reserve(logits.Backend, logits.Length) : null;
        loss.Backend.Fill(loss.Data, logits.Backend.CrossEntropy(logits.Data, targets.Values, ignoreIndex, saved, rows, classes));

        if (wants)
            Tape.Record(loss, [logits], _ => loss.Backend.AddScaled(loss.Gradient!.Number, saved!, Tape.GradientOf(logits)!));
        return loss;
    }

    private static void RequireClasses(IntTensor targets, int classes, int ignoreIndex)
    {
        var values = targets.Values;
        for (var i = 0; i < values.Length; i++)
        {
            if ((uint)values[i] >= (uint)classes && values[i] != ignoreIndex)
            {
                throw new ArgumentOutOfRangeException(null,
                    $"CrossEntropy: targets[{targets.Shape.IndicesAt(i)}] = {values[i]}, but logits have {classes} classes (0..{classes - 1}).");
            }
        }
    }
}
