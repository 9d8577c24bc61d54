using CourseKit.Autograd;
using CourseKit.Backends;
using CourseKit.Data;
using CourseKit.Inspection;
using CourseKit.Layers;
using CourseKit.Optimizers;
using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.Tests.Training;

/// <summary>Steps under a recorder while a training goes on, and the log of gradients by time step.</summary>
public sealed class GradientFlowLogTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("coursekit-flow-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string FilePath => Path.Combine(folder, "run.checkpoint");

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Fit_WithALog_EndsWithTheSameBits(int windows)
    {
        var (without, history) = Fit(windows);
        var (with, logged) = Fit(windows, new GradientFlowLog(every: 2));

        Assert.Equal(history.Steps.Select(step => step with { Seconds = 0 }), logged.Steps.Select(step => step with { Seconds = 0 }));
        foreach (var (expected, actual) in without.Parameters.Zip(with.Parameters))
            Assert.Equal(expected.Tensor.ToArray(), actual.Tensor.ToArray());
        Assert.Equal(without.RandomSources.Select(source => source.State), with.RandomSources.Select(source => source.State));
    }

    [Fact]
    public void Points_OfTheFirstStep_AreTheNormsOfThatStep()
    {
        var log = new GradientFlowLog();
        Fit(1, log);

        var model = Make();
        var batch = Data().First();
        var recording = Recorder.Of(() => Tape.Step(() => FitOptions.DefaultLoss(model.Forward(batch).Output, batch).Backward()), model.Parameters);
        Assert.Equal((1, 5), (log.Points[0].Step, log.Points[0].Norms.Count));
        Assert.Equal(GradientFlow.Norms(recording["lstm.l1"]), log.Points[0].Norms);
        Assert.Equal("GradientFlowLog of 12 steps, 1 to 12, over 5 time steps", log.ToString());
    }

    [Fact]
    public void Points_EveryFifth_AreOfTheNamedLayer()
    {
        var (first, second) = (new GradientFlowLog(every: 5, layer: "lstm.l0"), new GradientFlowLog());
        Fit(1, first, second);
        Assert.Equal([1, 6, 11], first.Points.Select(point => point.Step));
        Assert.Equal(12, second.Points.Count);
        Assert.NotEqual(second.Points[5].Norms, first.Points[1].Norms);
    }

    /// <summary>h_t = 0.5·h_{t-1} for relu of positive numbers, so that ∂L/∂h_t = 0.5^(T−1−t) for a loss on the last hidden state, through both windows.</summary>
    [Fact]
    public void Points_GradientsThroughTwoWindows_GoOnFromOneToTheOther()
    {
        var rnn = new SimpleRnn(1, 1, activation: Activation.Relu);
        rnn.WeightIh().CopyFrom([1]);
        rnn.WeightHh().CopyFrom([0.5f]);
        rnn.BiasIh().CopyFrom([0]);
        rnn.BiasHh().CopyFrom([0]);
        var ones = Tensor.From([1f, 1, 1], 1, 3, 1);
        Batch[] data = [new(ones, Tensor.Zeros(1, 3, 1)), new(ones, Tensor.Zeros(1, 3, 1), continues: true)];
        var log = new GradientFlowLog();
        Model.Of(rnn).Fit(data, new()
        {
            Optimizer = new Sgd(1e-30),
            BackpropagationWindows = 2,
            LossFunction = (output, _) => Ops.SelectStep(output, 2).Sum(),
            Callbacks = [log],
            Progress = null,
        });

        Assert.Equal([0.25, 0.5, 1], log.Points[0].Norms);
        Assert.Equal([1 / 32.0, 1 / 16.0, 1 / 8.0, 0.25, 0.5, 1], log.Points[1].Norms);
        Assert.Equal("GradientFlowLog of 2 steps, 1 to 2, over 6 time steps", log.ToString());
    }

    [Fact]
    public void Fit_KilledAfterAnyStep_HasTheLogOfTheWhole()
    {
        var whole = new GradientFlowLog(every: 2);
        Fit(1, whole);
        for (var stop = 1; stop < 12; stop++)
        {
            foreach (var file in Directory.GetFiles(folder))
                File.Delete(file);
            Assert.Throws<TimeoutException>(() => Make().Fit(Data(), Options(1, new GradientFlowLog(every: 2), new Checkpoint(FilePath, stop)) with
            {
                OnStep = step =>
                {
                    if (step.Step > stop)
                        throw new TimeoutException();
                },
            }));
            var log = new GradientFlowLog(every: 2);
            Make().Fit(Data(), Options(1, log, new Checkpoint(FilePath, 3, resume: true)));

            Assert.Equal(whole.Points.Select(point => point.Step), log.Points.Select(point => point.Step));
            Assert.Equal(whole.Points.SelectMany(point => point.Norms), log.Points.SelectMany(point => point.Norms));
        }
    }

    [Fact]
    public void Points_UsedAgain_AreOfTheLastTraining()
    {
        var log = new GradientFlowLog(every: 100);
        Fit(1, log);
        var before = log.Points[0].Norms;
        Fit(1, log);
        Assert.Equal(before, Assert.Single(log.Points).Norms);
        Assert.Equal("GradientFlowLog of 1 step, 1 to 1, over 5 time steps", log.ToString());
        Assert.Equal("GradientFlowLog: no step yet", new GradientFlowLog().ToString());
    }

    [Fact]
    public void AfterRecording_StepTakenAgain_ReplacesTheFirstTry()
    {
        var (model, log) = (Make(), new GradientFlowLog());
        using var run = new TrainingRun(model, Data(), Options(1, log));
        foreach (var batch in run.Batches().Take(2))
        {
            // The first try of each step is not completed.
            for (var i = 0; i < 2; i++)
                run.Step(batch, () =>
                {
                    FitOptions.DefaultLoss(model.Forward(batch).Output, batch).Backward();
                    return 0;
                });
            run.Complete(1, 1);
        }

        Assert.Equal([1, 2], log.Points.Select(point => point.Step));
    }

    [Fact]
    public void Fit_CallbackAsksForSomeSteps_IsGivenThoseBeforeTheyAreTold()
    {
        var told = new List<string>();
        Fit(1, new Asker(told));
        Assert.Equal(
            ["step 1", "recording of 2: lstm.l0, lstm.l1", "step 2", "step 3", "recording of 4: lstm.l0, lstm.l1", "step 4", "step 5"], told[..7]);
    }

    [Fact]
    public void Log_WrongUse_SaysWhichAndTheMend()
    {
        Assert.Equal("GradientFlowLog: every must be at least 1, but got 0.", Assert.Throws<ArgumentOutOfRangeException>(() => new GradientFlowLog(0)).Message);
        Assert.StartsWith("Recording: there is no record \"gru.l0\". There are lstm.l0, lstm.l1.",
            Assert.Throws<ArgumentException>(() => Fit(1, new GradientFlowLog(layer: "gru.l0"))).Message, StringComparison.Ordinal);
        Batch[] flat = [new(Tensor.From([5f, -3], 1, 2), Tensor.From([20f], 1, 1))];
        Assert.Equal("GradientFlowLog: there must be a recurrent layer in the model, but none ran in the step. A RecurrentCellLayer is not recorded; take SimpleRnn, Lstm, Gru or their kin.",
            Assert.Throws<ArgumentException>(() => new Model(1, new Linear(2, 1)).Fit(flat, new() { Callbacks = [new GradientFlowLog()], Progress = null })).Message);
        var other = new Dictionary<string, Tensor> { ["linear.weight"] = Tensor.Zeros(1, 2) };
        Assert.Equal("GradientFlowLog: the state must hold points and norms as a log writes them, but does not. Take one from a checkpoint of this training.",
            Assert.Throws<CheckpointException>(() => new GradientFlowLog { State = other }).Message);
    }

    private static Model Make() => new(1, new Embedding(7, 4), new Lstm(4, 6, layers: 2) { LayerDropout = 0.2f }, new Linear(6, 7));

    private static TokenStream Data() => new TokenStream([.. Enumerable.Range(0, 68).Select(i => i * i * 3 % 7)], 3, 5);

    private static FitOptions Options(int windows, params ICallback[] callbacks) => new()
    {
        Optimizer = new Adam(0.01),
        Steps = 12,
        BackpropagationWindows = windows,
        Callbacks = callbacks,
        Progress = null,
    };

    private static (Model Model, History History) Fit(int windows, params ICallback[] callbacks)
    {
        var model = Make();
        return (model, model.Fit(Data(), Options(windows, callbacks)));
    }

    private sealed class Asker(List<string> told) : ICallback
    {
        public bool Records(TrainingRun run) => run.History.Steps.Count % 2 == 1;

        public void AfterRecording(TrainingRun run, Recording recording) =>
            told.Add($"recording of {run.History.Steps.Count + 1}: {string.Join(", ", recording.Records.Select(record => record.Name))}");

        public void AfterStep(TrainingRun run) => told.Add($"step {run.History.Steps.Count}");
    }
}
