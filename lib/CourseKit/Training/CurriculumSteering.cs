using System.Globalization;
using CourseKit.Tasks;
using CourseKit.Tensors;

namespace CourseKit.Training;

/// <summary>Measures a training at each validation, tells its curriculum, and stops it when the curriculum or the time is over.</summary>
internal sealed class CurriculumSteering(AnswerModel model, AnswerTraining options) : ICallback
{
    private const int Columns = 10;

    private readonly List<LevelPoint> levels = [];
    private readonly Curriculum curriculum = options.Curriculum;

    public IReadOnlyList<LevelPoint> Levels => levels;

    /// <summary>Examples as hard as the target, for validation.</summary>
    public IReadOnlyList<TextExample> Target { get; } = Drawn(model, options, options.Curriculum.Target);

    public IReadOnlyDictionary<string, Tensor> State
    {
        get => new Dictionary<string, Tensor>
        {
            ["curriculum"] = Float64Bits.Of(curriculum.Save(), curriculum.Save().Length),
            ["levels"] = Float64Bits.Of(levels.SelectMany(Row), Columns),
        };
        set
        {
            curriculum.Load(Float64Bits.Read(value["curriculum"], curriculum.Save().Length)!.Single());
            levels.Clear();
            levels.AddRange(Float64Bits.Read(value["levels"], Columns)!.Select(Point));
        }
    }

    public void Begin(TrainingRun run) => StopWhenOver(run);

    public void AfterStep(TrainingRun run) => StopWhenOver(run);

    public void AfterValidation(TrainingRun run)
    {
        var (level, target) = (curriculum.Level, curriculum.Target);
        var targetAccuracy = model.Accuracy(Target);
        var accuracy = level == target ? targetAccuracy : model.Accuracy(Drawn(model, options, level));
        var point = new LevelPoint(run.History.Steps.Count, run.Seconds, level, accuracy, targetAccuracy, model.ExactShare(Target), run.History.Validation[^1].Loss, curriculum.RateFactor);
        levels.Add(point);
        // The one at the end of a training that was stopped in between does not count: it would not be there had it gone on.
        if (run.History.Steps.Count % options.ValidateEvery == 0)
            curriculum.Report(accuracy);
        if (options.LevelsFile is { } file)
            Write(file);
        options.OnLevel?.Invoke(point);
        StopWhenOver(run);
    }

    private void StopWhenOver(TrainingRun run)
    {
        if (curriculum.IsOver || run.Seconds >= options.Minutes * 60)
            run.Stop();
    }

    private static IReadOnlyList<TextExample> Drawn(AnswerModel model, AnswerTraining options, Difficulty level) =>
        model.Task.Examples(options.ValidationExamples, level, options.Seed + (2L << 32), TextPart.Validation);

    private void Write(string file)
    {
        using var writer = new StreamWriter(file);
        writer.Write("step,seconds,length,nesting,accuracy,target_accuracy,target_exact,target_loss,rate_factor\n");
        foreach (var point in levels)
        {
            writer.Write(string.Create(CultureInfo.InvariantCulture,
                $"{point.Step},{point.Seconds:0.000},{point.Level.Length},{point.Level.Nesting},{point.Accuracy:0.0000},{point.TargetAccuracy:0.0000},{point.TargetExact:0.0000},{point.TargetLoss:0.0000},{point.RateFactor:0.0000}\n"));
        }
    }

    private static double[] Row(LevelPoint point) =>
        [point.Step, point.Seconds, point.Level.Length, point.Level.Nesting, point.Level.IsMixed ? 1 : 0, point.Accuracy, point.TargetAccuracy, point.TargetExact, point.TargetLoss, point.RateFactor];

    private static LevelPoint Point(double[] row) =>
        new((int)row[0], row[1], new((int)row[2], (int)row[3], row[4] != 0), row[5], row[6], row[7], row[8], row[9]);
}
