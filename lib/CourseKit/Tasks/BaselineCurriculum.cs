using CourseKit.Tensors;

namespace CourseKit.Tasks;

/// <summary>No curriculum: every example is as hard as the target.</summary>
/// <param name="target">How hard the task is.</param>
public sealed class BaselineCurriculum(Difficulty target) : Curriculum(target)
{
    /// <inheritdoc/>
    public override Difficulty Draw(RandomSource random) => Target;
}
