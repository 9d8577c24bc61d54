using CourseKit.Autograd;
using CourseKit.Backends;
using CourseKit.Data;
using CourseKit.Interchange;
using CourseKit.Layers;
using CourseKit.Optimizers;
using CourseKit.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace CourseKit.Training;

/// <summary>Layers in a row, each taking what the one before gives; trained, evaluated and asked as one.</summary>
/// <remarks>Known elsewhere as nn.Sequential with a training loop, keras.Sequential.</remarks>
[TypeFormatterSource]
public sealed class Model
{
    private readonly Layer[] layers;

    /// <summary>Puts layers in a row and draws every parameter anew.</summary>
    /// <param name="seed">The same seed gives the same parameters.</param>
    /// <param name="layers">At least one. A name that comes again gets a number behind it: lstm, lstm2.</param>
    /// <exception cref="ArgumentException">There is no layer, or one comes twice.</exception>
    public Model(int seed, params Layer[] layers)
        : this(layers)
    {
        var random = new RandomSource(seed);
        foreach (var layer in layers)
            layer.Initialize(random);
    }

    private Model(Layer[] layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        if (layers.Length == 0)
            throw new ArgumentException("Model: give at least one layer.", nameof(layers));
        this.layers = [.. layers];
        var names = new HashSet<string>(StringComparer.Ordinal);
        var seen = new HashSet<Layer>(ReferenceEqualityComparer.Instance);
        foreach (var layer in layers)
        {
            if (!seen.Add(layer))
                throw new ArgumentException($"Model: the layer {layer.Name} comes twice. Make a new layer for every place.", nameof(layers));
            var name = layer.Name;
            for (var number = 2; !names.Add(layer.Name); number++)
                layer.Name = $"{name}{number}";
        }
        Parameters = [.. layers.SelectMany(layer => layer.Parameters.Select(parameter => parameter with { Name = $"{layer.Name}.{parameter.Name}" }))];
    }

    /// <summary>The layers, in order.</summary>
    public IReadOnlyList<Layer> Layers => layers;

    /// <summary>What training changes, each under its layer's name and its own: "lstm.weight_ih_l0".</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Every source of randomness in the layers, as dropout's, in the order of the layers: its state belongs to a training run that is to go on where it stopped.</summary>
    public IEnumerable<RandomSource> RandomSources => layers.SelectMany(layer => layer.RandomSources);

    /// <summary>Numbers that the model learns: those of all parameters whose <see cref="Tensor.RequiresGradient"/> is true.</summary>
    public long ParameterCount => Learned(Parameters);

    /// <summary>Puts layers in a row and keeps their parameters as they are.</summary>
    /// <param name="layers">At least one. A name that comes again gets a number behind it: lstm, lstm2.</param>
    /// <exception cref="ArgumentException">There is no layer, or one comes twice.</exception>
    public static Model Of(params Layer[] layers) => new(layers);

    /// <summary>Runs all layers on ids. Recorded inside Tape.Step, and not outside.</summary>
    /// <param name="ids">[batch, time]; the first layer must be an Embedding.</param>
    /// <param name="state">Where the recurrent layers start; null for zeros.</param>
    /// <param name="mask">[batch, time] of 1 and 0 for the recurrent layers, which pass over a time step at 0; null for all 1, or as the embedding's PaddingId says.</param>
    /// <returns>The last layer's output, and the states after the last time step.</returns>
    /// <exception cref="ShapeException">A layer does not take what it is given.</exception>
    /// <exception cref="ArgumentException">The state is that of a model with another number of layers.</exception>
    /// <exception cref="InvalidOperationException">The first layer takes no ids.</exception>
    public (Tensor Output, ModelState State) Forward(IntTensor ids, ModelState? state = null, Tensor? mask = null) => layers[0] is Embedding embedding
        ? Forward(embedding.Forward(ids), state, mask ?? embedding.Mask(ids), from: 1)
        : throw new InvalidOperationException($"Model: ids need an Embedding as the first layer, but it is {layers[0]}.");

