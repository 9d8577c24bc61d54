namespace CourseKit.Tasks;

/// <summary>To which part of the data an example belongs. The example's own text decides, so that it belongs to the same part whenever it is drawn.</summary>
public enum TextPart
{
    /// <summary>What is trained on.</summary>
    Train,

    /// <summary>What decides about the training: the next level, the learning rate, when to stop.</summary>
    Validation,

    /// <summary>What measures the result.</summary>
    Test,
}
