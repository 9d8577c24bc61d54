namespace CourseKit.Inspection;

/// <summary>Recognises usual mistakes in a gradient: each hint is given only when it explains every number.</summary>
internal static class GradientHints
{
    /// <summary>What a wrong gradient looks like; empty when nothing fits.</summary>
    /// <param name="shape">The tensor's sizes.</param>
    /// <param name="right">The finite differences.</param>
    /// <param name="given">What Backward gave.</param>
    /// <param name="wrong">Which numbers differ.</param>
    /// <param name="same">Whether two numbers agree.</param>
    public static string Of(int[] shape, double[] right, double[] given, bool[] wrong, Func<double, double, bool> same)
    {
        bool Explains(Func<int, double> repaired) => Enumerable.Range(0, right.Length).All(i => same(right[i], repaired(i)));

        if (given.Any(g => !double.IsFinite(g)))
            return "it is not a finite number";
        if (right.Any(r => !double.IsFinite(r)))
            return "the loss itself is not a finite number";
        if (given.All(g => g == 0))
            return "all of it is 0, so this gradient is never computed, or never added";
        if (Explains(i => -given[i]))
            return "the sign is reversed";
        if (Factor(right, given) is { } factor && Explains(i => given[i] / factor))
            return FormattableString.Invariant($"it is {factor:G4} times too large everywhere: look for a missing or doubled factor, or a mean in place of a sum");
        if (Transposed(shape) is { } from && Explains(i => given[from[i]]))
            return "it is transposed";
        if (SwappedGates(shape, right.Length) is { } swaps)
        {
            foreach (var (first, second, order) in swaps)
            {
                if (Explains(i => given[order[i]]))
                    return $"the rows of gate {first} and gate {second} (from 0) are swapped";
            }
        }

        return Part(shape, given, wrong);
    }

    // given/right where right is largest.
    private static double? Factor(double[] right, double[] given)
    {
        var at = Array.IndexOf(right, right.MaxBy(Math.Abs));
        var factor = given[at] / right[at];
        return right.Length > 0 && Math.Abs(factor) > 1e-6 && double.IsFinite(factor) ? factor : null;
    }

    // Where number i of the transpose lies.
    private static int[]? Transposed(int[] shape)
    {
        if (shape is not [var rows, var columns])
            return null;
        return [.. Enumerable.Range(0, rows * columns).Select(i => (i % columns * rows) + (i / columns))];
    }

    // Two of two, three or four equal blocks of rows, exchanged.
    private static IEnumerable<(int First, int Second, int[] Order)>? SwappedGates(int[] shape, int length)
    {
        if (shape.Length is not (1 or 2))
            return null;
        return
            from gates in Enumerable.Range(2, 3)
            where shape[0] % gates == 0 && shape[0] > 0
            let block = length / gates
            from first in Enumerable.Range(0, gates)
            from second in Enumerable.Range(first + 1, gates - first - 1)
            select (first, second, Enumerable.Range(0, length).Select(i => (i / block) == first ? i + ((second - first) * block) : (i / block) == second ? i - ((second - first) * block) : i).ToArray());
    }

    // Only some numbers are wrong: which.
    private static string Part(int[] shape, double[] given, bool[] wrong)
    {
        var count = wrong.Count(w => w);
        var zero = Enumerable.Range(0, wrong.Length).All(i => !wrong[i] || given[i] == 0) ? ", where Backward gave 0: a term is missing" : "";
        if (count == wrong.Length)
            return "";
        if (shape is [_, var steps and > 1, var size])
        {
            var at = Enumerable.Range(0, steps).Where(t => Enumerable.Range(0, wrong.Length).Any(i => wrong[i] && i / size % steps == t)).ToList();
            if (at.Count == steps - 1 && !at.Contains(steps - 1))
                return "it is right at the last time step alone: what comes back through later steps is missing or wrong";
            if (at.Count == steps - 1 && !at.Contains(0))
                return "it is right at the first time step alone: what comes back through the steps before is missing or wrong";
            if (at.Count < steps)
                return $"only time step{(at.Count == 1 ? "" : "s")} {string.Join(", ", at)} {(at.Count == 1 ? "is" : "are")} wrong{zero}";
        }

        if (shape.Length is 1 or 2)
        {
            var width = shape.Length == 2 ? shape[1] : 1;
            var rows = Enumerable.Range(0, shape[0]).Where(row => Enumerable.Range(row * width, width).Any(i => wrong[i])).ToList();
            if (rows.Count < shape[0])
                return $"only row{(rows.Count == 1 ? "" : "s")} {Ranges(rows)} {(rows.Count == 1 ? "is" : "are")} wrong{zero}";
        }

        return $"{count} of {wrong.Length} numbers are wrong{zero}";
    }

    // "0, 4 to 7".
    private static string Ranges(List<int> rows)
    {
        var parts = new List<string>();
        for (var i = 0; i < rows.Count; i++)
        {
            var start = i;
            while (i + 1 < rows.Count && rows[i + 1] == rows[i] + 1)
                i++;
            parts.Add(i > start + 1 ? $"{rows[start]} to {rows[i]}" : string.Join(", ", rows[start..(i + 1)]));
        }

        return string.Join(", ", parts);
    }
}
