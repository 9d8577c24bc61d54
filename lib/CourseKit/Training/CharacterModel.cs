using System.Text;
using CourseKit.Autograd;
using CourseKit.Data;
using CourseKit.Interchange;
using CourseKit.Layers;
using CourseKit.Optimizers;
using CourseKit.Tensors;

namespace CourseKit.Training;

/// <summary>Reads text character by character and foretells the next one: embedding, recurrent layers, decoder. Trained on any text, it writes more of its kind.</summary>
/// <remarks>Graves, Generating Sequences With Recurrent Neural Networks, 2013.</remarks>
[TypeFormatterSource]
public sealed class CharacterModel
{
    private readonly RecurrentLayer recurrent;

    private CharacterModel(Vocabulary vocabulary, CellKind cell, int embedding, int hidden, int layers, int seed)
    {
        (Vocabulary, Cell) = (vocabulary, cell);
        recurrent = cell switch
        {
            CellKind.Rnn => new SimpleRnn(embedding, hidden, layers),
            CellKind.Lstm => new Lstm(embedding, hidden, layers),
            CellKind.Gru => new Gru(embedding, hidden, layers),
            _ => throw new ArgumentOutOfRangeException(nameof(cell), $"CharacterModel: cell must be Rnn, Lstm or Gru, but got {cell}."),
        };
        recurrent.Name = "rnn";
        Model = new Model(seed, new Embedding(vocabulary.Count, embedding), recurrent, new Linear(hidden, vocabulary.Count) { Name = "decoder" });
    }

    /// <summary>The characters that it knows.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>The recurrent cell.</summary>
    public CellKind Cell { get; }

    /// <summary>Neurons a layer.</summary>
    public int Hidden => recurrent.HiddenSize;

    /// <summary>Numbers a character's vector.</summary>
    public int Embedding => recurrent.InputSize;

    /// <summary>Recurrent layers.</summary>
    public int Layers => recurrent.Layers;

    /// <summary>The layers: embedding, rnn, decoder. Takes ids [batch, time], gives logits [batch, time, Vocabulary.Count].</summary>
    public Model Model { get; }

    /// <summary>An untrained model.</summary>
    /// <param name="vocabulary">The characters.</param>
    /// <param name="options">Cell, sizes and seed; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public static CharacterModel Create(Vocabulary vocabulary, CharacterTraining? options = null)
    {
        options ??= new();
        return new(vocabulary, options.Cell, options.Embedding ?? options.Hidden, options.Hidden, options.Layers, options.Seed);
    }

    /// <summary>Makes a model for a text and trains it on that text, less the end that is held out for validation.</summary>
    /// <param name="text">At least two different characters, and longer than BatchSize·(Window + 1).</param>
    /// <param name="options">What and how; null for the defaults.</param>
    /// <returns>The model and its history; its ToString gives the validation loss.</returns>
    /// <exception cref="DataException">The text is empty, has one character only, or is too short.</exception>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    /// <exception cref="CheckpointException">A <see cref="Checkpoint"/> among the callbacks cannot be read or written, or belongs to another training.</exception>
    /// <exception cref="InvalidOperationException">The loss is no longer a finite number.</exception>
    /// <exception cref="OperationCanceledException">The token or <see cref="Interrupt"/> asked to stop.</exception>
    public static CharacterResult Train(string text, CharacterTraining? options = null)
    {
        options ??= new();
        var fraction = options.ValidationFraction;
        if (!(fraction >= 0 && fraction < 1))
            throw new ArgumentOutOfRangeException(nameof(options), FormattableString.Invariant($"CharacterTraining: ValidationFraction must be at least 0 and below 1, but is {fraction}."));

        var model = Create(Vocabulary.OfCharacters(text), options);
        var ids = model.Vocabulary.Encode(text).AsSpan();
        var trained = (int)(ids.Length * (1 - fraction));
        var history = model.Model.Fit(new TokenStream(ids[..trained], options.BatchSize, options.Window), new FitOptions
        {
            Optimizer = new Adam(options.LearningRate),
            Steps = options.Steps,
            ClipNorm = options.Clip,
            Schedule = options.Schedule,
            Callbacks = options.Callbacks,
            Settings = options.Settings(text),
            Validation = fraction == 0 ? null : HeldOut(ids[trained..], options.BatchSize, options.Window),
            ValidateEvery = options.ValidateEvery,
            Progress = options.Progress,
            OnStep = options.OnStep,
            CancellationToken = options.CancellationToken,
            Symbols = "characters",
        });
        return new(model, history);
    }

    /// <summary>The mean loss on a text, read from its start with the state carried along.</summary>
    /// <param name="text">At least two characters, all in the vocabulary.</param>
    /// <returns>Nats a character.</returns>
    /// <exception cref="DataException">A character is unknown, or the text has fewer than two.</exception>
    public double Evaluate(string text) => Model.Evaluate(HeldOut(Vocabulary.Encode(text), batchSize: 1, window: 1000));

