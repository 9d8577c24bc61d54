namespace CourseKit.Training;

/// <summary>One training step as it was: what the loss was before its update.</summary>
/// <param name="Step">1 for the first.</param>
/// <param name="Loss">The mean loss of the step's batch; nats for cross-entropy.</param>
/// <param name="GradientNorm">The common length of all gradients, before clipping.</param>
/// <param name="Seconds">Since the training began; what passed while it was stopped is not counted.</param>
/// <param name="LearningRate">The optimizer's rate, times the schedule's factor.</param>
public readonly record struct TrainingStep(int Step, double Loss, double GradientNorm, double Seconds, double LearningRate);
