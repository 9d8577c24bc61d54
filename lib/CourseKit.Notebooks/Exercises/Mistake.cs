namespace CourseKit.Notebooks;

/// <summary>A wrong answer that learners give, as something that can be run.</summary>
/// <param name="Hint">What is wrong with it and why, in one or two sentences that do not give the answer away.</param>
/// <param name="Answer">The wrong answer.</param>
internal sealed record Mistake<T>(string Hint, T Answer);
