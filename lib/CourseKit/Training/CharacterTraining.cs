using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

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

    /// <summary>How the learning rate goes; null leaves it as it is. Default: null.</summary>
    public Schedule? Schedule { get; init; }

    /// <summary>
    /// What is told how the training goes: <see cref="Checkpoint"/>, <see cref="EarlyStopping"/>, <see cref="BestModel"/>, <see cref="CsvLog"/>. A checkpoint refuses to go on
    /// with another text or another option, but for more <see cref="Steps"/>. Default: none.
    /// </summary>
    public IReadOnlyList<ICallback> Callbacks { get; init; } = [];

    /// <summary>Where the progress line goes; null for nowhere. Default: the console.</summary>
    public TextWriter? Progress { get; init; } = Console.Out;

    /// <summary>Called after every step.</summary>
    public Action<TrainingStep>? OnStep { get; init; }

    /// <summary>Stops the training between two steps, as <see cref="Interrupt"/> does too.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>What a checkpoint keeps of a text and of these options, so that it is gone on from with no others.</summary>
    internal Dictionary<string, string> Settings(string text) => new()
    {
        ["text"] = $"SHA-256 {Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan())))}",
        ["cell"] = CharacterFile.NameOf(Cell),
        ["hidden"] = Invariant(Hidden),
        ["embedding"] = Invariant(Embedding ?? Hidden),
        ["layers"] = Invariant(Layers),
        ["batch"] = Invariant(BatchSize),
        ["window"] = Invariant(Window),
        ["seed"] = Invariant(Seed),
        ["rate"] = Invariant(LearningRate),
        ["clip"] = Clip is { } clip ? Invariant(clip) : "none",
        ["schedule"] = Schedule?.ToString() ?? "none",
        ["validation"] = Invariant(ValidationFraction),
        ["validate-every"] = ValidateEvery is { } every ? Invariant(every) : "none",
    };

    private static string Invariant(IConvertible number) => number.ToString(CultureInfo.InvariantCulture);
}
