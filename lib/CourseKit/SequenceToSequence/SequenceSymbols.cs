namespace CourseKit.SequenceToSequence;

/// <summary>The ids that stand for no word. Source and target use the same ones.</summary>
/// <param name="Padding">Fills short rows of a batch up; it never enters a state or a loss. Default: 0.</param>
/// <param name="Start">What the decoder reads first. Default: 1.</param>
/// <param name="End">What the decoder writes last. Default: 2.</param>
public sealed record SequenceSymbols(int Padding = 0, int Start = 1, int End = 2);
