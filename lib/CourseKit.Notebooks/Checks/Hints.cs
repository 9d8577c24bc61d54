namespace CourseKit.Notebooks;

/// <summary>Recognises usual mistakes: each hint is given only when it explains every difference.</summary>
internal static class Hints
{
    /// <summary>A hint for numbers of different shapes; empty when none fits.</summary>
    public static string ForShapes(NumberBlock mine, NumberBlock library, double tolerance)
    {
        if (mine.Values.Length != library.Values.Length)
            return " Check which dimension is which: the library's order is [batch, time, feature].";
        if (Transposed(mine) is { } transposed && transposed.Shape.SequenceEqual(library.Squeezed))
            return Agree(transposed.Values, library.Values, tolerance)
                ? " Transposed, mine agrees with the library: return the transpose."
                : " It looks transposed: check rows and columns.";
        return Agree(mine.Values, library.Values, tolerance)
            ? " The numbers agree in order: reshape mine."
            : " The number of values is the same: check the order of dimensions, which is [batch, time, feature].";
    }

    /// <summary>A hint for numbers of the same shape that differ; empty when none fits.</summary>
    public static string ForValues(NumberBlock mine, NumberBlock library, double tolerance)
    {
        if (mine.Values.Length < 2)
            return "";
        if (Transposed(mine) is { } transposed && transposed.Shape.SequenceEqual(library.Squeezed) && Agree(transposed.Values, library.Values, tolerance))
            return " Transposed, mine agrees with the library: return the transpose.";
        if (Agree(mine.Values.Select(value => -value), library.Values, tolerance))
            return " Mine is the library's with the other sign: look for a minus.";
        return TimeShift(mine, library, tolerance) is { Length: > 0 } shift ? shift : Factor(mine, library, tolerance);
    }

    private static bool Agree(IEnumerable<double> a, IEnumerable<double> b, double tolerance) =>
        a.Zip(b).All(pair => Math.Abs(pair.First - pair.Second) <= tolerance);

    private static NumberBlock? Transposed(NumberBlock block)
    {
        if (block.Squeezed is not [var rows, var columns])
            return null;
        var values = new double[block.Values.Length];
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns; column++)
                values[column * rows + row] = block.Values[row * columns + column];
        return new NumberBlock([columns, rows], values);
    }

    // Time is the first dimension of one sequence, and the second to last of a batch.
    private static string TimeShift(NumberBlock mine, NumberBlock library, double tolerance)
    {
        var shape = mine.Squeezed;
        var timeAt = Math.Max(0, shape.Length - 2);
        var steps = shape[timeAt];
        var width = shape[(timeAt + 1)..].Aggregate(1, (product, size) => product * size);
        if (steps < 3)
            return "";
        if (Shifted(mine.Values, library.Values))
            return " Mine is one time step late: mine[t] agrees with the library's [t - 1]. Store the state after the step, not before.";
        return Shifted(library.Values, mine.Values)
            ? " Mine is one time step early: mine[t] agrees with the library's [t + 1]. Check where the loop over time begins."
            : "";

        // Whether late[t] agrees with early[t - 1] for every t from 1 of every sequence, and early is not the same at all times.
        bool Shifted(double[] late, double[] early)
        {
            var moves = false;
            for (var k = 0; k < late.Length; k++)
                if (k / width % steps > 0)
                {
                    if (Math.Abs(late[k] - early[k - width]) > tolerance)
                        return false;
                    moves |= Math.Abs(early[k] - early[k - width]) > tolerance;
                }

            return moves;
        }
    }

    private static string Factor(NumberBlock mine, NumberBlock library, double tolerance)
    {
        var at = 0;
        for (var k = 1; k < library.Values.Length; k++)
            if (Math.Abs(library.Values[k]) > Math.Abs(library.Values[at]))
                at = k;
        if (Math.Abs(library.Values[at]) <= tolerance)
            return "";
        var factor = mine.Values[at] / library.Values[at];
        return Math.Abs(factor) > 1e-3 && Agree(mine.Values, library.Values.Select(value => value * factor), tolerance * Math.Max(1, Math.Abs(factor)))
            ? $" Mine is {Num.Digits(factor, 4)} times the library's everywhere: check whether a sum should be a mean, or a factor is missing."
            : "";
    }
}
