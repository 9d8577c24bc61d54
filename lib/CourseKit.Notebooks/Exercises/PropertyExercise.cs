namespace CourseKit.Notebooks;

/// <summary>An exercise whose answer is a function with many right results, held to its properties.</summary>
internal sealed class PropertyExercise<TFunction>(
    string id, string signature, TFunction solution, Func<TFunction, string?> judge, IReadOnlyList<Mistake<TFunction>> mistakes)
    : Exercise(id, signature)
    where TFunction : Delegate
{
    public override int MistakeCount => mistakes.Count;

    public override ExerciseResult Judge(object? answer)
    {
        if (Bind<TFunction>(answer) is var (function, refused) && function is null)
            return refused!;
        try
        {
            return judge(function!) is { } wrong ? Wrong(wrong) : Solved("It has the properties that it must have.");
        }
        catch (NotImplementedException)
        {
            return Unsolved();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return Wrong($"It threw {e.GetType().Name}: {e.Message}");
        }
    }

    public override ExerciseResult JudgeSolution() => Judge(solution);

    public override IEnumerable<(string, ExerciseResult)> JudgeMistakes() => mistakes.Select(mistake => (mistake.Hint, Judge(mistake.Answer)));
}
