namespace CourseKit.Backends;

/// <summary>The classes that cross-entropy compares rows of logits with. The caller has checked every class of a row whose weight is not 0.</summary>
public readonly ref struct ClassTargets
{
    /// <summary>[rows], each in 0..classes-1; not read where the weight is 0.</summary>
    public required ReadOnlySpan<int> Classes { get; init; }

    /// <summary>[rows], what each row's loss and its gradient are multiplied by; 0 leaves the row out, whatever it holds.</summary>
    public required ReadOnlySpan<double> Weights { get; init; }

    /// <summary>[classes], w: what each class weighs; null for 1.</summary>
    public Storage? ClassWeights { get; init; }

    /// <summary>ε, how much of the target is spread evenly over all classes, in [0, 1]. Default: 0.</summary>
    public double Smoothing { get; init; }
}
