namespace CourseKit.Autograd;

/// <summary>What becomes of the losses of a batch of sequences that differ in length.</summary>
public enum SequenceReduction
{
    /// <summary>The mean over all time steps taken: a long sequence counts for more than a short one.</summary>
    MeanOfSteps,

    /// <summary>The mean over each sequence's time steps, then the mean over the sequences: all count alike.</summary>
    MeanOfSequences,

    /// <summary>The sum over each sequence's time steps, then the mean over the sequences: minus the mean log-likelihood of a sequence.</summary>
    SumOfSteps,

    /// <summary>One number a sequence, the mean over its time steps.</summary>
    EachSequence,
}
