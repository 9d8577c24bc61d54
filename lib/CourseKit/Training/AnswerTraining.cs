using System.Globalization;
using CourseKit.Tasks;

namespace CourseKit.Training;

/// <summary>What an <see cref="AnswerModel"/> is made of and how it is trained.</summary>
/// <remarks>
/// The paper's network: 2 layers of 400 LSTM cells, stochastic gradient descent with rate 0.5 and clipping at 5, batches of 100, states carried over from one example to the next. Ours
/// has the same form, is smaller by default, trains by Adam, and reads every example from a state of zeros. Zaremba and Sutskever, Learning to Execute, 2014.
/// </remarks>
public sealed record AnswerTraining
{
    /// <summary>How hard the examples are; it goes up as the training goes on, so that every training needs one of its own. Default: length 1, nesting 1, from beginning to end.</summary>
    public Curriculum Curriculum { get; init; } = new BaselineCurriculum(new Difficulty(1));

    /// <summary>LSTM cells a layer, at least 1. Default: 128.</summary>
    public int Hidden { get; init; } = 128;

    /// <summary>LSTM layers, at least 1. Default: 1.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>Examples an update, at least 1. Default: 50.</summary>
    public int BatchSize { get; init; } = 50;

    /// <summary>Updates, at least 1. Null: until <see cref="Minutes"/> are over, or the curriculum is.</summary>
    public int? Steps { get; init; }

    /// <summary>How long the training goes on at most, above 0; what passed while it was stopped is not counted. Null: without end. Default: null.</summary>
    public double? Minutes { get; init; }

    /// <summary>Fixes the starting parameters and the examples. Default: 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Adam's learning rate, above 0. Default: 0.003.</summary>
    public double LearningRate { get; init; } = 3e-3;

    /// <summary>The greatest common length of all gradients, above 0; null for no clipping. Default: 5.</summary>
    public double? Clip { get; init; } = 5;

    /// <summary>Steps between two validations, at least 1. Default: 200.</summary>
    public int ValidateEvery { get; init; } = 200;

    /// <summary>Examples of a validation, at least 1. Default: 300.</summary>
    public int ValidationExamples { get; init; } = 300;

    /// <summary>A file of comma-separated values for the validations: step, seconds, length, nesting, accuracy there, accuracy, exact answers and loss at the target, rate factor. Null: none.</summary>
    public string? LevelsFile { get; init; }

    /// <summary>What is told how the training goes. A checkpoint refuses to go on with another task or option, but for more steps or minutes. Default: none.</summary>
    public IReadOnlyList<ICallback> Callbacks { get; init; } = [];

    /// <summary>Where the progress line goes; null for nowhere. Default: the console.</summary>
    public TextWriter? Progress { get; init; } = Console.Out;

    /// <summary>Called after every step.</summary>
    public Action<TrainingStep>? OnStep { get; init; }

    /// <summary>Called after every validation.</summary>
    public Action<LevelPoint>? OnLevel { get; init; }

    /// <summary>Stops the training between two steps, as <see cref="Interrupt"/> does too.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>What a checkpoint keeps, so that it is gone on from with no other.</summary>
    internal Dictionary<string, string> Settings(TextTask task) => new()
    {
        ["task"] = task.ToString()!,
        ["strategy"] = Curriculum.Name,
        ["target"] = Curriculum.Target.ToString(),
        ["hidden"] = Invariant(Hidden),
        ["layers"] = Invariant(Layers),
        ["batch"] = Invariant(BatchSize),
        ["seed"] = Invariant(Seed),
        ["rate"] = Invariant(LearningRate),
        ["clip"] = Clip is { } clip ? Invariant(clip) : "none",
        ["validate-every"] = Invariant(ValidateEvery),
        ["validation-examples"] = Invariant(ValidationExamples),
    };

    internal void Check()
    {
        Require(ValidateEvery >= 1, nameof(ValidateEvery), "at least 1", ValidateEvery);
        Require(ValidationExamples >= 1, nameof(ValidationExamples), "at least 1", ValidationExamples);
        Require(BatchSize >= 1, nameof(BatchSize), "at least 1", BatchSize);
        Require(Minutes is null or > 0 and < double.PositiveInfinity, nameof(Minutes), "above 0 and finite", Minutes ?? 0);
    }

    private static string Invariant(IConvertible number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Require(bool holds, string name, string range, double value)
    {
        if (!holds)
            throw new ArgumentException(FormattableString.Invariant($"AnswerTraining: {name} must be {range}, but is {value}."));
    }
}
