using System.Diagnostics;
using CourseKit.Autograd;
using CourseKit.Data;
using CourseKit.Inspection;
using CourseKit.Tensors;

namespace CourseKit.Training;

/// <summary>
/// A training under way, all but the step itself: which batch is next, what states it starts from, the history, the schedule, validation, callbacks.
/// <see cref="Model.Fit"/> is a loop over one, and a loop of your own can be too:
/// <code>
/// using var run = new TrainingRun(model, data, options);
/// foreach (var batch in run.Batches())
///     run.Complete(run.Step(batch, () => ...), ...);   // with run.Forward(batch)
/// </code>
/// </summary>
public sealed class TrainingRun : IDisposable
{
    private readonly IEnumerable<Batch> _data;
    private readonly ICallback[] _callbacks;
    // Begun after the callbacks, which may ask before.
    private readonly ProgressLine? _progress;
    private readonly long _start = Stopwatch.GetTimestamp();
    private Batch? _underWay;
    private bool _isTelling, _ended;
    private double _secondsBefore;

    // Where the sources shall stand once the batches before Position are passed over; null when there are none to pass over.
    private RandomState[]? _resumed;

    /// <summary>Begins a training, or goes on with one when a <see cref="Checkpoint"/> among the callbacks says so.</summary>
    /// <param name="model">What to train.</param>
    /// <param name="data">One epoch of batches; gone through again for every epoch.</param>
    /// <param name="options">How; null for one epoch with Adam.</param>
    /// <exception cref="ArgumentException">The options contradict one another, or a callback cannot work with them.</exception>
    /// <exception cref="CheckpointException">A checkpoint cannot be used.</exception>
    public TrainingRun(Model model, IEnumerable<Batch> data, FitOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        (Model, Options, _data) = (model, options ?? new(), data);
        Options.Check();
        Sources = [.. model.RandomSources, .. Options.RandomSources];
        Carried = new(Options.BackpropagationWindows);
        EpochStart = States();

        // A checkpoint begins first, so that the others find the history that they go on from, and ends first, before one of them changes a parameter;
        // in between it comes last, to hold what they have become.
        _callbacks = [.. Options.Callbacks.OrderBy(callback => callback is Checkpoint)];
        foreach (var callback in _callbacks.Reverse())
            callback.Begin(this);
        _progress = new(Options.Progress, Options.Symbols, Options.PlannedSteps(data), History);
    }

    /// <summary>What is trained.</summary>
    public Model Model { get; }

    /// <summary>How it is trained.</summary>
    public FitOptions Options { get; }

    /// <summary>Every step so far, and the validation losses.</summary>
    public History History { get; } = new();

    /// <summary>How many epochs are over.</summary>
    public int Epoch { get; private set; }

    /// <summary>How many batches of this epoch are over.</summary>
    public int Position { get; private set; }

    /// <summary>What the schedule says that the learning rate is multiplied with in this step; 1 without one.</summary>
    public double RateFactor { get; private set; } = 1;

    /// <summary>How many steps the training has when it is over; null when the data does not know its length.</summary>
    public long? PlannedSteps => Options.PlannedSteps(_data);

    /// <summary>How fast it is, up to the step before: "61,200 characters/s" where inputs are ids, else "12.3 steps/s"; empty while it begins.</summary>
    public string Pace => _progress?.Pace ?? "";

    /// <summary>How long it will go on at this pace; null when <see cref="PlannedSteps"/> is, and before the second step.</summary>
    public TimeSpan? TimeLeft => _progress?.Left;

    /// <summary>Whether a callback has stopped the training.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Whether the last batch is completed and every callback has been told: only then the training can go on from what it is now.</summary>
    public bool IsBetweenSteps => _underWay is null && !_isTelling;

    /// <summary>Whether <see cref="RequireFinite"/> has thrown.</summary>
    internal bool FoundNotFinite { get; private set; }

    /// <summary>Everything that draws: the model's layers, then what the options name.</summary>
    internal IReadOnlyList<RandomSource> Sources { get; }

    /// <summary>Where the sources stood when this epoch began.</summary>
    internal RandomState[] EpochStart { get; private set; }

