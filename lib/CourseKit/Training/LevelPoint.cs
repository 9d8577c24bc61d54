using CourseKit.Tasks;

namespace CourseKit.Training;

/// <summary>A validation of a training with a curriculum.</summary>
/// <param name="Step">Steps taken.</param>
/// <param name="Seconds">How long they took.</param>
/// <param name="Level">How hard the curriculum's level was.</param>
/// <param name="Accuracy">The share of characters foretold at that level, with the true ones before given.</param>
/// <param name="TargetAccuracy">The same at the target.</param>
/// <param name="TargetExact">The share of whole answers that are right at the target, running free.</param>
/// <param name="TargetLoss">Nats a character at the target.</param>
/// <param name="RateFactor">What the learning rate was multiplied with.</param>
public sealed record LevelPoint(int Step, double Seconds, Difficulty Level, double Accuracy, double TargetAccuracy, double TargetExact, double TargetLoss, double RateFactor);
