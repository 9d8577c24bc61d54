using CourseKit.Data;
using CourseKit.Losses;
using CourseKit.Optimizers;
using CourseKit.Tensors;

namespace CourseKit.Training;

/// <summary>How <see cref="Model.Fit"/> trains.</summary>
public sealed record FitOptions
{
    /// <summary>Turns gradients into updates. Default: Adam with learning rate 0.001.</summary>
    public Optimizer Optimizer { get; init; } = new Adam(1e-3);

    /// <summary>How many updates, at least 1; the data is gone through again as often as that takes. Null: as <see cref="Epochs"/> says.</summary>
    public int? Steps { get; init; }

    /// <summary>How often the data is gone through, at least 1. Null: once, or as <see cref="Steps"/> says.</summary>
    public int? Epochs { get; init; }

    /// <summary>The greatest common length of all gradients, above 0; longer ones are scaled down. Null: no clipping. Default: null.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>Data that is not trained on, for <see cref="History.Validation"/>. Default: null.</summary>
    public IEnumerable<Batch>? Validation { get; init; }

    /// <summary>Validate after every so many steps, at least 1, and at the end. Null: at the end only.</summary>
    public int? ValidateEvery { get; init; }

    /// <summary>The loss of a batch from the model's output, as a tensor of one number. Default: cross-entropy for classes, mean squared error for values.</summary>
    public Func<Tensor, Batch, Tensor> LossFunction { get; init; } = DefaultLoss;

    /// <summary>Where the progress line goes: in place at a terminal, else a line now and then. Null: nowhere. Default: the console.</summary>
    public TextWriter? Progress { get; init; } = Console.Out;

    /// <summary>Called after every step, on the thread that trains.</summary>
    public Action<TrainingStep>? OnStep { get; init; }

    /// <summary>Stops the training between two steps, as <see cref="Interrupt"/> does too.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>What the progress line counts a second, when inputs are ids.</summary>
    internal string Symbols { get; init; } = "symbols";

    /// <summary>Cross-entropy for a batch with classes, mean squared error for one with values.</summary>
    /// <param name="output">What the model gave: logits [..., classes], or predictions in the shape of the values.</param>
    /// <param name="batch">The truth.</param>
    /// <returns>The mean over all targets.</returns>
    public static Tensor DefaultLoss(Tensor output, Batch batch) => batch.Classes is { } classes
        ? Loss.CrossEntropy(output, classes, Batch.IgnoredClass)
        : Loss.MeanSquaredError(output, batch.Values!);

    /// <summary>The batches of a whole training, epoch after epoch.</summary>
    internal IEnumerable<Batch> Plan(IEnumerable<Batch> data)
    {
        if (Steps is not null && Epochs is not null)
            throw new ArgumentException("FitOptions: give Steps or Epochs, not both.");
        RequirePositive(Steps, nameof(Steps));
        RequirePositive(Epochs, nameof(Epochs));
        RequirePositive(ValidateEvery, nameof(ValidateEvery));
        return Steps is { } steps ? Repeat(data, int.MaxValue).Take(steps) : Repeat(data, Epochs ?? 1);
    }

    /// <summary>How many steps <see cref="Plan"/> gives; null when the data does not know its length.</summary>
    internal long? PlannedSteps(IEnumerable<Batch> data) =>
        Steps ?? (Batches(data) is { } batches ? (long)batches * (Epochs ?? 1) : (long?)null);

    private static int? Batches(IEnumerable<Batch> data) => data switch
    {
        TokenStream stream => stream.Count,
        IReadOnlyCollection<Batch> collection => collection.Count,
        _ => null,
    };

    private static IEnumerable<Batch> Repeat(IEnumerable<Batch> data, int epochs)
    {
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            var any = false;
            foreach (var batch in data)
            {
                any = true;
                yield return batch;
            }
            if (!any)
                throw new DataException($"Fit: epoch {epoch + 1} has no batch. Give data with at least one; a sequence that can be gone through only once does for one epoch.");
        }
    }

    private static void RequirePositive(int? value, string name)
    {
        if (value < 1)
            throw new ArgumentException($"FitOptions: {name} must be at least 1, but is {value}.");
    }
}
