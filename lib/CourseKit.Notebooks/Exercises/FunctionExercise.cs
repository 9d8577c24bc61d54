namespace CourseKit.Notebooks;

/// <summary>An exercise whose answer is a function, compared with a solution on several cases.</summary>
internal sealed class FunctionExercise<TFunction>(
    string id, string signature, TFunction solution, object?[][] cases, IReadOnlyList<Mistake<TFunction>> mistakes, IReadOnlyList<string> parts, double tolerance)
    : Exercise(id, signature)
    where TFunction : Delegate
{
    public override int MistakeCount => mistakes.Count;

    public override ExerciseResult Judge(object? answer) => Bind<TFunction>(answer) is var (function, refused) && function is null ? refused! : Compare(function!);

    public override ExerciseResult JudgeSolution() => Compare(solution);

    public override IEnumerable<(string, ExerciseResult)> JudgeMistakes() => mistakes.Select(mistake => (mistake.Hint, Compare(mistake.Answer)));

    private ExerciseResult Compare(TFunction function)
    {
        var mine = cases.Select(arguments => Answer.Of(function, arguments)).ToList();
        if (mine.Any(answer => answer.Error is NotImplementedException))
            return Unsolved();
        for (var k = 0; k < cases.Length; k++)
        {
            var right = Answer.Of(solution, cases[k]);
            var difference = mine[k].Error is { } error
                ? $"it threw {error.GetType().Name}: {error.Message}"
                : Difference.Between(mine[k].Value, right.Value, tolerance, parts);
            if (difference is not null)
                return Wrong($"For {Call(cases[k])}: {difference}{Hint(mine)}");
        }

        return Solved(cases.Length == 1 ? "It agrees with the solution." : $"It agrees with the solution in {cases.Length} cases.");
    }

    private string Hint(List<Answer> mine) =>
        mistakes.FirstOrDefault(mistake => mine.Zip(cases).All(pair => pair.First.Agrees(Answer.Of(mistake.Answer, pair.Second), tolerance))) is { } found
            ? $" {found.Hint}"
            : "";

    // "Windows(series = [0, 1, 2], size = 2)", with the names of the signature.
    private string Call(object?[] arguments)
    {
        var open = Signature.IndexOf('(');
        // A tuple as the result has parentheses too: the name stands before the last ones that hold names.
        var list = Signature.LastIndexOf('(') is var last && last > open && Signature[..last].TrimEnd() is [.., not (',' or '(' or '<')] ? last : open;
        var name = Signature[..list].Split(' ')[^1];
        var names = solution.Method.GetParameters().Select(parameter => parameter.Name).ToArray();
        return $"{name}({string.Join(", ", arguments.Select((argument, k) => $"{names[^(arguments.Length - k)]} = {Difference.Text(argument)}"))})";
    }
}
