using CourseKit.Autograd;
using CourseKit.Data;
using CourseKit.Layers;
using CourseKit.Optimizers;
using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.Tests.Training;

/// <summary>A training that was stopped anywhere and went on, against the same one that never stopped: every bit of what they leave.</summary>
public sealed class ResumeTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("coursekit-resume-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string FilePath => Path.Combine(folder, "run.checkpoint");

    [Theory]
    [InlineData("stream")]
    [InlineData("shuffled")]
    [InlineData("windows")]
    [InlineData("stopped early")]
    public void Fit_KilledAfterAnyStep_EndsWithTheSameBits(string kind)
    {
        var whole = new Subject(kind, folder);
        whole.Fit();

        var steps = whole.History.Steps.Count;
        Assert.InRange(steps, 10, 30);
        for (var stop = 1; stop < steps; stop++)
        {
            foreach (var file in Directory.GetFiles(folder))
                File.Delete(file);
            // What a kill in the step after leaves: the checkpoint, and a log.
            var killed = new Subject(kind, folder) { OnStep = step => Fail(step.Step > stop) };
            Assert.Throws<TimeoutException>(() => killed.Fit(new Checkpoint(FilePath, stop)));

            var resumed = new Subject(kind, folder);
            resumed.Fit(new Checkpoint(FilePath, 3, resume: true));

            resumed.AssertSame(whole);
        }

        static void Fail(bool now)
        {
            if (now)
                throw new TimeoutException();
        }
    }

    [Theory]
    [InlineData("stream")]
    [InlineData("shuffled")]
    [InlineData("windows")]
    public void Fit_InterruptedTwice_EndsWithTheSameBits(string kind)
    {
        var whole = new Subject(kind, folder);
        whole.Fit();

        for (var stop = 1; stop < whole.History.Steps.Count; stop += 2)
        {
            File.Delete(FilePath);
            File.Delete(FilePath + ".previous");
            foreach (var at in new[] { stop, stop + 1 })
            {
                using var source = new CancellationTokenSource();
                var interrupted = new Subject(kind, folder) { OnStep = step => Cancel(source, step.Step == at), Cancellation = source.Token };
                if (at < whole.History.Steps.Count)
                    Assert.Throws<OperationCanceledException>(() => interrupted.Fit(new Checkpoint(FilePath, 1000, resume: true)));
            }

            var resumed = new Subject(kind, folder);
            resumed.Fit(new Checkpoint(FilePath, 1000, resume: true));

            resumed.AssertSame(whole);
        }

        static void Cancel(CancellationTokenSource source, bool now)
        {
            if (now)
                source.Cancel();
        }
    }

    [Fact]
    public void Fit_InterruptedWhileValidating_ValidatesFirstAndEndsWithTheSameBits()
    {
        var whole = new Subject("stream", folder);
        whole.Fit();

        foreach (var which in new[] { 0, 1, whole.History.Validation.Count - 1 })
        {
            var validations = 0;
            var interrupted = new Subject("stream", folder) { OnValidation = () => ThrowWhen(validations++ == which) };
            Assert.Throws<OperationCanceledException>(() => interrupted.Fit(new Checkpoint(FilePath, 1000, resume: true)));
            var resumed = new Subject("stream", folder);
            resumed.Fit(new Checkpoint(FilePath, 1000, resume: true));

            resumed.AssertSame(whole);
            File.Delete(FilePath);
            File.Delete(FilePath + ".previous");
        }

        static void ThrowWhen(bool now)
        {
            if (now)
                throw new OperationCanceledException();
        }
    }

    [Fact]
    public void Fit_TokenCancelledWhileValidating_StopsAtTheNextBatch()
    {
        using var source = new CancellationTokenSource();
        var batches = 0;
        var interrupted = new Subject("stream", folder) { OnValidation = source.Cancel, OnValidationBatch = () => batches++, Cancellation = source.Token };
        Assert.Throws<OperationCanceledException>(() => interrupted.Fit(new Checkpoint(FilePath, 1000)));
        Assert.Equal(1, batches);
    }

    [Fact]
    public void Fit_FinishedAndResumedWithMoreSteps_IsTheLongerTraining()
    {
        var longer = new Subject("shuffled", folder) { Steps = 23 };
        longer.Fit();

        new Subject("shuffled", folder) { Steps = 12 }.Fit(new Checkpoint(FilePath, 4));
        var resumed = new Subject("shuffled", folder) { Steps = 23 };
        resumed.Fit(new Checkpoint(FilePath, 4, resume: true));

        resumed.AssertSame(longer);
    }

    [Fact]
    public void Fit_FinishedAndResumed_TakesNoStepAndGivesTheHistory()
    {
        var first = new Subject("stream", folder);
        first.Fit(new Checkpoint(FilePath, 4));
        var again = new Subject("stream", folder) { OnStep = _ => Assert.Fail("a step was taken") };
        again.Fit(new Checkpoint(FilePath, 4, resume: true));
        again.AssertSame(first);
    }

    [Fact]
    public void Fit_StepFails_LeavesTheCheckpointBeforeIt()
    {
        var failing = new Subject("stream", folder) { OnLoss = step => step == 6 ? float.NaN : 1 };
        Assert.Throws<InvalidOperationException>(() => failing.Fit(new Checkpoint(FilePath, 4)));

        var whole = new Subject("stream", folder);
        whole.Fit();
        var resumed = new Subject("stream", folder);
        resumed.Fit(new Checkpoint(FilePath, 4, resume: true));
        resumed.AssertSame(whole);
    }

    /// <summary>A training with all that has a state, made anew each time.</summary>
    private sealed class Subject
    {
        private readonly string kind, log;
        private readonly Model model;
        private readonly RandomSource shuffle = new(5), sampling = new(6);
        private readonly BestModel best = new();
        private readonly Optimizer optimizer;

        public Subject(string kind, string folder)
        {
            (this.kind, log) = (kind, Path.Combine(folder, "log.csv"));
            model = kind switch
            {
                "shuffled" => new Model(3, new Gru(1, 5) { HiddenZoneout = 0.1f }, new Dropout(0.3f), new Gru(5, 4, returnSequences: false), new Linear(4, 1)),
                "windows" => new Model(3, new Embedding(7, 4), new SimpleRnn(4, 5) { RecurrentDropout = 0.1f, InputDropout = 0.1f }, new Dropout(0.2f), new Linear(5, 7)),
                _ => new Model(3, new Embedding(7, 4), new Dropout(0.2f), new Lstm(4, 5, layers: 2) { RecurrentDropout = 0.2f, LayerDropout = 0.1f, HiddenZoneout = 0.1f, CellZoneout = 0.1f }, new Dropout(0.2f), new Linear(5, 7)),
            };
            optimizer = kind switch { "shuffled" => new Sgd(0.1, momentum: 0.9), "windows" => new Adadelta(), _ => new Adam(0.02, amsgrad: true) };
        }

        public History History { get; private set; } = new();

        public Action<TrainingStep>? OnStep { get; init; }

        public Action? OnValidation { get; init; }

        public Action? OnValidationBatch { get; init; }

        public Func<int, float>? OnLoss { get; init; }

        public int? Steps { get; init; }

        public CancellationToken Cancellation { get; init; }

        public void Fit(params ICallback[] callbacks)
        {
            var losses = 0;
            var options = new FitOptions
            {
                Optimizer = optimizer,
                Steps = kind == "shuffled" ? Steps ?? 17 : null,
                Epochs = kind == "shuffled" ? null : 3,
                ClipNorm = kind == "shuffled" ? null : 0.5,
                ClipValue = kind == "shuffled" ? 0.02 : null,
                Schedule = kind switch
                {
                    "shuffled" => Schedule.WarmUp(4).Times(Schedule.OnPlateau(0.5, patience: 0)),
                    "windows" => Schedule.OnTarget(1.95),
                    _ => Schedule.WarmUp(3).Then(3, Schedule.Cosine(12, 0.1)),
                },
                BackpropagationWindows = kind == "windows" ? 3 : 1,
                Validation = Validating(),
                ValidateEvery = 2,
                Callbacks = [best, .. callbacks, new CsvLog(log), new EarlyStopping(kind == "stopped early" ? 1 : 100, kind == "stopped early" ? 0.004 : 0)],
                RandomSources = [shuffle, sampling],
                LossFunction = (output, batch) => Tape.IsActive
                    ? Ops.Scale(FitOptions.DefaultLoss(output, batch), (sampling.NextFloat() + 0.5f) * (OnLoss?.Invoke(++losses) ?? 1))
                    : FitOptions.DefaultLoss(output, batch),
                OnStep = OnStep,
                CancellationToken = Cancellation,
                Progress = null,
            };
            History = model.Fit(Data(), options);
        }

        public void AssertSame(Subject other)
        {
            Assert.Equal(other.History.Steps.Select(step => step with { Seconds = 0 }), History.Steps.Select(step => step with { Seconds = 0 }));
            Assert.Equal(other.History.Validation, History.Validation);
            Assert.Equal(other.best.Best, best.Best);
            foreach (var (name, tensor) in other.best.State)
                Assert.Equal(tensor.ToArray(), best.State[name].ToArray());
            Assert.Equal(Rows(other.History), Log());
            for (var i = 0; i < model.Parameters.Count; i++)
                Assert.Equal(other.model.Parameters[i].Tensor.ToArray(), model.Parameters[i].Tensor.ToArray());
            var (expected, got) = (other.optimizer.SaveState(other.model.Parameters), optimizer.SaveState(model.Parameters));
            Assert.Equal(expected.Keys, got.Keys);
            foreach (var (name, tensor) in expected)
                Assert.Equal(tensor.ToArray(), got[name].ToArray());
            Assert.Equal(other.model.RandomSources.Append(other.shuffle).Append(other.sampling).Select(source => source.State), model.RandomSources.Append(shuffle).Append(sampling).Select(source => source.State));
        }

        // The log's rows without the column of seconds.
        private IEnumerable<string> Log() => File.ReadAllLines(log).Skip(1).Select(line => string.Join(',', line.Split(',').Where((_, column) => column != 4)));

        private static IEnumerable<string> Rows(History history) => history.Steps.Select(step => FormattableString.Invariant(
            $"{step.Step},{step.Loss},{step.GradientNorm},{step.LearningRate},{string.Concat(history.Validation.Where(point => point.Step == step.Step).Select(point => FormattableString.Invariant($"{point.Loss}")))}"));

        private IEnumerable<Batch> Data() => kind switch
        {
            "shuffled" => Windows.Sliding([.. Enumerable.Range(0, 40).Select(i => MathF.Sin(i))], 6).Batches(5, shuffle),
            "windows" => Lazy(),
            _ => new TokenStream(Text(68), 3, 5),
        };

        // Draws with every batch, and leaves some out.
        private IEnumerable<Batch> Lazy()
        {
            foreach (var batch in new TokenStream(Text(80), 3, 4))
            {
                if (shuffle.NextInt(10) > 0)
                    yield return batch;
            }
        }

        private IEnumerable<Batch> Validating()
        {
            OnValidation?.Invoke();
            if (kind == "shuffled")
                yield return Windows.Sliding([.. Enumerable.Range(0, 20).Select(i => MathF.Cos(i))], 6).All();
            else
                foreach (var batch in new TokenStream(Text(30), 2, 6))
                {
                    OnValidationBatch?.Invoke();
                    yield return batch;
                }
        }

        private static int[] Text(int length) => [.. Enumerable.Range(0, length).Select(i => i * i * 3 % 7)];
    }
}
