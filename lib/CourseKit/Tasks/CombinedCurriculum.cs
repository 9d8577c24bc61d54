using CourseKit.Tensors;

namespace CourseKit.Tasks;

/// <summary>From easy to hard as <see cref="NaiveCurriculum"/> goes, but one example in five, drawn evenly, is as <see cref="MixCurriculum"/> has it.</summary>
/// <param name="target">How hard the task is in the end.</param>
public sealed class CombinedCurriculum(Difficulty target) : Curriculum(target, new Difficulty(1, 1, target.IsMixed))
{
    /// <inheritdoc/>
    public override Difficulty Draw(RandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return random.NextInt(5) == 0 ? Target with { IsMixed = true } : Level;
    }

    /// <inheritdoc/>
    protected override Difficulty Next(Difficulty level) => NaiveCurriculum.Harder(level, Target);
}