    /// <summary>Runs all layers on numbers. Recorded inside Tape.Step, and not outside.</summary>
    /// <param name="x">What the first layer takes, mostly [batch, time, inputSize].</param>
    /// <param name="state">Where the recurrent layers start; null for zeros.</param>
    /// <param name="mask">[batch, time] of 1 and 0 for the recurrent layers, which pass over a time step at 0; null for all 1.</param>
    /// <returns>The last layer's output, and the states after the last time step.</returns>
    /// <exception cref="ShapeException">A layer does not take what it is given.</exception>
    /// <exception cref="ArgumentException">The state is that of a model with another number of layers.</exception>
    /// <exception cref="InvalidOperationException">A layer takes ids.</exception>
    public (Tensor Output, ModelState State) Forward(Tensor x, ModelState? state = null, Tensor? mask = null) => Forward(x, state, mask, from: 0);

    /// <summary>Runs all layers on what a batch puts in. Recorded inside Tape.Step, and not outside.</summary>
    /// <param name="batch">Ids or features; for a <see cref="PairLayer"/>, which is then the only layer, ids and what its decoder reads.</param>
    /// <param name="state">Where the recurrent layers start; null for zeros.</param>
    /// <returns>The last layer's output, and the states after the last time step.</returns>
    /// <exception cref="ShapeException">A layer does not take what it is given.</exception>
    /// <exception cref="ArgumentException">The state is that of a model with another number of layers.</exception>
    /// <exception cref="InvalidOperationException">The batch has ids and the first layer takes none, or the other way round.</exception>
    public (Tensor Output, ModelState State) Forward(Batch batch, ModelState? state = null)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (layers is [PairLayer pair])
        {
            return batch is { Ids: { } source, DecoderIds: { } target }
                ? (pair.Forward(source, target, batch.Mask).Output, new([null]))
                : throw new InvalidOperationException($"Model: {pair.Name} reads two sequences of ids, but the batch has no {(batch.Ids is null ? "Ids" : "DecoderIds")}.");
        }

