using CourseKit.Layers;
using CourseKit.Tensors;
using CourseKit.Textbook;

namespace CourseKit.Inspection;

/// <summary>
/// Holds a recurrent layer or cell to what every one must do, whatever its formula: the gradient is right, padding changes nothing, batch rows do not mix,
/// pieces with the state carried make the whole, the other direction mirrors, a single step is the first of many.
/// </summary>
/// <remarks>
/// Metamorphic testing: two runs that must agree need no known answer. Chen, Cheung and Yiu, 1998. Formulas, with f the cell over a sequence and s its state:
/// f(x[π]) = f(x)[π]; f(x₁x₂) = f(x₁, s₀) f(x₂, s₁); reversed f(x) = reverse(f(reverse(x))).
/// </remarks>
public static class CheckCell
{
    private const int Rows = 3, Length = 5;

    /// <summary>Checks a layer: one of the library's, or your own.</summary>
    /// <param name="layer">The layer. Its metamorphic properties are checked to 1e-5 where it stands, its gradient to 1e-6 in float64. Without a reference, weights that are all 0, as before Initialize, are others while it is checked.</param>
    /// <param name="reverse">The same layer, made to run from the last time step to the first; its parameters are overwritten with the layer's. Null: not checked.</param>
    /// <param name="reference">A layer that must give the same output; null for none.</param>
    /// <returns>One row for each property.</returns>
    public static CellReport Of(SequenceLayer layer, SequenceLayer? reverse = null, SequenceLayer? reference = null)
    {
        ArgumentNullException.ThrowIfNull(layer);
        var zeros = reference is null ? layer.Parameters.Select(parameter => parameter.Tensor).Where(IsWeightOfZeros).ToList() : [];
        try
        {
            var random = new RandomSource(1);
            foreach (var weight in zeros)
                Initializer.Uniform(-0.5f, 0.5f).Fill(weight, random);
            return Of(new LayerUnderCheck(layer, reverse), reference is null ? null : new LayerUnderCheck(reference, null));
        }
        finally
        {
            foreach (var weight in zeros)
                weight.CopyFrom(new float[weight.Length]);
        }
    }

    /// <summary>Checks a cell with Forward and Backward by hand: one of the textbook's, or your own.</summary>
    /// <param name="cell">The cell. Metamorphic properties are checked to 1e-12, the gradient to 1e-6.</param>
    /// <param name="reference">A cell that must give the same output, such as the textbook's with the same weights; null for none.</param>
    /// <returns>One row for each property.</returns>
    public static CellReport Of(RecurrentCell cell, RecurrentCell? reference = null)
    {
        ArgumentNullException.ThrowIfNull(cell);
        return Of(new TextbookUnderCheck(cell, fromTheLast: false), reference is null ? null : new TextbookUnderCheck(reference, fromTheLast: false));
    }

    // A matrix that nobody has drawn yet. With it no input and no state would reach the output, and every property would hold of itself.
    private static bool IsWeightOfZeros(Tensor parameter) => parameter.Shape.Rank > 1 && !parameter.ToArray().AsSpan().ContainsAnyExcept(0f);

    private static CellReport Of(CellUnderCheck cell, CellUnderCheck? reference)
    {
        var x = CellUnderCheck.Draw(Rows, Length, cell.InputSize, seed: 1);
        var rows = new List<CellReportRow>
        {
            Row("the gradient is right", () => Gradient(cell)),
            Row("a second run gives the same", () => Held(cell.Run(x).DifferenceFrom(cell.Run(x), 0, "at first", "the second time"))),
            Row("a single step is the first of many", () => SingleStep(cell, x)),
            Row("what came before reaches what comes after", () => Reaches(cell, x)),
            Row("pieces with the state carried are the whole", () => Pieces(cell, x)),
            Row("padding at the back changes nothing", () => Padding(cell, x, front: false)),
            Row("padding at the front changes nothing", () => Padding(cell, x, front: true)),
            Row("the output is 0 where a mask passes over", () => SilentPadding(cell, x)),
            Row("batch rows do not mix", () => Alone(cell, x)),
            Row("batch rows in another order give the same in that order", () => Permuted(cell, x)),
            Row("the other direction on the reversed input gives the reversed output", () => Mirrored(cell, x)),
        };
        if (reference is not null)
            rows.Add(Row($"the output is that of {reference.Name}", () => Held(cell.Run(x).DifferenceFrom(reference.Run(x), Math.Max(cell.Tolerance, reference.Tolerance), "here", "there"))));
        return new CellReport(cell.Name, rows);
    }

    private static (bool? Passed, string Detail) Gradient(CellUnderCheck cell)
    {
        var result = cell.Gradient();
        return result.Passed
            ? (true, FormattableString.Invariant($"{result.Rows.Sum(row => row.Count)} numbers, largest relative difference {result.LargestRelativeDifference:E1}"))
            : (false, string.Join("; ", result.Rows.Where(row => !(row.LargestRelativeDifference <= result.Tolerance))));
    }

    private static (bool? Passed, string Detail) SingleStep(CellUnderCheck cell, double[][][] x)
    {
        Range first = cell.FromTheLast ? (Length - 1)..Length : 0..1;
        var single = cell.Run(Steps(x, first));
        if (cell.BothWays)
            return Held(single.Output.SelectMany(row => row.SelectMany(step => step)).All(double.IsFinite) ? null : "a sequence of one step gives a number that is not finite");
        var whole = cell.Run(x);
        return whole.Output[0].Length == 1
            ? Held(single.DifferenceFrom(cell.Run(Steps(x, first)), 0, "at first", "the second time"))
            : Held(single.DifferenceFrom(whole.Steps(first), cell.Tolerance, "alone", "in the sequence", state: false));
    }

