using CourseKit.Data;
using CourseKit.Layers;
using CourseKit.Optimizers;
using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.Tests.Training;

public sealed class CallbackTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("coursekit-callback-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Fit_Callback_IsToldEachMomentInOrder()
    {
        var told = new List<string>();
        Fit([5, 4, 3, 2, 1], new Teller("a", told), new Teller("b", told));
        Assert.Equal(["b begin 0", "a begin 0", "a step 1", "b step 1", "a validation 1", "b validation 1"], told[..6]);
        Assert.Equal(["a validation 5", "b validation 5", "b end 5", "a end 5"], told[^4..]);
        Assert.Equal(2 * (1 + 5 + 5 + 1), told.Count);
    }

    [Fact]
    public void Fit_StepThrows_StillEndsTheCallbacks()
    {
        var told = new List<string>();
        Assert.Throws<TimeoutException>(() => Make().Fit(Data, Options([], new Teller("a", told)) with { OnStep = step => throw new TimeoutException() }));
        Assert.Equal(["a begin 0", "a end 1"], told);
    }

    /// <summary>Keras stops after the validation that is the patience-th in a row without a better loss.</summary>
    [Theory]
    [InlineData(1, 0, 3)]
    [InlineData(2, 0, 6)]
    [InlineData(3, 0, 10)]
    [InlineData(1, 0.6, 2)]
    [InlineData(2, 0.6, 3)]
    [InlineData(3, 0.6, 7)]
    [InlineData(9, 0, 12)]
    public void EarlyStopping_LossFallsNoMore_StopsAfterPatience(int patience, double leastGain, int steps)
    {
        var history = Fit([4, 3.5, 3.5, 3.2, 3.3, 3.2, 3, 3.1, 3.2, 3.3, 3.4, 3.5], new EarlyStopping(patience, leastGain)).History;
        Assert.Equal(steps, history.Steps.Count);
        Assert.Equal(steps, history.Validation.Count);
    }

    [Fact]
    public void EarlyStopping_NothingToGoBy_Throws()
    {
        foreach (var options in new FitOptions[] { new() { Validation = Data }, new() { ValidateEvery = 1 } })
        {
            var error = Assert.Throws<ArgumentException>(() => Make().Fit(Data, options with { Callbacks = [new EarlyStopping(3)], Progress = null }));
            Assert.Equal("EarlyStopping: there must be validation data and ValidateEvery, or there is nothing to go by. Set both in FitOptions.", error.Message);
        }
    }

    [Fact]
    public void EarlyStopping_NumberOutsideItsRange_ThrowsNamingIt()
    {
        Assert.Equal("EarlyStopping: patience must be at least 1, but got 0.", Assert.Throws<ArgumentOutOfRangeException>(() => new EarlyStopping(0)).Message);
        Assert.Equal("EarlyStopping: leastGain must be at least 0 and finite, but got NaN.", Assert.Throws<ArgumentOutOfRangeException>(() => new EarlyStopping(1, double.NaN)).Message);
    }

    [Fact]
    public void BestModel_AfterTraining_HasTheParametersOfTheLowestLoss()
    {
        var (best, each) = (new BestModel(), new Collector());
        var (model, history) = Fit([4, double.NaN, 2, 3, 2, 5], best, each);

        Assert.Equal(new ValidationPoint(3, 2), best.Best);
        Assert.Equal(each.AfterEach[2], best.State["linear.weight"].ToArray());
        Assert.NotEqual(each.AfterEach[^1], best.State["linear.weight"].ToArray());
        best.CopyTo(model);
        Assert.Equal(each.AfterEach[2], model.Parameters[0].Tensor.ToArray());
        Assert.Equal(6, history.Steps.Count);
    }

    [Fact]
    public void Best_SomeLossesAreNaN_IsTheLowestNumber()
    {
        Assert.Equal(new ValidationPoint(3, 2), Fit([4, double.NaN, 2, 3]).History.Best);
        Assert.Equal(new ValidationPoint(2, 7), Fit([double.NaN, 7]).History.Best);
        Assert.Null(Fit([double.NaN]).History.Best);
    }

    [Fact]
    public void BestModel_NaNBeforeACheckpoint_GoesOnFromTheLowestNumber()
    {
        var path = Path.Combine(folder, "run.checkpoint");
        Fit([4, double.NaN, 5], new BestModel(), new Checkpoint(path, 1));
        var best = new BestModel();
        var options = Options([3, 6], best, new Checkpoint(path, 1, resume: true)) with { Steps = 5 };
        Make().Fit(Data, options);
        Assert.Equal(new ValidationPoint(4, 3), best.Best);
    }

    [Fact]
    public void BestModel_UsedAgain_ForgetsTheTrainingBefore()
    {
        var best = new BestModel();
        Fit([1, 1], best);
        Fit([9, 8], best);
        Assert.Equal(new ValidationPoint(2, 8), best.Best);
    }

    [Fact]
    public void BestModel_NothingToCopyOrAnotherModel_Throws()
    {
        var best = new BestModel();
        Assert.Equal("BestModel: there is nothing to copy before the first validation. Train with validation data first.", Assert.Throws<InvalidOperationException>(() => best.CopyTo(Make())).Message);
        Fit([1], best);
        Assert.Equal(
            "BestModel: the model must have the parameters of the one that was trained, but its linear.weight is [4, 2], and what was kept is [1, 2].",
            Assert.Throws<InvalidOperationException>(() => best.CopyTo(new Model(1, new Linear(2, 4)))).Message);
    }

    [Fact]
    public void CsvLog_AfterTraining_HasALineForEveryStep()
    {
        var path = Path.Combine(folder, "log.csv");
        var model = Make();
        var history = model.Fit(Data, Options([3, 2], new CsvLog(path)) with { Steps = 5, ValidateEvery = 2, Schedule = Schedule.StepDecay(2, 0.5) });

        var lines = File.ReadAllLines(path);
        Assert.Equal("step,loss,gradient_norm,learning_rate,seconds,validation_loss", lines[0]);
        Assert.Equal(6, lines.Length);
        for (var i = 0; i < 5; i++)
        {
            var (step, fields) = (history.Steps[i], lines[i + 1].Split(','));
            Assert.Equal((step.Step, step.Loss, step.GradientNorm, step.LearningRate), (int.Parse(fields[0]), double.Parse(fields[1]), double.Parse(fields[2]), double.Parse(fields[3])));
            Assert.Equal(step.Seconds, double.Parse(fields[4]), 1e-3);
            Assert.Equal(i switch { 1 => "3", 3 => "2", 4 => "0", _ => "" }, fields[5]);
        }
    }

    [Fact]
    public void CsvLog_NoFolder_Throws() =>
        Assert.Throws<DirectoryNotFoundException>(() => Fit([1, 1], new CsvLog(Path.Combine(folder, "none", "log.csv"))));

    [Fact]
    public void Fit_Schedule_IsTheRateOfEveryStep()
    {
        var model = Make();
        var options = Options([5, 4, 3, 2, 1, 1], new Teller("a", [])) with { Optimizer = new Sgd(0.5), Schedule = Schedule.OnTarget(3, 0.5) };
        var history = model.Fit(Data, options);
        Assert.Equal([0.5, 0.5, 0.5, 0.25, 0.125, 0.0625], history.Steps.Select(step => step.LearningRate));
        Assert.Equal(0.5, options.Optimizer.LearningRate);
    }

    [Fact]
    public void Fit_ClipValue_TakesTheClippedStepAndReportsTheNormBefore()
    {
        var model = Make();
        var before = model.Parameters[0].Tensor.ToArray();
        var history = model.Fit(Data, new() { Optimizer = new Sgd(1), ClipValue = 0.01, Progress = null });
        var moved = model.Parameters[0].Tensor.ToArray().Zip(before, (after, old) => Math.Abs(after - old));
        Assert.All(moved, distance => Assert.Equal(0.01, distance, 1e-7));
        Assert.True(history.Steps[0].GradientNorm > 1);

        var error = Assert.Throws<ArgumentException>(() => Make().Fit(Data, new() { ClipValue = 1, ClipNorm = 1 }));
        Assert.Equal("FitOptions: give ClipNorm or ClipValue, not both.", error.Message);
        Assert.Equal("ClipByValue: limit must be above 0, but got 0.", Assert.Throws<ArgumentOutOfRangeException>(() => Make().Fit(Data, new() { ClipValue = 0, Progress = null })).Message);
    }

    private static readonly Batch[] Data = [new(Tensor.From([5f, -3], 1, 2), Tensor.From([20f], 1, 1))];

    private static Model Make() => new(1, new Linear(2, 1));

    /// <summary>A training with a validation after each step, whose losses are given.</summary>
    private static (Model Model, History History) Fit(double[] losses, params ICallback[] callbacks)
    {
        var model = Make();
        return (model, model.Fit(Data, Options(losses, callbacks)));
    }

    private static FitOptions Options(double[] losses, params ICallback[] callbacks)
    {
        var next = 0;
        return new()
        {
            Steps = Math.Max(1, losses.Length),
            Optimizer = new Sgd(1e-3),
            Validation = Data,
            ValidateEvery = 1,
            LossFunction = (output, batch) => CourseKit.Autograd.Tape.IsActive
                ? FitOptions.DefaultLoss(output, batch)
                : Tensor.From([(float)(next < losses.Length ? losses[next++] : 0)]),
            Callbacks = callbacks,
            Progress = null,
        };
    }

    private sealed class Teller(string name, List<string> told) : ICallback
    {
        public void Begin(TrainingRun run) => told.Add($"{name} begin {run.History.Steps.Count}");

        public void AfterStep(TrainingRun run) => told.Add($"{name} step {run.History.Steps.Count}");

        public void AfterValidation(TrainingRun run) => told.Add($"{name} validation {run.History.Validation[^1].Step}");

        public void End(TrainingRun run) => told.Add($"{name} end {run.History.Steps.Count}");
    }

    private sealed class Collector : ICallback
    {
        public List<float[]> AfterEach { get; } = [];

        public void AfterValidation(TrainingRun run) => AfterEach.Add(run.Model.Parameters[0].Tensor.ToArray());
    }
}