    internal CarriedState Carried { get; }

    /// <summary>How long the training has taken; what passed while it was stopped is not counted.</summary>
    internal double Seconds => _secondsBefore + Stopwatch.GetElapsedTime(_start).TotalSeconds;

    /// <summary>The batches still to come, epoch after epoch; <see cref="Complete"/> each before the next. The last validation comes when they are over.</summary>
    /// <exception cref="DataException">An epoch has no batch.</exception>
    /// <exception cref="CheckpointException">The data has fewer batches than those that the checkpoint has behind it.</exception>
    /// <exception cref="OperationCanceledException">The token or <see cref="Interrupt"/> asked to stop.</exception>
    public IEnumerable<Batch> Batches()
    {
        // A validation that was interrupted is made up for.
        if (Options.ValidateEvery is not null)
            ValidateWhenDue();
        while (!IsOver)
        {
            if (_resumed is not null)
                SetStates(EpochStart);
            using var batches = _data.GetEnumerator();
            PassOver(batches);
            // Looked at before the data is touched, so that an interruption finds the data where the last step left it.
            while (!IsOver)
            {
                RequireNoInterruption();
                if (!batches.MoveNext())
                {
                    EndEpoch();
                    break;
                }
                _underWay = batches.Current;
                RateFactor = Options.Schedule?.Factor(History.Steps.Count, History.Validation) ?? 1;
                yield return batches.Current;
            }
        }
        if (History.Steps.Count > 0 && !IsValidated)
            Validate();
    }

    /// <summary>Runs the model on a batch, inside Tape.Step: from zeros, or from where the batch before ended when this one continues it.</summary>
    /// <param name="batch">The one that <see cref="Batches"/> handed out.</param>
    /// <returns>The model's output.</returns>
    /// <exception cref="ShapeException">A layer does not take the batch.</exception>
    public Tensor Forward(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return Carried.Forward(Model, batch);
    }

    /// <summary>Holds a loss or a gradient's length to finite numbers.</summary>
    /// <param name="number">The number.</param>
    /// <exception cref="InvalidOperationException">It is not finite.</exception>
    public void RequireFinite(double number)
    {
        if (!double.IsFinite(number))
        {
            FoundNotFinite = true;
            throw new InvalidOperationException(FormattableString.Invariant(
                $"Fit: the loss or its gradient is {number} at step {History.Steps.Count + 1}. Lower the learning rate, or clip the gradients (ClipNorm)."));
        }
    }

    /// <summary>
    /// Runs a training step inside Tape.Step, and under a <see cref="Recorder"/> when a callback asks for it; when <see cref="RequireFinite"/> refuses a number in it, the error
    /// also says where such a number comes up first.
    /// </summary>
    /// <param name="batch">The one that <see cref="Batches"/> handed out.</param>
    /// <param name="step">Forward, loss, backward, clip, update; gives what <see cref="Complete"/> needs.</param>
    /// <returns>What <paramref name="step"/> returns.</returns>
    /// <exception cref="InvalidOperationException">A number is not finite.</exception>
    public T Step<T>(Batch batch, Func<T> step)
    {
        ArgumentNullException.ThrowIfNull(step);
        try
        {
            return Asking() is { } asking ? Recorded(step, asking) : Tape.Step(step);
        }
        catch (InvalidOperationException error) when (FoundNotFinite)
        {
            var states = States();
            var found = NonFiniteSearch.In(Model, Options, Carried.Before, batch);
            SetStates(states);
            throw found is null ? error : new InvalidOperationException($"{error.Message} First seen: {found}.", error);
        }
    }

    /// <summary>Takes a step into the history, tells the callbacks, and validates when it is time.</summary>
    /// <param name="loss">The batch's loss.</param>
    /// <param name="gradientNorm">The common length of all gradients, before clipping.</param>
    /// <exception cref="InvalidOperationException">There is no batch to complete.</exception>
    public void Complete(double loss, double gradientNorm)
    {
        var batch = _underWay ?? throw new InvalidOperationException("TrainingRun.Complete: there is no batch to complete. Call it once for every batch of Batches().");
        (_underWay, _isTelling) = (null, true);
        Position++;
        History.Add(new TrainingStep(History.Steps.Count + 1, loss, gradientNorm, Seconds, Options.Optimizer.LearningRate * RateFactor));
        Options.OnStep?.Invoke(History.Steps[^1]);
        foreach (var callback in _callbacks)
            callback.AfterStep(this);
        _isTelling = false;
        ValidateWhenDue();
        _progress!.Report(batch);
    }

