namespace CourseKit.Notebooks;

/// <summary>An exercise whose answer is a value.</summary>
internal sealed class ValueExercise(string id, string signature, object solution, IReadOnlyList<Mistake<object>> mistakes, double tolerance)
    : Exercise(id, signature)
{
    public override int MistakeCount => mistakes.Count;

    // The right value is not told: it would be all there is to find.
    public override ExerciseResult Judge(object? answer)
    {
        if (answer is null)
            return Unsolved();
        if (Difference.Between(answer, solution, tolerance, []) is null)
            return Solved($"It is {Difference.Text(solution)}.");
        return mistakes.FirstOrDefault(mistake => Difference.Between(answer, mistake.Answer, tolerance, []) is null) is { } found
            ? Wrong($"It is not {Difference.Text(answer)}. {found.Hint}")
            : Wrong($"It is not {Difference.Text(answer)}.{Kind(answer)}");
    }

    public override ExerciseResult JudgeSolution() => Judge(solution);

    public override IEnumerable<(string, ExerciseResult)> JudgeMistakes() => mistakes.Select(mistake => (mistake.Hint, Judge(mistake.Answer)));

    private string Kind(object answer) =>
        NumberBlock.From(answer) is { } mine && NumberBlock.From(solution) is { } right && !mine.Squeezed.SequenceEqual(right.Squeezed)
            ? $" The answer has {Num.Whole(right.Values.Length)} number{(right.Values.Length == 1 ? "" : "s")}, yours {Num.Whole(mine.Values.Length)}."
            : "";
}
