using CourseKit.Data;
using CourseKit.Inspection;
using CourseKit.SequenceToSequence;
using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.Notebooks;

/// <summary>
/// One picture of a training, drawn anew in its place while the training runs: loss of training and validation, pace, time left, gradient norm; a text that the model writes at this
/// moment, and what a layer's neurons do while it reads another. The last picture stays. It changes no number of the training.
/// <code>
/// var live = new Live(vocabulary) { Prompt = "The ", Watch = "The cat sat on the mat." };
/// model.Fit(batches, new FitOptions { Callbacks = [live], Progress = null });
/// </code>
/// </summary>
/// <remarks>At most 4 pictures a second, fewer when drawing would take more than a tenth of the time. Where there is no front end (<see cref="FrontEnd"/>) nothing is drawn.</remarks>
public sealed class Live : Drawing, ICallback
{
    private const int MostNeurons = 64, MostSteps = 120;

    private static readonly TimeSpan SamplePause = TimeSpan.FromSeconds(1);

    private readonly Vocabulary? _vocabulary;
    private readonly Pace _pace = new(), _samplePace = new(SamplePause);
    private string _id = "";
    private IFrontEnd? _frontEnd;
    private LiveFrame _frame = LiveFrame.Empty;
    private string? _sample;
    private HeatmapChart? _states, _flow;

    /// <summary>Shows losses and pace; a text only by <see cref="Sample"/>, states only of a <see cref="Probe"/>.</summary>
    public Live()
    {
    }

