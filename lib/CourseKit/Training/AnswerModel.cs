using System.Text;
using CourseKit.Autograd;
using CourseKit.Data;
using CourseKit.Layers;
using CourseKit.Optimizers;
using CourseKit.Tasks;
using CourseKit.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace CourseKit.Training;

/// <summary>
/// Reads a text character by character and then writes an answer, as a model that foretells the next character: embedding, LSTM layers, decoder. For <see cref="ProgramTask"/> it learns to
/// execute programs.
/// </summary>
/// <remarks>Zaremba and Sutskever, Learning to Execute, 2014.</remarks>
public sealed class AnswerModel
{
    private const int RowsAtOnce = 100;

    private AnswerModel(TextTask task, AnswerTraining options)
    {
        (Task, Hidden, Layers) = (task, options.Hidden, options.Layers);
        Model = new Model(options.Seed, new Embedding(task.Vocabulary.Count, Math.Min(options.Hidden, task.Vocabulary.Count)),
            new Lstm(Math.Min(options.Hidden, task.Vocabulary.Count), options.Hidden, options.Layers), new Linear(options.Hidden, task.Vocabulary.Count) { Name = "decoder" });
    }

    /// <summary>What it answers.</summary>
    public TextTask Task { get; }

    /// <summary>LSTM cells a layer.</summary>
    public int Hidden { get; }

    /// <summary>LSTM layers.</summary>
    public int Layers { get; }

    /// <summary>The layers: embedding, lstm, decoder. Takes ids [batch, time], gives logits [batch, time, characters].</summary>
    public Model Model { get; }

