using CourseKit.Tensors;

namespace CourseKit.Tasks;

/// <summary>Easy and hard at once: every number draws a length up to the target's, every program a nesting.</summary>
/// <param name="target">How hard the task is at most.</param>
public sealed class MixCurriculum(Difficulty target) : Curriculum(target)
{
    /// <inheritdoc/>
    public override Difficulty Draw(RandomSource random) => Target with { IsMixed = true };
}
