namespace CourseKit.Notebooks;

/// <summary>Checks what a learner computed by hand against the library.</summary>
public static class Check
{
    /// <summary>Checks that two sets of numbers are the same to a tolerance.</summary>
    /// <param name="mine">
    /// The learner's numbers: a tensor, a number, an array of double or float (of any rank, or an array of rows), or a MathNet
    /// matrix or vector.
    /// </param>
    /// <param name="library">The numbers to agree with, of any of these types. Dimensions of size 1, such as a batch of one, may differ.</param>
    /// <param name="tolerance">The largest absolute difference that passes, at least 0.</param>
    /// <param name="name">What is compared, for the message; null for none.</param>
    /// <returns>The result, which shows itself as one line when it is a cell's last value.</returns>
    /// <exception cref="CheckException">
    /// The shapes differ, a number is not finite, or a difference is larger than the tolerance. The message says where the
    /// largest difference is, and names a usual mistake (transposed, another sign, one time step off, a constant factor) that
    /// explains all of it.
    /// </exception>
    /// <exception cref="ArgumentException">A type that holds no numbers, or a tolerance that is negative or not a number.</exception>
    public static CheckResult Same(object mine, object library, double tolerance = 1e-5, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(mine);
        ArgumentNullException.ThrowIfNull(library);
        var who = name is null ? "Check.Same" : $"Check.Same \"{name}\"";
        if (!(tolerance >= 0))
            throw new ArgumentException($"{who}: tolerance must be 0 or more, but got {Num.Short(tolerance)}. Use 1e-5 for float32 results.", nameof(tolerance));
        var (a, b) = (Block(mine, nameof(mine), who), Block(library, nameof(library), who));
        if (!a.Squeezed.SequenceEqual(b.Squeezed))
            throw new CheckException(
                $"{who}: mine must have the library's shape {NumberBlock.Text(b.Shape)}, but has {NumberBlock.Text(a.Shape)}.{Hints.ForShapes(a, b, tolerance)}");

        var (worst, differing) = (-1, 0);
        for (var k = 0; k < a.Values.Length; k++)
        {
            if (!double.IsFinite(a.Values[k]) || !double.IsFinite(b.Values[k]))
                throw new CheckException(
                    $"{who}: every number must be finite, but at {a.Place(k)} mine is {Num.Short(a.Values[k])} and the library's is {Num.Short(b.Values[k])}. " +
                    "Look for a division by zero, the logarithm of zero, or an exponential that grows too large.");
            if (Difference(a, b, k) > tolerance)
                differing++;
            if (worst < 0 || Difference(a, b, k) > Difference(a, b, worst))
                worst = k;
        }

        var largest = worst < 0 ? 0 : Difference(a, b, worst);
        if (differing > 0)
            throw new CheckException(
                $"{who}: the largest difference may be {Num.Short(tolerance)}, but is {Num.Digits(largest, 3)} at {a.Place(worst)}: " +
                $"mine {Num.Digits(a.Values[worst], 6)}, library {Num.Digits(b.Values[worst], 6)}. " +
                $"{Num.Whole(differing)} of {Num.Whole(a.Values.Length)} numbers differ.{Hints.ForValues(a, b, tolerance)}");

        var text = $"same: largest difference {(largest == 0 ? "0" : Num.TwoDigits(largest))} over {Num.Whole(a.Values.Length)} number{(a.Values.Length == 1 ? "" : "s")}";
        return new CheckResult(name is null ? text : $"{name}: {text}", largest, a.Values.Length);
    }

    /// <summary>Checks the function that a learner wrote for an exercise of the course.</summary>
    /// <param name="id">The exercise: notebook, dot, number, such as "05.2".</param>
    /// <param name="answer">The function, by its name. While it throws <see cref="NotImplementedException"/> the exercise counts as not solved yet.</param>
    /// <returns>
    /// The result, which shows itself when it is a cell's last value: not solved yet, right, or what is wrong: for which arguments, where, what was
    /// expected, and the usual mistake that gives the same. It is never thrown, so that the notebook runs on.
    /// </returns>
    /// <exception cref="ArgumentException">There is no exercise of this number.</exception>
    public static ExerciseResult Exercise(string id, Delegate answer) => Find(id).Judge(answer);

    /// <summary>Checks a value that a learner found for an exercise of the course.</summary>
    /// <param name="id">The exercise: notebook, dot, number, such as "03.1".</param>
    /// <param name="answer">The value: a number, a text, an array, a matrix, a tensor, or a tuple of these. Null counts as not solved yet.</param>
    /// <returns>The result, as of a function.</returns>
    /// <exception cref="ArgumentException">There is no exercise of this number.</exception>
    public static ExerciseResult Exercise(string id, object? answer) => Find(id).Judge(answer);

    private static Exercise Find(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return ExerciseList.Find(id) ?? throw new ArgumentException(
            $"Check.Exercise: id must be the number of an exercise, such as \"{ExerciseList.All[0].Id}\", but got \"{id}\". There are {string.Join(", ", ExerciseList.All.Select(exercise => exercise.Id))}.",
            nameof(id));
    }

    private static double Difference(NumberBlock a, NumberBlock b, int k) => Math.Abs(a.Values[k] - b.Values[k]);

    private static NumberBlock Block(object value, string parameter, string who) =>
        NumberBlock.From(value) ?? throw new ArgumentException(
            $"{who}: {parameter} must be a tensor, a number, an array of double or float (rows of one length), or a MathNet matrix or vector, " +
            $"but got {value.GetType().Name}. Take the numbers out of it first.", parameter);
}
