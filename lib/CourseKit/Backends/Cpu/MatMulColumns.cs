namespace CourseKit.Backends.Cpu;

/// <summary>Some columns of a product: panels from..to-1 of a packed right operand of n columns, and the c that gets them.</summary>
internal readonly unsafe struct MatMulColumns(float* packed, Accumulator c, int n, int from, int to, nint cStride)
{
    internal MatMulColumns(float* packed, Accumulator c, int n, int from, int to)
        : this(packed, c, n, from, to, n)
    {
    }

    internal float* Packed { get; } = packed;

    internal Accumulator C { get; } = c;

    internal int N { get; } = n;

    internal int From { get; } = from;

    internal int To { get; } = to;

    /// <summary>How far apart the rows of c lie.</summary>
    internal nint CStride { get; } = cStride;

    /// <summary>Fewer panels, and rows of c from one on.</summary>
    internal MatMulColumns Share(int firstRow, int from, int to) => new(Packed, C.Skip(firstRow * CStride), N, from, to, CStride);
}
