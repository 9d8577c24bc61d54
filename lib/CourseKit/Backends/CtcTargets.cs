namespace CourseKit.Backends;

/// <summary>What connectionist temporal classification aligns with the logits of a batch. The caller has checked every length and label.</summary>
public readonly ref struct CtcTargets
{
    /// <summary>[B, L], each row's labels first; what follows them is not read. No label is the blank.</summary>
    public required ReadOnlySpan<int> Labels { get; init; }

    /// <summary>L, the labels of a row that has the most.</summary>
    public required int MaxLength { get; init; }

    /// <summary>[B], how many labels each row has, 0..L.</summary>
    public required ReadOnlySpan<int> TargetLengths { get; init; }

    /// <summary>[B], how many time steps each row has, 0..T.</summary>
    public required ReadOnlySpan<int> InputLengths { get; init; }

    /// <summary>[B], what each row's loss and its gradient are multiplied by.</summary>
    public required ReadOnlySpan<double> Weights { get; init; }

    /// <summary>The class that stands for no label.</summary>
    public required int Blank { get; init; }

    /// <summary>Whether an infinite loss counts as 0, with a gradient of 0.</summary>
    public required bool ZeroInfinity { get; init; }
}