    private static (bool? Passed, string Detail) Pieces(CellUnderCheck cell, double[][][] x)
    {
        if (cell.BothWays)
            return (null, "not checked: one direction reads what follows the piece");
        const int Cut = 2;
        Range early = cell.FromTheLast ? Cut..Length : 0..Cut, late = cell.FromTheLast ? 0..Cut : Cut..Length;
        var whole = cell.Run(x);
        var before = cell.Run(Steps(x, early));
        var after = cell.Run(Steps(x, late), state: before.Carry);
        var onlyLast = whole.Output[0].Length == 1;
        return Held((onlyLast ? null : before.DifferenceFrom(whole.Steps(early), cell.Tolerance, "in the first piece", "in the whole", state: false))
            ?? after.DifferenceFrom(onlyLast ? whole : whole.Steps(late), cell.Tolerance, "in the second piece", "in the whole"));
    }

    // Rows of 5, 3 and 1 steps with noise around them against each row alone.
    private static (bool? Passed, string Detail) Padding(CellUnderCheck cell, double[][][] x, bool front)
    {
        int[] lengths = [Length, 3, 1];
        Range Own(int b) => front ? (Length - lengths[b])..Length : 0..lengths[b];
        bool Takes(int b, int t) => front ? t >= Length - lengths[b] : t < lengths[b];
        var mask = lengths.Select((_, b) => Enumerable.Range(0, Length).Select(t => Takes(b, t)).ToArray()).ToArray();
        var padded = cell.Run([.. x.Select((row, b) => row.Select((step, t) => Takes(b, t) ? step : [.. step.Select(value => (7 * value) + 30)]).ToArray())], mask);
        for (var b = 0; b < Rows; b++)
        {
            var alone = cell.Run([x[b][Own(b)]]);
            var here = padded.Rows(b);
            var onlyLast = here.Output[0].Length == 1;
            if ((onlyLast ? here : here.Steps(Own(b))).DifferenceFrom(alone, cell.Tolerance, "with padding", "without") is { } difference)
                return (false, $"for a sequence of {lengths[b]} steps among {Length}, {difference}");
        }

        return (true, "");
    }

    private static (bool? Passed, string Detail) SilentPadding(CellUnderCheck cell, double[][][] x)
    {
        var mask = Enumerable.Range(0, Rows).Select(b => Enumerable.Range(0, Length).Select(t => (b + t) % 3 != 0).ToArray()).ToArray();
        var output = cell.Run(x, mask).Output;
        if (output[0].Length == 1)
            return (null, "not checked: only the final state comes out");
        var found = Enumerable.Range(0, Rows * Length).FirstOrDefault(i => !mask[i / Length][i % Length] && output[i / Length][i % Length].Any(value => value != 0), -1);
        return Held(found < 0 ? null : $"it is not in batch row {found / Length} at time step {found % Length}");
    }

    // Two steps, and the same with another input at the one that is taken first.
    private static (bool? Passed, string Detail) Reaches(CellUnderCheck cell, double[][][] x)
    {
        var (first, last) = cell.FromTheLast ? (1, 0) : (0, 1);
        var two = Steps(x, 0..2);
        var changed = two.Select(row => row.Select((step, t) => t == first ? step.Select(value => value + 1).ToArray() : step).ToArray()).ToArray();
        var (mine, other) = (cell.Run(two).Output, cell.Run(changed).Output);
        var at = mine[0].Length == 1 ? 0 : last;
        return Held(mine.Zip(other).Any(rows => !rows.First[at].SequenceEqual(rows.Second[at]))
            ? null : $"the output at time step {last} is the same whatever the input at time step {first}: the state is not carried, or not used");
    }

    private static (bool? Passed, string Detail) Alone(CellUnderCheck cell, double[][][] x)
    {
        var together = cell.Run(x);
        for (var b = 0; b < Rows; b++)
        {
            if (together.Rows(b).DifferenceFrom(cell.Run([x[b]]), cell.Tolerance, "among others", "alone") is { } difference)
                return (false, $"for example {b} of the batch, {difference}");
        }

        return (true, "");
    }

    private static (bool? Passed, string Detail) Permuted(CellUnderCheck cell, double[][][] x)
    {
        int[] order = [2, 0, 1];
        return Held(cell.Run([.. order.Select(b => x[b])]).DifferenceFrom(cell.Run(x).Rows(order), cell.Tolerance, "in the new order", "in the old"));
    }

    private static (bool? Passed, string Detail) Mirrored(CellUnderCheck cell, double[][][] x)
    {
        if (cell.BothWays && cell.Halves(x) is (true, var between))
            return Held(between);
        var (turned, whyNot) = cell.Turned();
        return turned is null
            ? (null, $"not checked: {whyNot}")
            : Held(turned.Run(x).DifferenceFrom(cell.Run([.. x.Select(row => row.Reverse().ToArray())]).Reversed(), cell.Tolerance, "in the other direction", "mirrored"));
    }

    private static double[][][] Steps(double[][][] x, Range steps) => [.. x.Select(row => row[steps])];

    private static (bool? Passed, string Detail) Held(string? difference) => (difference is null, difference ?? "");

    private static CellReportRow Row(string property, Func<(bool? Passed, string Detail)> check)
    {
        try
        {
            var (passed, detail) = check();
            return new CellReportRow(property, passed, detail);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return new CellReportRow(property, false, $"it threw {error.GetType().Name}: {error.Message}");
        }
    }
}
