namespace CourseKit.Training;

/// <summary>The loss on data that the model does not train on.</summary>
/// <param name="Step">After how many steps.</param>
/// <param name="Loss">The mean over all targets; nats for cross-entropy.</param>
public readonly record struct ValidationPoint(int Step, double Loss);
