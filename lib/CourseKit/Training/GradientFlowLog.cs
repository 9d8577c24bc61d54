using CourseKit.Inspection;
using CourseKit.Tensors;

namespace CourseKit.Training;

/// <summary>Keeps how far gradients flow back through time as training goes on: ‖∂L/∂h_t‖ for every time step, of every so many steps. See <see cref="GradientFlow.Norms"/>.</summary>
/// <remarks>
/// A layer that runs several times in a step, window after window or token after token, gives its time steps one behind another. A checkpoint holds the log too.
/// Vanishing and exploding: Bengio, Simard and Frasconi, 1994; Pascanu, Mikolov and Bengio, 2013.
/// </remarks>
public sealed class GradientFlowLog : ICallback
{
    private readonly int _every;
    private readonly string? _layer;
    private readonly List<GradientFlowPoint> _points = [];

    /// <summary>Makes the callback.</summary>
    /// <param name="every">Steps from one that is kept to the next, at least 1; the first step is always kept. Default: 1.</param>
    /// <param name="layer">Which layer and direction, under its parameters' name: "lstm.l0", "lstm.l1_reverse". Null: the one that runs last. Default: null.</param>
    /// <exception cref="ArgumentOutOfRangeException">every is below 1.</exception>
    public GradientFlowLog(int every = 1, string? layer = null)
    {
        if (every < 1)
            throw new ArgumentOutOfRangeException(null, $"GradientFlowLog: every must be at least 1, but got {every}.");
        (_every, _layer) = (every, layer);
    }

    /// <summary>What was kept, in the order of the steps.</summary>
    public IReadOnlyList<GradientFlowPoint> Points => _points;

    /// <inheritdoc/>
    /// <exception cref="CheckpointException">Set to what no log has written.</exception>
    public IReadOnlyDictionary<string, Tensor> State
    {
        get => _points.Count == 0 ? new Dictionary<string, Tensor>() : new Dictionary<string, Tensor>
        {
            ["points"] = Float64Bits.Of(_points.SelectMany(point => new double[] { point.Step, point.Norms.Count }), 2),
            ["norms"] = Float64Bits.Of(_points.SelectMany(point => point.Norms), 1),
        };
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            _points.Clear();
            if (value.Count > 0)
                _points.AddRange(Read(value) ?? throw new CheckpointException("GradientFlowLog: the state must hold points and norms as a log writes them, but does not. Take one from a checkpoint of this training."));
        }
    }

    /// <inheritdoc/>
    public void Begin(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        _points.RemoveAll(point => point.Step > run.History.Steps.Count);
    }

    /// <inheritdoc/>
    public bool Records(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.History.Steps.Count % _every == 0;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">No recurrent operation ran, there is none of the layer's name, or no gradient comes to it.</exception>
    public void AfterRecording(TrainingRun run, Recording recording)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(recording);
        if (recording.Records.Count == 0)
            throw new ArgumentException("GradientFlowLog: there must be a recurrent layer in the model, but none ran in the step. A RecurrentCellLayer is not recorded; take SimpleRnn, Lstm, Gru or their kin.");
        var name = (_layer is null ? recording.Records[^1] : recording[_layer]).Name;
        var step = run.History.Steps.Count + 1;
        // A step that was begun and not completed, as after an interruption, is taken again.
        _points.RemoveAll(point => point.Step >= step);
        _points.Add(new(step, [.. recording.Records.Where(record => record.Name == name).SelectMany(GradientFlow.Norms)]));
    }

    /// <summary>How much was kept: "GradientFlowLog of 40 steps, 1 to 391, over 50 time steps".</summary>
    public override string ToString() => _points.Count == 0
        ? "GradientFlowLog: no step yet"
        : FormattableString.Invariant($"GradientFlowLog of {_points.Count} step{(_points.Count == 1 ? "" : "s")}, {_points[0].Step} to {_points[^1].Step}, over {_points.Max(point => point.Norms.Count)} time steps");

    private static List<GradientFlowPoint>? Read(IReadOnlyDictionary<string, Tensor> state)
    {
        if (!state.TryGetValue("points", out var kept) || !state.TryGetValue("norms", out var all)
            || Float64Bits.Read(kept, 2)?.ToArray() is not { } rows || Float64Bits.Read(all, 1)?.Select(row => row[0]).ToArray() is not { } norms
            || rows.Sum(row => row[1]) != norms.Length || rows.Any(row => !(row[1] >= 0)))
            return null;
        var (points, from) = (new List<GradientFlowPoint>(), 0);
        foreach (var row in rows)
        {
            var to = from + (int)row[1];
            points.Add(new((int)row[0], norms[from..to]));
            from = to;
        }

        return points;
    }
}

/// <summary>The gradient's length by time step, in one training step.</summary>
/// <param name="Step">The training step, 1 for the first.</param>
/// <param name="Norms">‖∂L/∂h_t‖ over the batch and all neurons, one for every time step.</param>
public sealed record GradientFlowPoint(int Step, IReadOnlyList<double> Norms);
