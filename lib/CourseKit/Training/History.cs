using CourseKit.Tensors;

namespace CourseKit.Training;

/// <summary>How a training went: every step's loss, and the validation losses.</summary>
[TypeFormatterSource]
public sealed class History
{
    private readonly List<TrainingStep> steps = [];
    private readonly List<ValidationPoint> validation = [];

    /// <summary>Every step, in order.</summary>
    public IReadOnlyList<TrainingStep> Steps => steps;

    /// <summary>The validation losses, in order; empty when there was no validation data.</summary>
    public IReadOnlyList<ValidationPoint> Validation => validation;

    /// <summary>The lowest validation loss that is a number, the first of equals; null when there is none.</summary>
    public ValidationPoint? Best => validation.Where(point => !double.IsNaN(point.Loss)).Cast<ValidationPoint?>().MinBy(point => point!.Value.Loss);

    /// <summary>How long the training took, validation included.</summary>
    public double Seconds { get; internal set; }

    /// <summary>The mean training loss of the last steps: less noisy than one step's.</summary>
    /// <param name="count">Over how many steps at most, at least 1. Default: 100.</param>
    /// <returns>NaN before the first step.</returns>
    public double RecentLoss(int count = 100) => steps.Count == 0 ? double.NaN : steps.Skip(Math.Max(0, steps.Count - count)).Average(step => step.Loss);

    /// <summary>"2000 steps in 84.2 s: loss 4.174 to 1.402, validation 1.598".</summary>
    public override string ToString()
    {
        if (steps.Count == 0)
            return "no steps";
        var text = FormattableString.Invariant($"{steps.Count} steps in {Seconds:0.0} s: loss {steps[0].Loss:0.000} to {RecentLoss():0.000}");
        return validation.Count == 0 ? text : FormattableString.Invariant($"{text}, validation {validation[^1].Loss:0.000}");
    }

    internal void Add(TrainingStep step) => steps.Add(step);

    internal void Add(ValidationPoint point) => validation.Add(point);

    /// <summary>Takes the history of a checkpoint in place of its own.</summary>
    internal void Restore(IEnumerable<TrainingStep> pastSteps, IEnumerable<ValidationPoint> pastValidation)
    {
        steps.Clear();
        validation.Clear();
        steps.AddRange(pastSteps);
        validation.AddRange(pastValidation);
    }
}
