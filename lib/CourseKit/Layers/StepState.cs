using CourseKit.Tensors;

namespace CourseKit.Layers;

/// <summary>What a cell carries from one time step to the next.</summary>
/// <param name="Hidden">h, [batch, hiddenSize]: also what the step gives out.</param>
/// <param name="Cell">c, [batch, hiddenSize], for a cell that has one; else null.</param>
public readonly record struct StepState(Tensor Hidden, Tensor? Cell = null)
{
    /// <summary>The state of a cell that carries h alone.</summary>
    /// <param name="hidden">h, [batch, hiddenSize].</param>
    public static implicit operator StepState(Tensor hidden) => new(hidden);
}