    /// <summary>An untrained model.</summary>
    /// <param name="task">What it shall answer.</param>
    /// <param name="options">Sizes and seed; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public static AnswerModel Create(TextTask task, AnswerTraining? options = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        return new(task, options ?? new());
    }

    /// <summary>Makes a model and trains it on new examples, as hard as the curriculum says. Examples for validation are of the part that is not trained on.</summary>
    /// <param name="task">What it shall answer.</param>
    /// <param name="options">What and how; null for the defaults, which train until the learning rate has fallen to a thousandth.</param>
    /// <returns>The model, its history and its validations.</returns>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    /// <exception cref="DataException">So easy a task has no example in a part.</exception>
    /// <exception cref="CheckpointException">A <see cref="Checkpoint"/> among the callbacks cannot be read or written, or belongs to another training.</exception>
    /// <exception cref="InvalidOperationException">The loss is no longer a finite number.</exception>
    /// <exception cref="IOException">The file of levels cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The token or <see cref="Interrupt"/> asked to stop.</exception>
    public static AnswerResult Train(TextTask task, AnswerTraining? options = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        options ??= new();
        options.Check();
        var (model, curriculum) = (new AnswerModel(task, options), options.Curriculum);
        var steering = new CurriculumSteering(model, options);
        // A stream of its own, so that the examples have nothing to do with the starting parameters.
        var random = new RandomSource(options.Seed + (1L << 32));
        var history = model.Model.Fit(Epoch(), new FitOptions
        {
            Optimizer = new Adam(options.LearningRate),
            Steps = options.Steps,
            Epochs = options.Steps is null ? int.MaxValue : null,
            ClipNorm = options.Clip,
            Schedule = new Schedule((_, _) => curriculum.RateFactor),
            Callbacks = [steering, .. options.Callbacks],
            RandomSources = [random],
            Settings = options.Settings(task),
            Validation = Batches(task, steering.Target),
            ValidateEvery = options.ValidateEvery,
            Progress = options.Progress,
            OnStep = options.OnStep,
            CancellationToken = options.CancellationToken,
            Symbols = "characters",
        });
        return new(model, history, steering.Levels);

        // An epoch ends with a validation, so that little must be passed over when a training goes on.
        IEnumerable<Batch> Epoch()
        {
            for (var batch = 0; batch < options.ValidateEvery; batch++)
                yield return task.ToBatch([.. Enumerable.Range(0, options.BatchSize).Select(_ => task.Draw(curriculum.Draw(random), random, TextPart.Train))]);
        }
    }

    /// <summary>The share of target characters that the model holds for the likeliest, each with the true ones before it given: the paper's accuracy.</summary>
    /// <param name="examples">At least one.</param>
    /// <returns>From 0 to 1; every character counts alike, the dot too.</returns>
    /// <exception cref="DataException">There is no example, or a character is unknown.</exception>
    public double Accuracy(IReadOnlyList<TextExample> examples)
    {
        ArgumentNullException.ThrowIfNull(examples);
        return Model.Accuracy(Batches(Task, examples));
    }

    /// <summary>The share of whole answers that are right when the model writes them on its own, reading its own characters.</summary>
    /// <param name="examples">At least one.</param>
    /// <returns>From 0 to 1. One wrong character makes a wrong answer, so that it is mostly far below <see cref="Accuracy"/>.</returns>
    /// <exception cref="DataException">There is no example, or a character is unknown.</exception>
    public double ExactShare(IReadOnlyList<TextExample> examples)
    {
        ArgumentNullException.ThrowIfNull(examples);
        if (examples.Count == 0)
            throw new DataException("AnswerModel.ExactShare: there must be at least one example, but there is none.");
        var answers = Answer([.. examples.Select(example => example.Input)], examples.Max(example => example.Target.Length));
        return answers.Zip(examples, (answer, example) => answer == example.Target).Count(right => right) / (double)examples.Count;
    }

    /// <summary>Answers inputs, always with the likeliest character.</summary>
    /// <param name="inputs">What to answer; all characters in the task's vocabulary. None gives no answer.</param>
    /// <param name="maxLength">Characters of an answer at most, at least 1. Default: 40.</param>
    /// <returns>One answer an input, the dot that ends it with it; without a dot when it became too long.</returns>
    /// <exception cref="DataException">A character is unknown.</exception>
    /// <exception cref="ArgumentOutOfRangeException">maxLength is below 1.</exception>
    /// <exception cref="OperationCanceledException"><see cref="Interrupt"/> was requested.</exception>
    public IReadOnlyList<string> Answer(IReadOnlyList<string> inputs, int maxLength = 40)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        if (maxLength < 1)
            throw new ArgumentOutOfRangeException(nameof(maxLength), $"AnswerModel.Answer: maxLength must be at least 1, but got {maxLength}.");
        return [.. inputs.Chunk(RowsAtOnce).SelectMany(some => AnswerTogether(some, maxLength))];
    }

    /// <summary>Answers one input, always with the likeliest character.</summary>
    /// <param name="input">What to answer; all characters in the task's vocabulary.</param>
    /// <param name="maxLength">Characters of the answer at most, at least 1. Default: 40.</param>
    /// <exception cref="DataException">A character is unknown.</exception>
    /// <exception cref="ArgumentOutOfRangeException">maxLength is below 1.</exception>
    public string Answer(string input, int maxLength = 40) => Answer([input], maxLength)[0];

    /// <summary>Overwrites the parameters with those that <c>Model.Save</c> wrote of a model of the same task and sizes.</summary>
    /// <param name="path">The safetensors file.</param>
    /// <exception cref="Interchange.SafetensorsException">The file is missing or damaged, or does not hold these parameters.</exception>
    public void Load(string path) => Model.Load(path);

    /// <summary>"AnswerModel(ProgramTask, hidden: 128, layers: 1)".</summary>
    public override string ToString() => FormattableString.Invariant($"AnswerModel({Task}, hidden: {Hidden}, layers: {Layers})");

    /// <summary>Examples in batches, as they come.</summary>
    internal static IEnumerable<Batch> Batches(TextTask task, IReadOnlyList<TextExample> examples) => [.. examples.Chunk(RowsAtOnce).Select(task.ToBatch)];

    private string[] AnswerTogether(string[] inputs, int maxLength)
    {
        var (ids, mask) = Task.ToQuestions(inputs);
        var answers = Array.ConvertAll(inputs, _ => new StringBuilder());
        var (live, state, read) = (inputs.Length, (ModelState?)null, ids);
        for (var length = 0; length < maxLength && live > 0; length++)
        {
            Interrupt.Token.ThrowIfCancellationRequested();
            var (question, from) = (read, state);
            (var next, state) = Tape.Inference(() =>
            {
                var (output, after) = Model.Forward(question, from, from is null ? mask : null);
                var logits = Ops.SelectStep(output, question.Shape[1] - 1).ToArray();
                return (logits.Chunk(Task.Vocabulary.Count).Select(row => TensorPrimitives.IndexOfMax(row)).ToArray(), after.Detach());
            });
            for (var row = 0; row < inputs.Length; row++)
            {
                if (answers[row] is { Length: > 0 } ended && ended[^1] == TextExample.End)
                    continue;
                answers[row].Append(Task.Vocabulary[next[row]]);
                if (answers[row][^1] == TextExample.End)
                    live--;
            }
            read = IntTensor.From(next, next.Length, 1);
        }
        return Array.ConvertAll(answers, answer => answer.ToString());
    }
}
