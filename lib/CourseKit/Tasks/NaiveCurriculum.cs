using CourseKit.Tensors;

namespace CourseKit.Tasks;

/// <summary>From easy to hard: length 1 and nesting 1, then greater lengths up to the target's, then nesting 2 with length 1 again, and so on.</summary>
/// <param name="target">How hard the task is in the end.</param>
public sealed class NaiveCurriculum(Difficulty target) : Curriculum(target, new Difficulty(1, 1, target.IsMixed))
{
    /// <inheritdoc/>
    public override Difficulty Draw(RandomSource random) => Level;

    /// <inheritdoc/>
    protected override Difficulty Next(Difficulty level) => Harder(level, Target);

    internal static Difficulty Harder(Difficulty level, Difficulty target) => level.Length < target.Length
        ? level with { Length = level.Length + 1 }
        : level with { Length = 1, Nesting = level.Nesting + 1 };
}
