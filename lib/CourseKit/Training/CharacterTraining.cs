namespace CourseKit.Training;

/// <summary>What a <see cref="CharacterModel"/> is made of and how it is trained.</summary>
public sealed record CharacterTraining
{
    /// <summary>The recurrent cell. Default: LSTM.</summary>
    public CellKind Cell { get; init; } = CellKind.Lstm;

    /// <summary>Neurons a layer, at least 1. Default: 256.</summary>
    public int Hidden { get; init; } = 256;

    /// <summary>Numbers a character's vector, at least 1. Null: as many as <see cref="Hidden"/>.</summary>
    public int? Embedding { get; init; }

    /// <summary>Recurrent layers, at least 1. Default: 1.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>Updates, at least 1. Default: 2000.</summary>
    public int Steps { get; init; } = 2000;

    /// <summary>Columns of text that are read side by side, at least 1. Default: 32.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Characters through which gradients flow back, at least 1. Default: 50.</summary>
    public int Window { get; init; } = 50;

    /// <summary>Fixes the starting parameters, and with them the whole result. Default: 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Adam's learning rate, above 0. Default: 0.002.</summary>
    public double LearningRate { get; init; } = 2e-3;

    /// <summary>The greatest common length of all gradients, above 0; null for no clipping. Default: 5.</summary>
    public double? Clip { get; init; } = 5;

    /// <summary>The part of the text, from its end, that is held out for validation: 0 for none, below 1. Default: 0.1.</summary>
    public double ValidationFraction { get; init; } = 0.1;

    /// <summary>Validate after every so many steps, at least 1, and at the end. Null: at the end only.</summary>
    public int? ValidateEvery { get; init; }

    /// <summary>Where the progress line goes; null for nowhere. Default: the console.</summary>
    public TextWriter? Progress { get; init; } = Console.Out;

    /// <summary>Called after every step.</summary>
    public Action<TrainingStep>? OnStep { get; init; }

    /// <summary>Stops the training between two steps, as <see cref="Interrupt"/> does too.</summary>
    public CancellationToken CancellationToken { get; init; }
}
