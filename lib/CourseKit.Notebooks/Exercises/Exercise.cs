namespace CourseKit.Notebooks;

/// <summary>A task of a notebook that the kit can check. It knows the right answer, and usual wrong ones by their results.</summary>
internal abstract class Exercise(string id, string signature)
{
    /// <summary>Notebook, dot, number: "05.2".</summary>
    public string Id { get; } = id;

    /// <summary>What the learner declares, as C#: "double[] Next(double[] x, double[] h)", or "int mine" for a value.</summary>
    public string Signature { get; } = signature;

    /// <summary>How many usual mistakes it knows.</summary>
    public abstract int MistakeCount { get; }

    /// <summary>Checks an answer.</summary>
    public abstract ExerciseResult Judge(object? answer);

    /// <summary>Checks its own solution: right, or the exercise is wrong.</summary>
    public abstract ExerciseResult JudgeSolution();

    /// <summary>Checks its own mistakes: each is wrong, and answered by its own hint.</summary>
    public abstract IEnumerable<(string Hint, ExerciseResult Result)> JudgeMistakes();

    /// <summary>An exercise whose answer is a function, compared with a solution on several cases.</summary>
    /// <param name="id">Notebook, dot, number.</param>
    /// <param name="signature">The function's C# signature.</param>
    /// <param name="solution">The right function: textbook code, independent of what is taught.</param>
    /// <param name="cases">The arguments of each call. Arrays are copied for every call.</param>
    /// <param name="mistakes">Usual wrong functions. One is recognised when the learner's gives what it gives, in every case.</param>
    /// <param name="parts">Names of a tuple's parts, with their axes: "dInputs[time, feature]". Null when the answer is one thing.</param>
    /// <param name="tolerance">The largest absolute difference of numbers that passes.</param>
    public static Exercise OfFunction<TFunction>(
        string id, string signature, TFunction solution, object?[][] cases, IReadOnlyList<Mistake<TFunction>> mistakes, string[]? parts = null, double tolerance = 1e-6)
        where TFunction : Delegate =>
        new FunctionExercise<TFunction>(id, signature, solution, cases, mistakes, parts ?? [], tolerance);

    /// <summary>An exercise whose answer is a value.</summary>
    /// <param name="id">Notebook, dot, number.</param>
    /// <param name="signature">Its type and name: "int mine".</param>
    /// <param name="solution">The right value.</param>
    /// <param name="mistakes">Usual wrong values.</param>
    /// <param name="tolerance">The largest absolute difference of numbers that passes.</param>
    public static Exercise OfValue(string id, string signature, object solution, IReadOnlyList<Mistake<object>> mistakes, double tolerance = 1e-6) =>
        new ValueExercise(id, signature, solution, mistakes, tolerance);

    /// <summary>An exercise whose answer is a function with many right results, held to its properties: sampling, shuffling and the like.</summary>
    /// <param name="id">Notebook, dot, number.</param>
    /// <param name="signature">The function's C# signature.</param>
    /// <param name="solution">A right function.</param>
    /// <param name="judge">Null for a right function, else what is wrong with it.</param>
    /// <param name="mistakes">Usual wrong functions, each with what <paramref name="judge"/> says of it.</param>
    public static Exercise OfProperty<TFunction>(
        string id, string signature, TFunction solution, Func<TFunction, string?> judge, IReadOnlyList<Mistake<TFunction>> mistakes)
        where TFunction : Delegate =>
        new PropertyExercise<TFunction>(id, signature, solution, judge, mistakes);

    private protected ExerciseResult Unsolved() => new(Id, ExerciseState.Unsolved, $"Write `{Signature}` above, then run the cell again.");

    private protected ExerciseResult Wrong(string text) => new(Id, ExerciseState.Wrong, text);

    private protected ExerciseResult Solved(string text) => new(Id, ExerciseState.Solved, text);

    /// <summary>The learner's function as the exercise's type, or a result that says why it is none.</summary>
    private protected (TFunction? Function, ExerciseResult? Refused) Bind<TFunction>(object? answer)
        where TFunction : Delegate
    {
        if (answer is null)
            return (null, Unsolved());
        if (answer is not Delegate given)
            return (null, Wrong($"It takes a function, `{Signature}`, but got a value of type {TypeName.Of(answer.GetType())}. Give the function's name, without parentheses."));
        var function = given as TFunction ?? (TFunction?)Delegate.CreateDelegate(typeof(TFunction), given.Target, given.Method, throwOnBindFailure: false);
        return function is not null
            ? (function, null)
            : (null, Wrong($"The function must be `{Signature}`, but is `{TypeName.OfFunction(given)}`. Declare it with these types."));
    }
}
