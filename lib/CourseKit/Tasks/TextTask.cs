using CourseKit.Data;
using CourseKit.Tensors;

namespace CourseKit.Tasks;

/// <summary>
/// A task on text: a text is read character by character, and an answer is written character by character that ends in a dot. Its examples are drawn, and belong to one of three parts
/// by their text, so that what measures a result was never trained on.
/// </summary>
public abstract class TextTask
{
    /// <summary>The character between what is read and what is written: the model reads it when it is to begin its answer.</summary>
    public const char Ask = '@';

    private const int MostTries = 100_000;

    private readonly Lazy<Vocabulary> vocabulary;

    private protected TextTask(string characters) => vocabulary = new(() => Vocabulary.OfCharacters(characters + Ask + TextExample.End));

    /// <summary>All characters of inputs and targets, and <see cref="Ask"/>.</summary>
    public Vocabulary Vocabulary => vocabulary.Value;

    /// <summary>Draws an example of any part.</summary>
    /// <param name="difficulty">How hard.</param>
    /// <param name="random">Where it is drawn from.</param>
    /// <exception cref="ArgumentOutOfRangeException">The difficulty is outside the task's range.</exception>
    public TextExample Draw(Difficulty difficulty, RandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Check(difficulty);
        return Make(difficulty, random);
    }

    /// <summary>Draws examples until one belongs to a part.</summary>
    /// <param name="difficulty">How hard.</param>
    /// <param name="random">Where it is drawn from.</param>
    /// <param name="part">The part.</param>
    /// <exception cref="ArgumentOutOfRangeException">The difficulty is outside the task's range.</exception>
    /// <exception cref="DataException">So easy a task has no example in this part.</exception>
    public TextExample Draw(Difficulty difficulty, RandomSource random, TextPart part)
    {
        ArgumentNullException.ThrowIfNull(random);
        Check(difficulty);
        for (var tries = 0; tries < MostTries; tries++)
        {
            var example = Make(difficulty, random);
            if (TextExample.PartOf(Plain(example)) == part)
                return example;
        }
        throw new DataException($"{GetType().Name}: none of {MostTries} examples of {difficulty} belongs to the part {part}. Choose a greater length.");
    }

    /// <summary>Draws examples of one part; the same one may come again where there are few.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="difficulty">How hard.</param>
    /// <param name="seed">The same seed gives the same examples.</param>
    /// <param name="part">The part. Default: Train.</param>
    /// <exception cref="ArgumentOutOfRangeException">count is below 1, or the difficulty is outside the task's range.</exception>
    public IReadOnlyList<TextExample> Examples(int count, Difficulty difficulty, long seed, TextPart part = TextPart.Train)
    {
        RequirePositive(count, nameof(count), nameof(Examples));
        var random = new RandomSource(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Draw(difficulty, random, part))];
    }

    /// <summary>Batches of new examples. Whoever enumerates them again gets the same ones.</summary>
    /// <param name="batchSize">Examples a batch, at least 1.</param>
    /// <param name="difficulty">How hard.</param>
    /// <param name="seed">The same seed gives the same batches.</param>
    /// <param name="count">How many batches, at least 1; null for no end, so that <c>FitOptions.Steps</c> says when to stop. Default: null.</param>
    /// <param name="part">The part of the data. Default: Train.</param>
    /// <returns>Each as <see cref="ToBatch"/> says.</returns>
    /// <exception cref="ArgumentOutOfRangeException">batchSize or count is below 1, or the difficulty is outside the task's range.</exception>
    public IEnumerable<Batch> Batches(int batchSize, Difficulty difficulty, long seed, int? count = null, TextPart part = TextPart.Train)
    {
        RequirePositive(batchSize, nameof(batchSize), nameof(Batches));
        RequirePositive(count ?? 1, nameof(count), nameof(Batches));
        Check(difficulty);
        return Drawn();

        IEnumerable<Batch> Drawn()
        {
            var random = new RandomSource(seed);
            for (var batch = 0; batch != count; batch++)
                yield return ToBatch([.. Enumerable.Range(0, batchSize).Select(_ => Draw(difficulty, random, part))]);
        }
    }

    /// <summary>
    /// Examples as one batch for a model that foretells the next character: it reads the input, <see cref="Ask"/>, and then the target, of which it must have foretold each character.
    /// </summary>
    /// <param name="examples">At least one.</param>
    /// <returns>
    /// Ids [batch, time]: input, Ask, target without its dot. Classes [batch, time]: the target from Ask on; −100 while the input is read and at padding, so that the loss counts the
    /// answer only. Padding is at the back, and the mask passes over it.
    /// </returns>
    /// <exception cref="DataException">There is no example, a target is empty, or a character is not in the vocabulary.</exception>
    public Batch ToBatch(IReadOnlyList<TextExample> examples)
    {
        ArgumentNullException.ThrowIfNull(examples);
        var (ids, classes) = (new int[examples.Count][], new int[examples.Count][]);
        for (var row = 0; row < examples.Count; row++)
        {
            var (input, target) = examples[row];
            if (target.Length == 0)
                throw new DataException($"{GetType().Name}.ToBatch: every target must have at least the dot that ends it, but example {row} has none.");
            ids[row] = Vocabulary.Encode(input + Ask + target[..^1]);
            classes[row] = [.. Enumerable.Repeat(Batch.IgnoredClass, ids[row].Length - target.Length), .. Vocabulary.Encode(target)];
        }
        return new Sequences(ids, (IReadOnlyList<int[]>)classes).All();
    }

    /// <summary>Inputs as one batch to be answered: padding is at the front, so that all end at the same time step.</summary>
    /// <param name="inputs">At least one.</param>
    /// <returns>Ids [batch, time]: input and <see cref="Ask"/>; and the mask [batch, time], which passes over the padding.</returns>
    /// <exception cref="DataException">There is no input, or a character is not in the vocabulary.</exception>
    public (IntTensor Ids, Tensor Mask) ToQuestions(IReadOnlyList<string> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Count == 0)
            throw new DataException($"{GetType().Name}.ToQuestions: there must be at least one input, but there is none.");
        return Padding.Ids([.. inputs.Select(input => Vocabulary.Encode(input + Ask))], new PadOptions { Padding = PadSide.Front });
    }

    /// <summary>Refuses what is outside the task's range.</summary>
    private protected abstract void Check(Difficulty difficulty);

    private protected abstract TextExample Make(Difficulty difficulty, RandomSource random);

    /// <summary>The text that decides about an example's part.</summary>
    private protected virtual string Plain(TextExample example) => example.Input;

    private protected void RequireIn(int value, int least, int most, string name)
    {
        if (value < least || value > most)
            throw new ArgumentOutOfRangeException(null, $"{GetType().Name}: {name} must be from {least} to {most}, but got {value}.");
    }

    private void RequirePositive(int value, string name, string method)
    {
        if (value < 1)
            throw new ArgumentOutOfRangeException(name, $"{GetType().Name}.{method}: {name} must be at least 1, but got {value}.");
    }
}
