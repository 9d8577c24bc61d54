namespace CourseKit.Inspection;

/// <summary>A tensor under check: how to change one of its numbers, and the gradient that Backward gave it.</summary>
/// <param name="Name">What to call it.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Values">Its numbers.</param>
/// <param name="Set">Changes number i.</param>
/// <param name="Gradient">What Backward gave, one for each number.</param>
internal sealed record CheckedNumbers(string Name, int[] Shape, double[] Values, Action<int, double> Set, double[] Gradient)
{
    // Numbers smaller than this are compared as if they were that large: the differences' own rounding is about 1e-12.
    private const double Smallest = 1e-5;

    /// <summary>Compares the gradient with the differences of a loss.</summary>
    public GradientCheckRow Compare(Func<double> loss, double tolerance)
    {
        var differences = Enumerable.Range(0, Values.Length).Select(i => Difference(i, loss, tolerance)).ToArray();
        var floor = Math.Max(Smallest, 1e-3 * differences.Select(Math.Abs).DefaultIfEmpty().Max());
        var relative = differences.Select((difference, i) => Relative(difference, Gradient[i], floor)).ToArray();
        var worst = 0;
        for (var i = 1; i < relative.Length; i++)
        {
            if (relative[i] > relative[worst] || (double.IsNaN(relative[i]) && !double.IsNaN(relative[worst])))
                worst = i;
        }

        if (Values.Length == 0)
            return new GradientCheckRow(Name, 0, 0, "", 0, 0, "");
        var wrong = relative.Select(r => !(r <= tolerance)).ToArray();
        var hint = wrong[worst] ? GradientHints.Of(Shape, differences, Gradient, wrong, (a, b) => Relative(a, b, floor) <= tolerance) : "";
        return new GradientCheckRow(Name, Values.Length, relative[worst], Place(Shape, worst), differences[worst], Gradient[worst], hint);
    }

    internal static string Place(int[] shape, int at)
    {
        var place = new int[shape.Length];
        for (var d = shape.Length - 1; d >= 0; d--)
            (place[d], at) = (at % shape[d], at / shape[d]);
        return place.Length == 0 ? "" : $"[{string.Join(", ", place)}]";
    }

    private static double Relative(double difference, double gradient, double floor) =>
        Math.Abs(difference - gradient) / Math.Max(floor, Math.Max(Math.Abs(difference), Math.Abs(gradient)));

    // Four points, (−f(x+2h) + 8f(x+h) − 8f(x−h) + f(x−2h))/12h, whose own error is h⁴. A corner, such as relu's, may lie between them, and
    // where they disagree with the gradient two points close by decide.
    private double Difference(int i, Func<double> loss, double tolerance)
    {
        const double Wide = 1e-3, Near = 1e-6;
        var wide = ((8 * (At(Wide) - At(-Wide))) - (At(2 * Wide) - At(-2 * Wide))) / (12 * Wide);
        if (Relative(wide, Gradient[i], Smallest) <= tolerance / 10)
            return wide;
        var near = (At(Near) - At(-Near)) / (2 * Near);
        return Math.Abs(near - Gradient[i]) < Math.Abs(wide - Gradient[i]) ? near : wide;

        double At(double change)
        {
            Set(i, Values[i] + change);
            try
            {
                return loss();
            }
            finally
            {
                Set(i, Values[i]);
            }
        }
    }
}
