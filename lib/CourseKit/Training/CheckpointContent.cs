using System.Globalization;
using CourseKit.Interchange;
using CourseKit.Layers;
using CourseKit.Tensors;

namespace CourseKit.Training;

/// <summary>What of a training stands in a checkpoint, under which names; and a training put back to where a checkpoint was taken.</summary>
/// <remarks>
/// Tensors: model.* and optimizer.* by parameter; start.L.hidden.i, start.L.cell.i (and last.*) carried by layer L; callback.KindN.* by callback; history.steps
/// [steps, 8] and history.validation [validations, 4], float64 numbers that lie bit by bit as two float32 each.
/// Texts: epoch, position, seconds, learning_rate, optimizer, random.epoch, random.now, setting.*.
/// </remarks>
internal static class CheckpointContent
{
    private const string Format = "coursekit-checkpoint", Version = "1";

    public static (IEnumerable<KeyValuePair<string, Tensor>> Tensors, Dictionary<string, string> Texts) Of(TrainingRun run)
    {
        var (options, history) = (run.Options, run.History);
        var tensors = new List<KeyValuePair<string, Tensor>>();
        Add("model.", run.Model.Parameters.Select(parameter => KeyValuePair.Create(parameter.Name, parameter.Tensor)));
        Add("optimizer.", options.Optimizer.SaveState(run.Model.Parameters));
        Add("start.", Tensors(run.Carried.Start));
        Add("last.", Tensors(run.Carried.Last));
        foreach (var (name, callback) in Named(options.Callbacks))
            Add($"callback.{name}.", callback.State);
        Add("history.", [
            KeyValuePair.Create("steps", Float64Bits.Of(history.Steps.SelectMany(step => new[] { step.Loss, step.GradientNorm, step.Seconds, step.LearningRate }), 4)),
            KeyValuePair.Create("validation", Float64Bits.Of(history.Validation.SelectMany(point => new[] { point.Step, point.Loss }), 2))]);

        var texts = new Dictionary<string, string>
        {
            ["format"] = Format,
            ["version"] = Version,
            ["epoch"] = run.Epoch.ToString(CultureInfo.InvariantCulture),
            ["position"] = run.Position.ToString(CultureInfo.InvariantCulture),
            ["seconds"] = run.Seconds.ToString(CultureInfo.InvariantCulture),
            ["learning_rate"] = options.Optimizer.LearningRate.ToString(CultureInfo.InvariantCulture),
            ["optimizer"] = options.Optimizer.GetType().Name,
            ["random.epoch"] = Text(run.EpochStart),
            ["random.now"] = Text(run.States()),
        };
        foreach (var (name, value) in options.Settings)
            texts.Add($"setting.{name}", value);
        return (tensors, texts);

        void Add(string prefix, IEnumerable<KeyValuePair<string, Tensor>> named) => tensors.AddRange(named.Select(pair => KeyValuePair.Create(prefix + pair.Key, pair.Value)));
    }

    /// <summary>Puts a training back. Everything is checked before anything is changed.</summary>
    public static void Restore(TrainingRun run, SafetensorsFile file, string path)
    {
        var read = new CheckpointReader(file, path);
        var (options, parameters) = (run.Options, run.Model.Parameters);
        read.RequireSame("format", Format);
        read.RequireSame("version", Version);
        read.RequireSame("optimizer", options.Optimizer.GetType().Name);
        read.RequireSettings(options.Settings);
        var model = read.Tensors("model.");
        read.RequireSameShapes(model, parameters);
        var (epochStart, now) = (read.States("random.epoch", run.Sources.Count), read.States("random.now", run.Sources.Count));
        var (epoch, position, seconds, rate) = (read.Whole("epoch"), read.Whole("position"), read.Number("seconds"), read.Number("learning_rate"));
        var steps = read.Doubles("history.steps", 4).Select((step, index) => new TrainingStep(index + 1, step[0], step[1], step[2], step[3])).ToList();
        var validation = read.Doubles("history.validation", 2).Select(point => new ValidationPoint((int)point[0], point[1])).ToList();
        try
        {
            options.Optimizer.LoadState(parameters, read.Tensors("optimizer."));
            options.Optimizer.LearningRate = rate;
        }
        catch (ArgumentException e)
        {
            throw read.Misfit(e.Message.TrimEnd('.'), e);
        }

        foreach (var (name, tensor) in parameters)
            tensor.CopyFrom(model[name].ToArray());
        foreach (var (name, callback) in Named(options.Callbacks))
            callback.State = read.Tensors($"callback.{name}.");
        run.Carried.Start = State(run.Model, read.Tensors("start."));
        run.Carried.Last = State(run.Model, read.Tensors("last."));
        run.History.Restore(steps, validation);
        run.Resume(epoch, position, epochStart, now, seconds);
    }

    // "EarlyStopping1": the first of its kind, wherever it stands among the others.
    private static IEnumerable<(string Name, ICallback Callback)> Named(IEnumerable<ICallback> callbacks) => callbacks
        .GroupBy(callback => callback.GetType().Name)
        .SelectMany(kind => kind.Select((callback, index) => (string.Create(CultureInfo.InvariantCulture, $"{kind.Key}{index + 1}"), callback)));

    private static IEnumerable<KeyValuePair<string, Tensor>> Tensors(ModelState? state)
    {
        for (var layer = 0; layer < state?.Layers.Count; layer++)
        {
            for (var i = 0; i < state.Layers[layer]?.Hidden.Count; i++)
                yield return KeyValuePair.Create($"{layer}.hidden.{i}", state.Layers[layer]!.Hidden[i]);
            for (var i = 0; i < state.Layers[layer]?.Cell?.Count; i++)
                yield return KeyValuePair.Create($"{layer}.cell.{i}", state.Layers[layer]!.Cell![i]);
        }
    }

    private static ModelState? State(Model model, Dictionary<string, Tensor> tensors)
    {
        if (tensors.Count == 0)
            return null;
        return new([.. Enumerable.Range(0, model.Layers.Count).Select(layer => List(layer, "hidden") is { Count: > 0 } hidden
            ? new RecurrentState(hidden, List(layer, "cell") is { Count: > 0 } cell ? cell : null)
            : null)]);

        List<Tensor> List(int layer, string part)
        {
            var list = new List<Tensor>();
            while (tensors.TryGetValue($"{layer}.{part}.{list.Count}", out var tensor))
            {
                tensor.MoveTo(model.Parameters[0].Tensor.Backend);
                list.Add(tensor);
            }
            return list;
        }
    }

    private static string Text(RandomState[] states) => string.Join(' ', states.Select(state =>
        string.Create(CultureInfo.InvariantCulture, $"{state.S0:x16}{state.S1:x16}{state.S2:x16}{state.S3:x16}")));
}
