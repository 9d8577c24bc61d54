namespace CourseKit.Data;

/// <summary>Which end of a sequence is meant.</summary>
public enum PadSide
{
    /// <summary>The end: padding comes after the sequence, or its last symbols are cut off. Keras' "post".</summary>
    Back,

    /// <summary>The beginning: padding comes before the sequence, or its first symbols are cut off. Keras' "pre".</summary>
    Front,
}
