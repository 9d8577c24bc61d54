using CourseKit.Tensors;

namespace CourseKit.Training;

/// <summary>A trained character model and how its training went.</summary>
/// <param name="Model">The model, as the last step left it.</param>
/// <param name="History">Every step's loss, and the validation losses.</param>
[TypeFormatterSource]
public sealed record CharacterResult(CharacterModel Model, History History)
{
    /// <summary>The mean validation loss after the last step, nats a character; null when nothing was held out.</summary>
    public double? ValidationNats => History.Validation is [.., var last] ? last.Loss : null;

    /// <summary>The same in bits: nats/ln 2.</summary>
    public double? ValidationBits => ValidationNats / Math.Log(2);

    /// <summary>"validation: 1.605 nats, 2.316 bits per character".</summary>
    public override string ToString() => ValidationNats is null
        ? "validation: none, nothing was held out"
        : FormattableString.Invariant($"validation: {ValidationNats:0.000} nats, {ValidationBits:0.000} bits per character");
}
