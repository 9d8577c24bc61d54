namespace CourseKit.SequenceToSequence;

/// <summary>What BLEU does where no n-gram of a length matches, which would make the whole score 0. Chen and Cherry, A Systematic Comparison of Smoothing Techniques for Sentence-Level BLEU, 2014.</summary>
public enum BleuSmoothing
{
    /// <summary>Nothing: the score is 0. For a whole corpus.</summary>
    None,

    /// <summary>Chen and Cherry's method 1: no match counts as 0.1 of one.</summary>
    Epsilon,

    /// <summary>Chen and Cherry's method 2: one more match of one more n-gram, but for single words. Lin and Och, 2004.</summary>
    AddOne,
}
