using CourseKit.Data;
using CourseKit.Layers;
using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.Tests.Training;

public class ProgressLineTests
{
    [Fact]
    public void Text_HalfWay_NamesStepLossRateAndTimeLeft()
    {
        using var progress = new ProgressLine(null, "characters", 4, HistoryOf(2.5, 1.5), inPlace: false);
        progress.Report(Ids());
        Assert.Matches(@"^step 2/4  loss 2\.000  [\d,]+ characters/s  0:00 left$", progress.Text());
    }

    [Fact]
    public void Text_NumberOfStepsUnknown_LeavesTheTimeOut()
    {
        using var progress = new ProgressLine(null, "characters", null, HistoryOf(1, 1), inPlace: false);
        progress.Report(new Batch(Tensor.Zeros(1, 2), Tensor.Zeros(1, 1)));
        Assert.Matches(@"^step 2  loss 1\.000  [\d,.]+ steps/s$", progress.Text());
    }

    [Fact]
    public void Report_InPlace_ShowsTheFirstStepAtOnceWithoutASpeed()
    {
        var writer = new StringWriter();
        using var progress = new ProgressLine(writer, "characters", 4, HistoryOf(2.5), inPlace: true);
        progress.Report(Ids());
        Assert.Equal("\rstep 1/4  loss 2.500", writer.ToString());
    }

    [Fact]
    public void Fit_RedirectedAndShort_WritesOneLine()
    {
        var writer = new StringWriter();
        new Model(1, new Linear(2, 1)).Fit([new Batch(Tensor.Zeros(1, 2), Tensor.Zeros(1, 1))], new() { Steps = 20, Progress = writer });
        Assert.Matches(@"^step 20/20  loss 0\.\d{3}  [\d,.]+ steps/s  0:00 in all\r?\n$", writer.ToString());
    }

    [Fact]
    public void Report_InPlace_GoesBackToTheStartAndNeverPrintsMoreThanFourTimesASecond()
    {
        var writer = new StringWriter();
        var history = new History();
        var start = Environment.TickCount64;
        using (var progress = new ProgressLine(writer, "characters", 1_000_000, history, inPlace: true))
        {
            for (var step = 1; Environment.TickCount64 - start < 700; step++)
            {
                history.Add(new TrainingStep(step, 1, 1, 0, 0));
                progress.Report(Ids());
            }
        }

        var lines = writer.ToString().TrimEnd('\r', '\n').Split('\r', StringSplitOptions.RemoveEmptyEntries);
        Assert.InRange(lines.Length, 2, 4);
        Assert.All(lines, line => Assert.StartsWith("step ", line, StringComparison.Ordinal));
        Assert.EndsWith(Environment.NewLine, writer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void History_AsText_TellsStepsTimeAndLosses()
    {
        var history = HistoryOf(4, 2);
        Assert.Null(history.Best);
        history.Add(new ValidationPoint(1, 3));
        history.Add(new ValidationPoint(2, 3.5));
        history.Seconds = 1.2;

        Assert.Equal("2 steps in 1.2 s: loss 4.000 to 3.000, validation 3.500", history.ToString());
        Assert.Equal(new ValidationPoint(1, 3), history.Best);
        Assert.Equal(2, history.RecentLoss(1));
        Assert.True(double.IsNaN(new History().RecentLoss()));
    }

    private static Batch Ids() => new(IntTensor.From([0, 1], 1, 2), IntTensor.From([1, 0], 1, 2));

    private static History HistoryOf(params double[] losses)
    {
        var history = new History();
        foreach (var loss in losses)
            history.Add(new TrainingStep(history.Steps.Count + 1, loss, 1, 0, 0));
        return history;
    }
}
