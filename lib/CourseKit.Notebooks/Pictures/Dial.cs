namespace CourseKit.Notebooks;

/// <summary>What one slider of a drawing chooses from.</summary>
/// <param name="Label">What it changes.</param>
/// <param name="Values">Its places in order, as they stand beside it.</param>
/// <param name="Start">Which of them is seen first.</param>
internal sealed record Dial(string Label, string[] Values, int Start = 0);
