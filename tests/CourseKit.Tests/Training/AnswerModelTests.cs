using CourseKit.Data;
using CourseKit.Tasks;
using CourseKit.Training;

namespace CourseKit.Tests.Training;

public sealed class AnswerModelTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("coursekit-answers-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Train_CopyingThreeDigits_LearnsItOnDigitsNeverSeen()
    {
        var task = new CopyTask(reversed: true);
        var result = AnswerModel.Train(task, Small(new BaselineCurriculum(new(3))) with { Hidden = 32, Steps = 400, LearningRate = 0.01 });
        var unseen = task.Examples(200, new(3), seed: 99, TextPart.Test);

        Assert.InRange(result.Model.ExactShare(unseen), 0.5, 1);
        Assert.InRange(result.Model.Accuracy(unseen), 0.8, 1);
        Assert.Equal(4, result.Levels.Count);
        Assert.Matches(@"^at the target: accuracy 0\.\d{3} per character, 0\.\d{3} of the answers exact$|^at the target: accuracy 1\.000 per character, 1\.000 of the answers exact$", result.ToString());
    }

    /// <summary>Side by side with padding at the front, and one by one without.</summary>
    [Fact]
    public void Answer_Together_EqualsEachAlone()
    {
        var model = AnswerModel.Create(new ProgramTask(), new() { Hidden = 16, Layers = 2, Seed = 3 });
        string[] inputs = [.. new ProgramTask().Examples(130, new(3, 2), seed: 1).Select(example => example.Input)];
        var together = model.Answer(inputs, maxLength: 7);

        Assert.Equal(inputs.Length, together.Count);
        Assert.All(inputs.Zip(together).Take(20), pair => Assert.Equal(model.Answer(pair.First, maxLength: 7), pair.Second));
        Assert.All(together, answer => Assert.InRange(answer.Length, 1, 7));
        Assert.Equal("AnswerModel(ProgramTask, hidden: 16, layers: 2)", model.ToString());
    }

    /// <summary>With the true characters before it given, what is foretold is the same as what Answer writes as long as that is right.</summary>
    [Fact]
    public void AccuracyAndExactShare_OfItsOwnAnswers_AreOne()
    {
        var model = AnswerModel.Create(new CopyTask(), new() { Hidden = 16 });
        var own = Enumerable.Range(0, 40).Select(number => $"{number}").Select(input => new TextExample(input, model.Answer(input, maxLength: 5))).ToArray();

        Assert.Equal(1, model.Accuracy(own));
        Assert.Equal(1, model.ExactShare(own));
        TextExample[] wrong = [.. own.Select(example => example with { Target = (example.Target[0] == '1' ? '2' : '1') + example.Target[1..] })];
        Assert.Equal(0, model.ExactShare(wrong));
        Assert.InRange(model.Accuracy(wrong), 0, 0.8);
    }

    [Fact]
    public void Train_KilledAfterAnyStep_GoesOnToTheSameBitsLevelsAndFiles()
    {
        var whole = Run("whole", steps: 23, resume: false);
        Run("stopped", steps: 9, resume: false);
        Run("stopped", steps: 10, resume: true);
        var stopped = Run("stopped", steps: 23, resume: true);

        Assert.Equal(Numbers(whole), Numbers(stopped));
        Assert.Equal(whole.History.Steps.Select(step => step.Loss), stopped.History.Steps.Select(step => step.Loss));
        Assert.Equal(whole.Levels.Where(Counts).Select(point => point with { Seconds = 0 }), stopped.Levels.Where(Counts).Select(point => point with { Seconds = 0 }));
        Assert.Contains(whole.Levels, point => point.Level != new Difficulty(1));
        Assert.Equal(stopped.Levels.Count + 1, File.ReadAllLines(Path.Combine(folder, "stopped.csv")).Length);

        // What comes at the end of a training that was stopped between two validations.
        static bool Counts(LevelPoint point) => point.Step % 5 == 0;
    }

    [Fact]
    public void Train_CheckpointOfAnotherStrategy_IsRefused()
    {
        Run("a", steps: 5, resume: false);
        var error = Assert.Throws<CheckpointException>(() => AnswerModel.Train(new AdditionTask(),
            Small(new MixCurriculum(new(3))) with { Steps = 9, Callbacks = [new Checkpoint(Path.Combine(folder, "a.safetensors"), 100, resume: true)] }));
        Assert.Contains("strategy", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_TimeOver_StopsAndMeasures()
    {
        var result = AnswerModel.Train(new CopyTask(), Small(new BaselineCurriculum(new(2))) with { Steps = null, Minutes = 0.01 });
        Assert.NotEmpty(result.History.Steps);
        Assert.InRange(result.History.Seconds, 0.6, 60);
        Assert.Equal(result.History.Steps.Count, result.Levels[^1].Step);
    }

    [Fact]
    public void Train_CurriculumOver_Stops()
    {
        // Every validation passes at once, so that the rate falls each time: 31 validations.
        var result = AnswerModel.Train(new CopyTask(), Small(new BaselineCurriculum(new(1)) { Passes = -1 }) with { Steps = null, ValidateEvery = 1 });
        Assert.Equal(31, result.History.Steps.Count);
        Assert.Equal(0.003 * 0.8, result.History.Steps[1].LearningRate, 1e-9);
    }

    [Fact]
    public void WrongArguments_ThrowSayingWhat()
    {
        Assert.Equal("AnswerTraining: Minutes must be above 0 and finite, but is 0.",
            Assert.Throws<ArgumentException>(() => AnswerModel.Train(new CopyTask(), new() { Minutes = 0 })).Message);
        Assert.Equal("AnswerTraining: ValidateEvery must be at least 1, but is 0.",
            Assert.Throws<ArgumentException>(() => AnswerModel.Train(new CopyTask(), new() { ValidateEvery = 0 })).Message);
        var model = AnswerModel.Create(new CopyTask());
        Assert.StartsWith("AnswerModel.Answer: maxLength must be at least 1, but got 0.",
            Assert.Throws<ArgumentOutOfRangeException>(() => model.Answer("1", 0)).Message, StringComparison.Ordinal);
        Assert.Equal("AnswerModel.ExactShare: there must be at least one example, but there is none.", Assert.Throws<DataException>(() => model.ExactShare([])).Message);
        Assert.Empty(model.Answer([]));
    }

    private static AnswerTraining Small(Curriculum curriculum) =>
        new() { Curriculum = curriculum, Hidden = 8, BatchSize = 20, ValidateEvery = 100, ValidationExamples = 20, Progress = null };

    private AnswerResult Run(string name, int steps, bool resume) => AnswerModel.Train(new AdditionTask(), Small(new CombinedCurriculum(new(3)) { Patience = 1 }) with
    {
        Steps = steps,
        ValidateEvery = 5,
        LevelsFile = Path.Combine(folder, $"{name}.csv"),
        Callbacks = [new Checkpoint(Path.Combine(folder, $"{name}.safetensors"), 100, resume)],
    });

    private static float[] Numbers(AnswerResult result) => [.. result.Model.Model.Parameters.SelectMany(parameter => parameter.Tensor.ToArray())];
}