    /// <summary>The hidden state of every neuron of the last recurrent layer after every character of a text.</summary>
    /// <param name="text">At least one character, all in the vocabulary.</param>
    /// <returns>[characters, hidden].</returns>
    /// <exception cref="DataException">A character is unknown, or the text is empty.</exception>
    public Tensor States(string text)
    {
        var ids = Vocabulary.Encode(text);
        if (ids.Length == 0)
            throw new DataException("CharacterModel.States: the text is empty. Give at least one character.");
        var embedding = (Embedding)Model.Layers[0];
        return Tape.Inference(() => Ops.Reshape(recurrent.Forward(embedding.Forward(IntTensor.From(ids, 1, ids.Length))).Output, new Shape(ids.Length, Hidden)).Detach());
    }

    /// <summary>Writes on from a prompt.</summary>
    /// <param name="prompt">What the text begins with, not repeated in the result; all in the vocabulary. Empty: the model starts as after a line's end.</param>
    /// <param name="length">Characters to write, at least 0.</param>
    /// <param name="temperature">1 writes as the model believes, below 1 more safely, above 1 more wildly, 0 always the likeliest. Default: 1.</param>
    /// <param name="seed">The same seed gives the same text. Default: 1.</param>
    /// <returns>The characters after the prompt.</returns>
    /// <exception cref="DataException">The prompt has an unknown character.</exception>
    /// <exception cref="ArgumentOutOfRangeException">length or temperature is outside its range.</exception>
    /// <exception cref="OperationCanceledException"><see cref="Interrupt"/> was requested.</exception>
    public string Sample(string prompt, int length, double temperature = 1, long seed = 1)
    {
        if (length < 0)
            throw new ArgumentOutOfRangeException(nameof(length), $"CharacterModel.Sample: length must be at least 0, but got {length}.");
        var text = new StringBuilder(length);
        foreach (var character in Write(prompt, temperature, seed).Take(length))
            text.Append(character);
        return text.ToString();
    }

    /// <summary>Writes on from a prompt without end, one character at a time: take as many as you like.</summary>
    /// <inheritdoc cref="Sample" path="/param[@name='prompt' or @name='temperature' or @name='seed']"/>
    /// <exception cref="DataException">The prompt has an unknown character.</exception>
    /// <exception cref="ArgumentOutOfRangeException">temperature is outside its range.</exception>
    /// <exception cref="OperationCanceledException"><see cref="Interrupt"/> was requested.</exception>
    public IEnumerable<string> Write(string prompt, double temperature = 1, long seed = 1)
    {
        var ids = Vocabulary.Encode(prompt);
        return Characters(ids.Length > 0 ? ids : [Math.Max(0, Vocabulary.IndexOf("\n"))], temperature, new RandomSource(seed));
    }

    /// <summary>Writes the model to a safetensors file, whole or not at all. The metadata holds the vocabulary and the sizes.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <exception cref="SafetensorsException">The file cannot be written.</exception>
    public void Save(string path) => CharacterFile.Save(this, path);

    /// <summary>Reads a model that <see cref="Save"/> wrote. Everything in the file is checked, and nothing in it is run.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SafetensorsException">The file is missing, damaged, or holds something else.</exception>
    public static CharacterModel Load(string path) => CharacterFile.Load(path);

    /// <summary>What it is made of: "CharacterModel(lstm, hidden: 256, layers: 1, vocabulary: 65)".</summary>
    public override string ToString() => $"CharacterModel({CharacterFile.NameOf(Cell)}, hidden: {Hidden}, layers: {Layers}, vocabulary: {Vocabulary.Count})";

    /// <summary>A model of known sizes whose parameters are about to be overwritten.</summary>
    internal static CharacterModel OfSizes(Vocabulary vocabulary, CellKind cell, int embedding, int hidden, int layers) =>
        new(vocabulary, cell, embedding, hidden, layers, seed: 0);

    // As many columns as training has, fewer when the text is short: every character but the first of a column is a target.
    private static TokenStream HeldOut(ReadOnlySpan<int> ids, int batchSize, int window)
    {
        if (ids.Length < 2)
            throw new DataException($"CharacterModel: at least 2 characters are needed to measure the loss, but there are {ids.Length}. Give a longer text, or hold out a larger part of it.");
        window = Math.Min(window, ids.Length - 1);
        return new(ids, Math.Max(1, Math.Min(batchSize, ids.Length / (window + 1))), window);
    }

    private IEnumerable<string> Characters(int[] read, double temperature, RandomSource random)
    {
        ModelState? state = null;
        var logits = new float[Vocabulary.Count];
        while (true)
        {
            Interrupt.Token.ThrowIfCancellationRequested();
            state = Tape.Inference(() =>
            {
                var (output, after) = Model.Forward(IntTensor.From(read, 1, read.Length), state);
                Ops.SelectStep(output, read.Length - 1).CopyTo(logits);
                return after.Detach();
            });
            var id = Sampler.Draw(logits, temperature, random);
            yield return Vocabulary[id];
            read = [id];
        }
    }
}
