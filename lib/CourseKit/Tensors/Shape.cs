namespace CourseKit.Tensors;

/// <summary>The sizes of a tensor's dimensions, outermost first. Memory is row-major: the last dimension lies side by side.</summary>
public readonly struct Shape : IEquatable<Shape>
{
    private readonly int[]? _sizes;

    /// <summary>Makes a shape; no sizes make the shape of one number.</summary>
    /// <param name="sizes">One size a dimension, each at least 0.</param>
    /// <exception cref="ShapeException">A size is negative, or there are more than 2147483647 numbers.</exception>
    public Shape(params ReadOnlySpan<int> sizes)
    {
        _sizes = sizes.ToArray();
        var length = 1L;
        foreach (var size in sizes)
        {
            if (size < 0)
                throw new ShapeException($"Shape: every size must be at least 0, but got {this}.");
            length *= size;
            if (length > int.MaxValue)
                throw new ShapeException($"Shape: a tensor holds at most {int.MaxValue} numbers, but {this} has more.");
        }

        Length = (int)length;
    }

    /// <summary>The shape of one number: no dimensions, length 1.</summary>
    public static Shape Scalar => default;

    /// <summary>How many dimensions there are; 0 for one number.</summary>
    public int Rank => Sizes.Length;

    /// <summary>How many numbers there are: the product of all sizes.</summary>
    public int Length => field == 0 && Rank == 0 ? 1 : field;

    /// <summary>The sizes, outermost first.</summary>
    public ReadOnlySpan<int> Sizes => _sizes;

    /// <summary>The size of the last dimension.</summary>
    /// <exception cref="ShapeException">The shape is that of one number.</exception>
    public int Last => Rank > 0 ? Sizes[^1] : throw new ShapeException("Shape: [] has no last dimension.");

    /// <summary>The size of one dimension.</summary>
    /// <param name="dimension">0 for the outermost, or ^1 for the last.</param>
    /// <exception cref="IndexOutOfRangeException">There is no such dimension.</exception>
    public int this[Index dimension] => Sizes[dimension];

    /// <summary>Makes a shape from an array of sizes.</summary>
    /// <param name="sizes">One size a dimension.</param>
    public static implicit operator Shape(int[] sizes) => new(sizes.AsSpan());

    /// <summary>Whether two shapes have the same sizes.</summary>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Whether two shapes differ.</summary>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <summary>The same shape with another last size: [4, 20, 6].WithLast(9) is [4, 20, 9].</summary>
    /// <exception cref="ShapeException">The shape is that of one number.</exception>
    public Shape WithLast(int size)
    {
        if (Rank > 0 && size == Last)
            return this;
        var sizes = WithoutLast().Sizes;
        return new Shape([.. sizes, size]);
    }

    /// <summary>The same shape less its last dimension: [4, 20, 6] becomes [4, 20].</summary>
    /// <exception cref="ShapeException">The shape is that of one number.</exception>
    public Shape WithoutLast() => Rank > 0 ? new Shape(Sizes[..^1]) : throw new ShapeException("Shape: [] has no last dimension.");

    /// <summary>The two sizes of a matrix.</summary>
    /// <exception cref="ShapeException">There are not exactly two dimensions.</exception>
    public (int Rows, int Columns) AsMatrix() =>
        Rank == 2 ? (Sizes[0], Sizes[1]) : throw new ShapeException($"Shape: a matrix has two dimensions, but got {this}.");

    /// <inheritdoc/>
    public bool Equals(Shape other) => Sizes.SequenceEqual(other.Sizes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var size in Sizes)
            hash.Add(size);
        return hash.ToHashCode();
    }

    /// <summary>The sizes as text: "[4, 20, 6]".</summary>
    public override string ToString() => $"[{string.Join(", ", _sizes ?? [])}]";

    /// <summary>Where the number at the given indices lies in row-major order.</summary>
    /// <exception cref="ShapeException">There is not one index a dimension.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index is not below its size.</exception>
    internal int Offset(ReadOnlySpan<int> indices)
    {
        if (indices.Length != Rank)
            throw new ShapeException($"Index: a tensor of {this} takes {Rank} indices, but got {indices.Length}.");
        var offset = 0;
        for (var d = 0; d < indices.Length; d++)
        {
            if ((uint)indices[d] >= (uint)Sizes[d])
            {
                throw new ArgumentOutOfRangeException(null,
                    $"Index [{string.Join(", ", indices.ToArray())}] is outside {this}: dimension {d} runs from 0 to {Sizes[d] - 1}.");
            }

            offset = (offset * Sizes[d]) + indices[d];
        }

        return offset;
    }

    /// <summary>The indices of the number at an offset, as text: "2, 5".</summary>
    internal string IndicesAt(int offset)
    {
        var indices = new int[Rank];
        for (var d = Rank - 1; d >= 0; d--)
        {
            indices[d] = offset % Sizes[d];
            offset /= Sizes[d];
        }

        return string.Join(", ", indices);
    }
}
