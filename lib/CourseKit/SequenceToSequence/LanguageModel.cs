using CourseKit.Autograd;
using CourseKit.Data;
using CourseKit.Layers;
using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.SequenceToSequence;

/// <summary>A model of text, ids in and logits of the next token out, as something to write with: <c>new LanguageModel(characters).Decode("The ", 20).Beam(3)</c>.</summary>
public sealed class LanguageModel : IStepModel<ModelState?>
{
    private readonly Model model;

    /// <summary>Wraps a model.</summary>
    /// <param name="model">Takes ids [batch, time] and gives logits [batch, time, vocabularySize].</param>
    /// <exception cref="ArgumentException">The model takes no ids, or its last layer does not give one number a token.</exception>
    public LanguageModel(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.Layers is not [Embedding embedding, .., Linear decoder] || embedding.VocabularySize != decoder.OutputSize)
            throw new ArgumentException($"LanguageModel: the model must begin with an Embedding and end with a Linear of as many numbers as the vocabulary has, but is {string.Join(", ", model.Layers)}.", nameof(model));
        (this.model, VocabularySize) = (model, decoder.OutputSize);
    }

    /// <summary>Wraps a character model, with its vocabulary for prompts.</summary>
    /// <param name="model">The character model.</param>
    public LanguageModel(CharacterModel model)
        : this((model ?? throw new ArgumentNullException(nameof(model))).Model) => Vocabulary = model.Vocabulary;

    /// <inheritdoc/>
    public int VocabularySize { get; }

    /// <summary>The characters of a character model; null for a plain model.</summary>
    public Vocabulary? Vocabulary { get; }

    /// <summary>Reads a prompt and makes ready to write on from it.</summary>
    /// <param name="prompt">At least one character, all in the vocabulary.</param>
    /// <param name="maxLength">Tokens to write at most, at least 1.</param>
    /// <param name="end">The token that ends writing, such as the line's end; null for none.</param>
    /// <param name="count">How many times side by side, at least 1: so many rows to sample. Default: 1.</param>
    /// <exception cref="DataException">The prompt is empty, or has an unknown character.</exception>
    /// <exception cref="InvalidOperationException">The model has no vocabulary.</exception>
    /// <exception cref="ArgumentOutOfRangeException">maxLength, end or count is outside its range.</exception>
    public Decoding<ModelState?> Decode(string prompt, int maxLength, int? end = null, int count = 1) => Decode(
        (Vocabulary ?? throw new InvalidOperationException("LanguageModel: a plain model has no vocabulary. Give the prompt's ids.")).Encode(prompt), maxLength, end, count);

    /// <summary>Reads a prompt and makes ready to write on from it.</summary>
    /// <param name="prompt">The ids of the prompt, at least one.</param>
    /// <param name="maxLength">Tokens to write at most, at least 1.</param>
    /// <param name="end">The token that ends writing; null for none.</param>
    /// <param name="count">How many times side by side, at least 1: so many rows to sample. Default: 1.</param>
    /// <exception cref="DataException">The prompt is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An id is outside the vocabulary, or maxLength, end or count is outside its range.</exception>
    public Decoding<ModelState?> Decode(int[] prompt, int maxLength, int? end = null, int count = 1)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        if (prompt.Length == 0)
            throw new DataException("LanguageModel: the prompt must have at least one token, but is empty. Begin with a line's end or a start symbol.");
        if (count < 1)
            throw new ArgumentOutOfRangeException(nameof(count), $"LanguageModel: count must be at least 1, but got {count}.");
        ModelState? state = null;
        if (prompt.Length > 1)
            state = Select(Tape.Inference(() => model.Forward(IntTensor.From(prompt.AsSpan(..^1), 1, prompt.Length - 1)).State.Detach()), new int[count]);
        return new(this, state, [.. Enumerable.Repeat(prompt[^1], count)], end, maxLength);
    }

    /// <summary>The text of a hypothesis.</summary>
    /// <param name="hypothesis">What this model wrote.</param>
    /// <exception cref="InvalidOperationException">The model has no vocabulary.</exception>
    public string Text(Hypothesis hypothesis)
    {
        ArgumentNullException.ThrowIfNull(hypothesis);
        return (Vocabulary ?? throw new InvalidOperationException("LanguageModel: a plain model has no vocabulary. Show the hypothesis' tokens.")).Decode([.. hypothesis.Tokens]);
    }

    /// <inheritdoc/>
    public (Tensor LogProbabilities, ModelState? State) Step(int[] tokens, ModelState? state)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        return Tape.Inference(() =>
        {
            var (logits, after) = model.Forward(IntTensor.From(tokens, tokens.Length, 1), state);
            return (StateRows.LogSoftmax(logits), (ModelState?)after.Detach());
        });
    }

    /// <inheritdoc/>
    public ModelState? Select(ModelState? state, int[] rows) =>
        state is null ? null : new ModelState([.. state.Layers.Select(layer => layer is null ? null : StateRows.Select(layer, rows))]);
}
