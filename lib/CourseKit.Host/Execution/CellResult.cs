using CourseKit.Host.Notebooks;

namespace CourseKit.Host.Execution;

/// <summary>How the execution of one cell ended. Its outputs were published while it ran.</summary>
/// <param name="Error">What ended it early, already published as an output; null when it ran to its end.</param>
/// <param name="Line">The line in the cell, from 1, where the error happened; null when that is not known.</param>
/// <param name="Interrupted">True when it ended because it was interrupted.</param>
/// <param name="Value">The value of its last expression, already published as an output; null when it has none.</param>
internal sealed record CellResult(ErrorOutput? Error, int? Line, bool Interrupted, DisplayOutput? Value = null);
