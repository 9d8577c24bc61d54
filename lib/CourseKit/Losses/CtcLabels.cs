namespace CourseKit.Losses;

/// <summary>Labels that a decoder read, and how likely they are.</summary>
/// <param name="Labels">Without blanks and merged repeats; may be empty.</param>
/// <param name="LogProbability">Nats, at most 0 but for rounding: of the one path for best path, of all the paths that the beam kept for beam search.</param>
public sealed record CtcLabels(IReadOnlyList<int> Labels, double LogProbability);
