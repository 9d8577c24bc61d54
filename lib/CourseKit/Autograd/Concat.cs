using CourseKit.Tensors;

namespace CourseKit.Autograd;

public static partial class Ops
{
    /// <summary>Puts the last dimensions of several tensors side by side: [4, 20, 6] and [4, 20, 3] give [4, 20, 9].</summary>
    /// <param name="parts">At least one; all alike but for the last dimension.</param>
    /// <returns>[..., the sum of the last dimensions].</returns>
    /// <exception cref="ShapeException">There is no part, or they differ before the last dimension.</exception>
    public static Tensor Concat(params Tensor[] parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Length == 0)
            throw new ShapeException("Concat: there must be at least one tensor, but got none.");
        var columns = 0;
        foreach (var part in parts)
        {
            if (part.Shape.Rank == 0 || part.Shape.WithoutLast() != parts[0].Shape.WithoutLast())
                throw new ShapeException($"Concat: all tensors must be alike but for the last dimension, but got {parts[0].Shape} and {part.Shape}.");
            columns += part.Shape.Last;
        }

        var rows = parts[0].Shape.WithoutLast().Length;
        var y = Tape.Allocate(parts[0].Backend, parts[0].Shape.WithLast(columns));
        var column = 0;
        foreach (var part in parts)
        {
            y.Backend.CopyColumns(part.Data, part.Shape.Last, 0, y.Data, columns, column, rows, part.Shape.Last, accumulate: false);
            column += part.Shape.Last;
        }

        Tape.Record(y, parts, dY =>
        {
            var from = 0;
            foreach (var part in parts)
            {
                if (Tape.GradientOf(part) is { } dPart)
                    y.Backend.CopyColumns(dY, columns, from, dPart, part.Shape.Last, 0, rows, part.Shape.Last, accumulate: true);
                from += part.Shape.Last;
            }
        });
        return y;
    }
}
