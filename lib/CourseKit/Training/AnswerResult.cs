namespace CourseKit.Training;

/// <summary>A trained answer model and how its training went.</summary>
/// <param name="Model">The model, as the last step left it.</param>
/// <param name="History">Every step's loss, and the validation losses at the target.</param>
/// <param name="Levels">The validations: how far the curriculum was, and how good the model.</param>
public sealed record AnswerResult(AnswerModel Model, History History, IReadOnlyList<LevelPoint> Levels)
{
    /// <summary>"at the target: accuracy 0.912 per character, 0.640 of the answers exact".</summary>
    public override string ToString() => Levels is [.., var last]
        ? FormattableString.Invariant($"at the target: accuracy {last.TargetAccuracy:0.000} per character, {last.TargetExact:0.000} of the answers exact")
        : "at the target: not measured, no step was taken";
}
