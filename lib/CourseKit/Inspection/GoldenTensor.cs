namespace CourseKit.Inspection;

/// <summary>A tensor of golden numbers, row-major, in float64.</summary>
internal sealed record GoldenTensor(int[] Shape, double[] Data)
{
    public float[] Floats => Array.ConvertAll(Data, value => (float)value);

    /// <summary>One row of a [.., .., n] tensor: its numbers at [first, second].</summary>
    public double[] Row(int first, int second) => Data.AsSpan(((first * Shape[1]) + second) * Shape[2], Shape[2]).ToArray();

    /// <summary>[time, batch, feature] as [batch, time, feature], or back.</summary>
    public GoldenTensor SwapFirstTwo()
    {
        if (Shape is not [var first, var second, var last])
            throw new FormatException($"a tensor must have three dimensions, but is [{string.Join(", ", Shape.Take(8))}]");
        var swapped = new double[Data.Length];
        for (var i = 0; i < first; i++)
            for (var j = 0; j < second; j++)
                Row(i, j).CopyTo(swapped, ((j * first) + i) * last);
        return new([second, first, last], swapped);
    }

    /// <summary>One of the matrices that a [n, rows, columns] tensor stacks.</summary>
    public GoldenTensor Part(int index)
    {
        var size = Shape[1] * Shape[2];
        return new(Shape[1..], Data[(index * size)..((index + 1) * size)]);
    }
}