        return batch.Ids is { } ids ? Forward(ids, state, batch.Mask) : Forward(batch.Features!, state, batch.Mask);
    }

    /// <summary>The output for ids, from states of zeros, as a lasting tensor.</summary>
    /// <inheritdoc cref="Forward(IntTensor, ModelState?, Tensor?)" path="/param[@name='ids' or @name='mask']"/>
    /// <inheritdoc cref="Forward(IntTensor, ModelState?, Tensor?)" path="/exception"/>
    public Tensor Predict(IntTensor ids, Tensor? mask = null) => Tape.Inference(() => Forward(ids, mask: mask).Output.Detach());

    /// <summary>The output for numbers, from states of zeros, as a lasting tensor.</summary>
    /// <inheritdoc cref="Forward(Tensor, ModelState?, Tensor?)" path="/param[@name='x' or @name='mask']"/>
    /// <inheritdoc cref="Forward(Tensor, ModelState?, Tensor?)" path="/exception"/>
    public Tensor Predict(Tensor x, Tensor? mask = null) => Tape.Inference(() => Forward(x, mask: mask).Output.Detach());

    /// <summary>The mean loss over all targets of the data. A batch that continues the one before starts from its state.</summary>
    /// <param name="data">At least one batch.</param>
    /// <param name="lossFunction">The loss of a batch; null for <see cref="FitOptions.DefaultLoss"/>.</param>
    /// <returns>Nats a target for cross-entropy.</returns>
    /// <exception cref="DataException">There is no target.</exception>
    /// <exception cref="OperationCanceledException"><see cref="Interrupt"/> was requested.</exception>
    public double Evaluate(IEnumerable<Batch> data, Func<Tensor, Batch, Tensor>? lossFunction = null)
    {
        lossFunction ??= FitOptions.DefaultLoss;
        return Mean(nameof(Evaluate), data, (output, batch) => (double)lossFunction(output, batch).Item() * batch.TargetCount);
    }

    /// <summary>How often the model is right: the share of targets whose logit is the greatest; with one logit, of those where it is above 0 for class 1 and not for class 0.</summary>
    /// <param name="data">At least one batch, with classes; the ignored ones do not count. A batch that continues the one before starts from its state.</param>
    /// <returns>From 0 to 1.</returns>
    /// <exception cref="DataException">There is no target, or targets are values.</exception>
    /// <exception cref="ShapeException">The classes do not fit the output.</exception>
    /// <exception cref="OperationCanceledException"><see cref="Interrupt"/> was requested.</exception>
    /// <remarks>Known elsewhere as SparseCategoricalAccuracy, BinaryAccuracy.</remarks>
    public double Accuracy(IEnumerable<Batch> data) => Mean(nameof(Accuracy), data, (output, batch) => RightTargets(output, batch.Classes
        ?? throw new DataException("Accuracy: the batch must have classes, but has values. Use Evaluate for values.")));

    /// <summary>Trains: for every batch forward, loss, backward, clip, update. What stands around these is a <see cref="TrainingRun"/>, for loops of your own too.</summary>
    /// <param name="data">One epoch of batches; gone through again for every epoch. A batch that continues the one before starts from its state.</param>
    /// <param name="options">How; null for one epoch with Adam.</param>
    /// <returns>Every step's loss, and the validation losses.</returns>
    /// <exception cref="ArgumentException">The options contradict one another.</exception>
    /// <exception cref="CheckpointException">A <see cref="Checkpoint"/> among the callbacks cannot be read or written, or belongs to another training.</exception>
    /// <exception cref="DataException">There is no batch.</exception>
    /// <exception cref="InvalidOperationException">The loss is no longer a finite number; the parameters are as they were before that step.</exception>
    /// <exception cref="OperationCanceledException">The token or <see cref="Interrupt"/> asked to stop; the parameters are as the last step left them.</exception>
    public History Fit(IEnumerable<Batch> data, FitOptions? options = null)
    {
        options ??= new();
        using var run = new TrainingRun(this, data, options);
        Gradients.Zero(Parameters);
        foreach (var batch in run.Batches())
        {
            var (loss, norm) = run.Step(batch, () =>
            {
                var batchLoss = options.LossFunction(run.Forward(batch), batch);
                run.RequireFinite(batchLoss.Item());

                batchLoss.Backward();
                var length = options.Clip(Parameters);
                run.RequireFinite(length);
                options.Optimizer.Step(Parameters, run.RateFactor);
                Gradients.Zero(Parameters);
                return (batchLoss.Item(), length);
            });
            run.Complete(loss, norm);
        }
        return run.History;
    }

    /// <summary>Moves every parameter to another backend, in place, where the model then runs. Inputs and states must lie there too: see <see cref="Tensor.MakeOn{T}"/>.</summary>
    /// <param name="backend">Where to.</param>
    /// <remarks>Known elsewhere as module.to(device).</remarks>
    public void To(IBackend backend)
    {
        foreach (var layer in layers)
            layer.To(backend);
    }

    /// <summary>Writes the parameters to a safetensors file, whole or not at all, under their names here, which are PyTorch's.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="nameInFile">The name that a parameter has in the file; null: its own.</param>
    /// <exception cref="ArgumentException">Two parameters have one name in the file, or one is empty.</exception>
    /// <exception cref="SafetensorsException">The file cannot be written.</exception>
    public void Save(string path, Func<string, string>? nameInFile = null) => StateDict.Save(WithTied(), path, nameInFile);

    /// <summary>Overwrites the parameters with those of a safetensors file, which must hold all of them and nothing else; otherwise they stay as they are.</summary>
    /// <param name="path">The file: one that <see cref="Save"/> wrote, or PyTorch's state_dict.</param>
    /// <param name="nameInFile">The name that a parameter has in the file, such as <c>name => name.Replace("lstm.", "rnn.")</c>; null: its own.</param>
    /// <exception cref="ArgumentException">Two parameters have one name in the file.</exception>
    /// <exception cref="SafetensorsException">The file is missing or damaged, or does not hold these parameters; the message lists names and shapes.</exception>
    public void Load(string path, Func<string, string>? nameInFile = null) => StateDict.Load(WithTied(), path, nameInFile);

    /// <summary>Writes the model as an ONNX file, which runs without this library: <see cref="Onnx.Export"/>.</summary>
    /// <inheritdoc cref="Onnx.Export" path="/param[@name='path' or @name='initialStates' or @name='softmax']"/>
    /// <exception cref="ArgumentException">A layer cannot be written in ONNX; the message names it.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void ExportOnnx(string path, bool initialStates = false, bool softmax = false) => Onnx.Export(layers, path, initialStates, softmax);

    /// <summary>The layers, the shapes they give, and how many numbers they learn.</summary>
    public ModelSummary Summary()
    {
        var shape = layers[0].SmallestInput;
        return new([.. layers.Select(layer =>
        {
            shape = shape is { } input ? layer.OutputShape(input) : (Shape?)null;
            var form = shape switch
            {
                { Rank: > 2 } known => $"[batch, {(known[1] == 1 ? "time" : known[1])}, {string.Join(", ", known.Sizes[2..].ToArray())}]",
                { } known => $"[batch, {known.Last}]",
                _ => "as its input",
            };
            return new LayerSummary(layer.Name, layer.ToString(), form, Learned(layer.Parameters));
        })]);
    }

    /// <summary>The layers' names and the number of parameters: "Model of embedding, lstm, linear: 561,729 parameters".</summary>
    public override string ToString() => FormattableString.Invariant($"Model of {string.Join(", ", layers.Select(layer => layer.Name))}: {ParameterCount:N0} parameters");

    private static long Learned(IReadOnlyList<Parameter> parameters) => parameters.Where(parameter => parameter.Tensor.RequiresGradient).Sum(parameter => (long)parameter.Tensor.Length);

    // The mean over all targets of what a batch's targets sum to.
    private double Mean(string who, IEnumerable<Batch> data, Func<Tensor, Batch, double> sumOf)
    {
        var (sum, targets, state) = (0.0, 0L, (ModelState?)null);
        foreach (var batch in data)
        {
            Interrupt.Token.ThrowIfCancellationRequested();
            (var added, state) = Tape.Inference(() =>
            {
                var (output, after) = Forward(batch, batch.Continues ? state : null);
                return (batch.TargetCount == 0 ? 0 : sumOf(output, batch), after.Detach());
            });
            sum += added;
            targets += batch.TargetCount;
        }
        return targets > 0 ? sum / targets : throw new DataException($"{who}: the data has no target. Give at least one batch with a target.");
    }

    private static double RightTargets(Tensor output, IntTensor classes)
    {
        if (classes.Shape != output.Shape.WithoutLast())
            throw new ShapeException($"Accuracy: classes must be {output.Shape.WithoutLast()}, but got {classes.Shape}. They take the shape of logits, {output.Shape}, without its last dimension.");
        var (logits, size, right) = (output.ToArray(), output.Shape.Last, 0);
        for (var i = 0; i < classes.Length; i++)
        {
            var row = logits.AsSpan(i * size, size);
            var found = size == 1 ? (row[0] > 0 ? 1 : 0) : TensorPrimitives.IndexOfMax(row);
            if (found == classes.Values[i] && !float.IsNaN(row[Math.Min(found, size - 1)]))
                right++;
        }
        return right;
    }

    // As in PyTorch's state_dict, a weight that two layers share stands under both names.
    private IReadOnlyList<Parameter> WithTied() =>
        [.. Parameters, .. layers.OfType<Linear>().Where(linear => linear.Tied is not null).Select(linear => new Parameter($"{linear.Name}.weight", linear.Weight))];

    private (Tensor Output, ModelState State) Forward(Tensor x, ModelState? state, Tensor? mask, int from)
    {
        if (state is not null && state.Layers.Count != layers.Length)
        {
            throw new ArgumentException(
                $"Model of {string.Join(", ", layers.Select(layer => layer.Name))}: state must have {layers.Length} entries, one a layer and null where it carries none, but got {state.Layers.Count}. "
                + "Give the state that Forward of this model returned.", nameof(state));
        }

        var states = new RecurrentState?[layers.Length];
        for (var i = from; i < layers.Length; i++)
        {
            switch (layers[i])
            {
                case SequenceLayer sequence:
                    (x, states[i]) = sequence.Forward(x, state?.Layers[i], mask);
                    break;
                case FeedForwardLayer feedForward:
                    x = feedForward.Forward(x);
                    break;
                default:
                    throw new InvalidOperationException($"Model: {layers[i]} takes ids, so it can only be the first layer and the input must be ids.");
            }
        }
        return (x, new(states));
    }
}
