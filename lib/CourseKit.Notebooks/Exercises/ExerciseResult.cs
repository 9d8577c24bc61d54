namespace CourseKit.Notebooks;

/// <summary>What <see cref="Check.Exercise(string, Delegate)"/> found; shows itself in colour when it is a cell's last value.</summary>
[TypeFormatterSource(typeof(DisplayFormatterSource))]
public sealed class ExerciseResult
{
    internal ExerciseResult(string id, ExerciseState state, string text) => (Id, State, Text) = (id, state, text);

    /// <summary>The exercise, such as "05.2": notebook, dot, number.</summary>
    public string Id { get; }

    /// <summary>Unsolved, wrong or solved.</summary>
    public ExerciseState State { get; }

    /// <summary>What to do, what is wrong and where, or what agreed.</summary>
    public string Text { get; }

    /// <summary>The result in words.</summary>
    /// <returns>Such as "Exercise 01.2 is right."</returns>
    public override string ToString() => State switch
    {
        ExerciseState.Solved => $"Exercise {Id} is right. {Text}",
        ExerciseState.Wrong => $"Exercise {Id} is not right yet. {Text}",
        _ => $"Exercise {Id} is not solved yet. {Text}",
    };
}
