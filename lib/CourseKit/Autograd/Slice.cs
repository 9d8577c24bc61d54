using CourseKit.Tensors;

namespace CourseKit.Autograd;

public static partial class Ops
{
    /// <summary>Some columns: y = x[..., from .. from + count].</summary>
    /// <param name="x">[..., feature].</param>
    /// <param name="from">The first column, from 0.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <returns>[..., count].</returns>
    /// <exception cref="ShapeException">x has no dimension.</exception>
    /// <exception cref="ArgumentOutOfRangeException">x has no such columns.</exception>
    public static Tensor Slice(Tensor x, int from, int count)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Shape.Rank == 0)
            throw new ShapeException("Slice: x must be [..., feature], but got [].");
        var columns = x.Shape.Last;
        if (from < 0 || count < 1 || count > columns - from)
            throw new ArgumentOutOfRangeException(null, $"Slice: from {from} and count {count} must lie within the {columns} columns of x, which is {x.Shape}.");
        var rows = x.Shape.WithoutLast().Length;
        var y = Tape.Allocate(x.Backend, x.Shape.WithLast(count));
        x.Backend.CopyColumns(x.Data, columns, from, y.Data, count, 0, rows, count, accumulate: false);

        Tape.Record(y, [x], dY =>
        {
            if (Tape.GradientOf(x) is { } dX)
                y.Backend.CopyColumns(dY, count, 0, dX, columns, from, rows, count, accumulate: true);
        });
        return y;
    }

    /// <summary>The last dimension cut into equal parts, as the gates of a cell are: the reverse of <see cref="Concat"/>.</summary>
    /// <param name="x">[..., parts·size].</param>
    /// <param name="parts">How many, at least 1.</param>
    /// <returns>Each [..., size].</returns>
    /// <exception cref="ShapeException">The last dimension cannot be cut so.</exception>
    public static Tensor[] Split(Tensor x, int parts)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Shape.Rank == 0 || parts < 1 || x.Shape.Last % parts != 0 || x.Shape.Last == 0)
            throw new ShapeException($"Split: the last dimension of x must be a multiple of the {parts} parts, but x is {x.Shape}.");
        var size = x.Shape.Last / parts;
        return [.. Enumerable.Range(0, parts).Select(part => Slice(x, part * size, size))];
    }
}
