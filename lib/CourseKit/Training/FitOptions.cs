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

    /// <summary>The greatest size of a single number of the gradients, above 0; those beyond are held to it. Null: no clipping. Not together with <see cref="ClipNorm"/>. Default: null.</summary>
    public double? ClipValue { get; init; }

    /// <summary>How the learning rate goes; null leaves it as it is. Default: null.</summary>
    public Schedule? Schedule { get; init; }

    /// <summary>What is told how the training goes, in this order. Default: none.</summary>
    public IReadOnlyList<ICallback> Callbacks { get; init; } = [];

    /// <summary>
    /// Through how many batches gradients flow back, where each continues the one before; at least 1. With a window of k1 time steps, k1 is also the number of time steps
    /// between two updates, and gradients flow through k2 = k1·BackpropagationWindows. Default: 1, k2 = k1. Williams and Peng, 1990.
    /// </summary>
    public int BackpropagationWindows { get; init; } = 1;

    /// <summary>
    /// What data, loss and callbacks draw from: the shuffling, scheduled sampling. A checkpoint keeps their states, beside those of the model's layers. Data may draw when an
    /// epoch begins and with every batch, from a source of its own. Default: none.
    /// </summary>
    public IReadOnlyList<RandomSource> RandomSources { get; init; } = [];

    /// <summary>What else decides the result, by name: a checkpoint keeps it, and a training with other values does not go on from there. Default: none.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Data that is not trained on, for <see cref="History.Validation"/>. Default: null.</summary>
    public IEnumerable<Batch>? Validation { get; init; }

    /// <summary>Validate after every so many steps, at least 1, and at the end. Null: at the end only.</summary>
    public int? ValidateEvery { get; init; }

    /// <summary>The loss of a batch from the model's output, as a tensor of one number. Default: <see cref="DefaultLoss"/>.</summary>
    public Func<Tensor, Batch, Tensor> LossFunction { get; init; } = DefaultLoss;

    /// <summary>Where the progress line goes: in place at a terminal, else a line now and then. Null: nowhere. Default: the console.</summary>
    public TextWriter? Progress { get; init; } = Console.Out;

    /// <summary>Called after every step, on the thread that trains.</summary>
    public Action<TrainingStep>? OnStep { get; init; }

    /// <summary>Stops the training between two steps, or a validation between two batches, as <see cref="Interrupt"/> does too.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>What the progress line counts a second, when inputs are ids.</summary>
    internal string Symbols { get; init; } = "symbols";

    /// <summary>Cross-entropy for a batch with classes, binary cross-entropy where one logit decides between two of them, mean squared error for a batch with values.</summary>
    /// <param name="output">What the model gave: logits [..., classes] or, for classes 0 and 1, [..., 1]; or predictions in the shape of the values.</param>
    /// <param name="batch">The truth.</param>
    /// <returns>The mean over all targets.</returns>
    public static Tensor DefaultLoss(Tensor output, Batch batch) => (batch.Classes, output.Shape) switch
    {
        ({ } classes, { Rank: > 0, Last: 1 }) => Loss.BinaryCrossEntropyWithLogits(output, classes, Batch.IgnoredClass),
        ({ } classes, _) => Loss.CrossEntropy(output, classes, Batch.IgnoredClass),
        _ => Loss.MeanSquaredError(output, batch.Values!, batch.ValueMask),
    };

    /// <summary>Clips gradients as <see cref="ClipNorm"/> or <see cref="ClipValue"/> say.</summary>
    /// <param name="parameters">Whose gradients.</param>
    /// <returns>The common length of all gradients before.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The limit is not above 0.</exception>
    public double Clip(IReadOnlyList<Parameter> parameters) => (ClipNorm, ClipValue) switch
    {
        ({ } norm, _) => Gradients.ClipByGlobalNorm(parameters, norm),
        (_, { } value) => Gradients.ClipByValue(parameters, value),
        _ => Gradients.GlobalNorm(parameters),
    };

    /// <summary>Holds the options to their ranges.</summary>
    internal void Check()
    {
        if (Steps is not null && Epochs is not null)
            throw new ArgumentException("FitOptions: give Steps or Epochs, not both.");
        if (ClipNorm is not null && ClipValue is not null)
            throw new ArgumentException("FitOptions: give ClipNorm or ClipValue, not both.");
        RequirePositive(Steps, nameof(Steps));
        RequirePositive(Epochs, nameof(Epochs));
        RequirePositive(ValidateEvery, nameof(ValidateEvery));
        RequirePositive(BackpropagationWindows, nameof(BackpropagationWindows));
    }

    /// <summary>How many steps a training has; null when the data does not know its length.</summary>
    internal long? PlannedSteps(IEnumerable<Batch> data) =>
        Steps ?? (Batches(data) is { } batches ? (long)batches * (Epochs ?? 1) : (long?)null);

    private static int? Batches(IEnumerable<Batch> data) => data switch
    {
        TokenStream stream => stream.Count,
        IReadOnlyCollection<Batch> collection => collection.Count,
        _ => null,
    };

    private static void RequirePositive(int? value, string name)
    {
        if (value < 1)
            throw new ArgumentException($"FitOptions: {name} must be at least 1, but is {value}.");
    }
}
