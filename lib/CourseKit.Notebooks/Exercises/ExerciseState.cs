namespace CourseKit.Notebooks;

/// <summary>How far an exercise is.</summary>
public enum ExerciseState
{
    /// <summary>The answer still stands as it was handed out.</summary>
    Unsolved,

    /// <summary>There is an answer, and it is not right.</summary>
    Wrong,

    /// <summary>The answer is right.</summary>
    Solved,
}