    /// <summary>Shows a training of a model of text.</summary>
    /// <param name="vocabulary">What the model's ids stand for.</param>
    public Live(Vocabulary vocabulary)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        _vocabulary = vocabulary;
    }

    /// <summary>The line above the picture. Default: "Training".</summary>
    public string Title { get; init; } = "Training";

    /// <summary>What the text begins with that the model writes; at least one symbol of the vocabulary. Null: no text. Default: null.</summary>
    public string? Prompt { get; init; }

    /// <summary>Symbols to write, at least 1. Default: 120.</summary>
    public int SampleLength { get; init; } = 120;

    /// <summary>0 always the likeliest, 1 as the model believes. Default: 0.8.</summary>
    public double Temperature { get; init; } = 0.8;

    /// <summary>Gives a text to show, in the place of what <see cref="Prompt"/> would. Null: none. Default: null.</summary>
    public Func<Model, string>? Sample { get; init; }

    /// <summary>A text that the model reads, to show the states of <see cref="Layer"/> meanwhile; at least one symbol. Null: no states. Default: null.</summary>
    public string? Watch { get; init; }

    /// <summary>What the model reads in the place of <see cref="Watch"/>, for models of other things than text; its first sequence is shown. Default: null.</summary>
    public Batch? Probe { get; init; }

    /// <summary>Whose hidden states: a layer's name with its number, such as "lstm.l0", "rnn.l1_reverse". Null: the last recurrent layer's. Default: null.</summary>
    public string? Layer { get; init; }

    /// <summary>A log of the same training, which stands before this among the callbacks: how far the gradient flows back, step by step, as <see cref="Picture.GradientFlow"/>. Default: null.</summary>
    public GradientFlowLog? Flow { get; init; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">An option contradicts another, a text holds a symbol that the vocabulary lacks, or the model has no such layer.</exception>
    void ICallback.Begin(TrainingRun run)
    {
        Require(Prompt is null || _vocabulary is not null, "Prompt needs a vocabulary: new Live(vocabulary) { ... }. Without one, give Sample.");
        Require(Watch is null || _vocabulary is not null, "Watch needs a vocabulary: new Live(vocabulary) { ... }. Without one, give Probe.");
        Require(Prompt is null || Sample is null, "give Prompt or Sample, not both.");
        Require(Watch is null || Probe is null, "give Watch or Probe, not both.");
        Require(Prompt is not "", "Prompt must have at least one symbol. Begin with a line's end, \"\\n\".");
        Require(Watch is not "", "Watch must have at least one symbol.");
        Require(SampleLength >= 1, FormattableString.Invariant($"SampleLength must be at least 1, but is {SampleLength}."));
        // A second training gets a picture of its own.
        (_id, _frontEnd) = (Guid.NewGuid().ToString("N"), FrontEnd.Current);
        // What cannot be drawn is said now, not in the middle of the training.
        Look(run.Model);
        Show(run, "");
    }

    void ICallback.AfterStep(TrainingRun run)
    {
        if (_frontEnd is null || !_pace.IsDue)
            return;
        _pace.Draw(() =>
        {
            if (_samplePace.IsDue)
                _samplePace.Draw(() => LookAgain(run.Model));
            return Show(run, "");
        });
    }

    void ICallback.AfterValidation(TrainingRun run)
    {
        if (_frontEnd is not null && _pace.IsDue)
            _pace.Draw(() => Show(run, ""));
    }

    void ICallback.End(TrainingRun run)
    {
        var end = run.IsStopped ? "stopped by a callback" : run.History.Steps.Count == run.PlannedSteps ? "done" : "ended";
        if (end != "ended")
            LookAgain(run.Model);
        Show(run, end);
    }

    /// <summary>The last picture in one line: "step 812 of 2000, loss 1.612, ...".</summary>
    /// <returns>One line, then the text that the model wrote, if any.</returns>
    public override string ToString() => _frame.Words + (_sample is null ? "" : $"\n{_sample}");

    internal override string ToFigure() => _frame.ToFigure(Title, _sample, _states, _flow);

    private int Show(TrainingRun run, string end)
    {
        _frame = LiveFrame.Of(run, end);
        _flow = Flow is { Points.Count: > 0 } log ? Picture.GradientFlow(log) : null;
        var html = _frontEnd is null ? "" : ToHtml();
        _frontEnd?.Show(_id, html, $"{Title}: {this}");
        return html.Length;
    }

    // A model that has diverged cannot write; the training itself says so at its next step, and better.
    private int LookAgain(Model model)
    {
        try
        {
            Look(model);
        }
        catch (ArgumentException e)
        {
            _sample = e.Message;
        }
        return 0;
    }

    private void Look(Model model)
    {
        _sample = Sample is { } sample ? sample(model) : Prompt is { } prompt ? prompt + Write(model, prompt) : null;
        if (Watch is { } text)
            _states = States(model, () => model.Predict(Ids(_vocabulary!.Encode(text))), [.. _vocabulary!.Encode(text).Select(id => _vocabulary[id])]);
        else if (Probe is { } probe)
            _states = States(model, () => Autograd.Tape.Inference(() => model.Forward(probe).Output.Detach()), null);
    }

    // With the same random numbers every time: what changes in the text, the training has changed.
    private string Write(Model model, string prompt)
    {
        var written = new LanguageModel(model).Decode(_vocabulary!.Encode(prompt), SampleLength).Sample(new RandomSource(1), new SamplingOptions { Temperature = Temperature });
        return _vocabulary.Decode([.. written[0].Tokens]);
    }

    private HeatmapChart States(Model model, Action read, string[]? labels)
    {
        var recording = Recorder.Of(read, model.Parameters);
        Require(recording.Records.Count > 0, $"the model has no recurrent layer whose states could be shown, but is {model}.");
        var record = Layer is { } name ? recording[name] : recording.Records[^1];
        var (values, neurons) = (record.Hidden.ToArray(), record.Hidden.Shape.Last);
        var (rows, columns) = (Math.Min(neurons, MostNeurons), Math.Min(record.Steps, MostSteps));
        var states = new double[rows, columns];
        for (var t = 0; t < columns; t++)
            for (var neuron = 0; neuron < rows; neuron++)
                states[neuron, t] = values[t * neurons + neuron];
        return Chart.Heatmap(states, columnLabels: labels?.Take(columns)).Range(-1, 1).XAxis(labels is null ? "time step" : "text").YAxis("neuron")
            .Title($"Hidden state of {record.Name}{(rows < neurons ? $", neurons 0 to {Num.Whole(rows - 1)} of {Num.Whole(neurons)}" : "")}");
    }

    private static IntTensor Ids(int[] ids) => IntTensor.From(ids, 1, ids.Length);

    private static void Require(bool condition, string message)
    {
        if (!condition)
            throw new ArgumentException($"Live: {message}");
    }
}