    /// <summary>Asks that no further step is taken; Fit then returns as at the end.</summary>
    public void Stop() => IsStopped = true;

    /// <summary>Ends the training: tells the callbacks, and ends the progress line.</summary>
    /// <exception cref="CheckpointException">The last checkpoint cannot be written.</exception>
    public void Dispose()
    {
        if (_ended)
            return;
        _ended = true;
        History.Seconds = Seconds;
        _progress!.Dispose();
        foreach (var callback in _callbacks.Reverse())
            callback.End(this);
    }

    /// <summary>Where every source stands.</summary>
    internal RandomState[] States() => [.. Sources.Select(source => source.State)];

    /// <summary>Goes on where a checkpoint was taken.</summary>
    internal void Resume(int epoch, int position, RandomState[] epochStart, RandomState[] now, double seconds)
    {
        (Epoch, Position, EpochStart, _resumed, _secondsBefore) = (epoch, position, epochStart, now, seconds);
        SetStates(now);
    }

    private bool IsOver => IsStopped || History.Steps.Count >= Options.Steps || Epoch >= (Options.Epochs ?? (Options.Steps is null ? 1 : int.MaxValue));

    private bool IsValidated => Options.Validation is null || (History.Validation is [.., var last] && last.Step == History.Steps.Count);

    // Who wants the step recorded; null for nobody, which costs nothing.
    private List<ICallback>? Asking()
    {
        List<ICallback>? asking = null;
        foreach (var callback in _callbacks)
        {
            if (callback.Records(this))
                (asking ??= []).Add(callback);
        }
        return asking;
    }

    private T Recorded<T>(Func<T> step, List<ICallback> asking)
    {
        T result = default!;
        var recording = Recorder.Of(() => result = Tape.Step(step), Model.Parameters);
        foreach (var callback in asking)
            callback.AfterRecording(this, recording);
        return result;
    }

    private void SetStates(RandomState[] states)
    {
        for (var i = 0; i < states.Length; i++)
            Sources[i].State = states[i];
    }

    private void PassOver(IEnumerator<Batch> batches)
    {
        for (var i = 0; _resumed is not null && i < Position; i++)
        {
            if (!batches.MoveNext())
                throw new CheckpointException($"The data has {i} batches an epoch, but the checkpoint has {Position} of this epoch behind it. Go on with the data that the training began with.");
            Carried.Skip(batches.Current);
        }
        if (_resumed is not null)
            SetStates(_resumed);
        _resumed = null;
    }

    private void EndEpoch()
    {
        if (Position == 0)
            throw new DataException($"Fit: epoch {Epoch + 1} has no batch. Give data with at least one; a sequence that can be gone through only once does for one epoch.");
        Epoch++;
        Position = 0;
        EpochStart = States();
        Carried.EndEpoch();
    }

    private IEnumerable<Batch> Interruptible(IEnumerable<Batch> data)
    {
        foreach (var batch in data)
        {
            RequireNoInterruption();
            yield return batch;
        }
    }

    private void RequireNoInterruption()
    {
        Options.CancellationToken.ThrowIfCancellationRequested();
        Interrupt.Token.ThrowIfCancellationRequested();
    }

    private void ValidateWhenDue()
    {
        if (History.Steps.Count > 0 && History.Steps.Count % Options.ValidateEvery == 0 && !IsValidated)
            Validate();
    }

    private void Validate()
    {
        var loss = Model.Evaluate(Interruptible(Options.Validation!), Options.LossFunction);
        _isTelling = true;
        History.Add(new ValidationPoint(History.Steps.Count, loss));
        foreach (var callback in _callbacks)
            callback.AfterValidation(this);
        _isTelling = false;
    }
}
