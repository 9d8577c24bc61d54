namespace CourseKit.Tensors;

/// <summary>Stands for the memory of one step: every tensor that an operation made inside the step holds it, and so learns when the memory has gone.</summary>
internal sealed class StepMemory
{
    /// <summary>Whether the step has ended and its memory is back in the pool.</summary>
    public bool Released { get; set; }
}
